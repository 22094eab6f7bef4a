"""Industries that a text names: by the classification's names and by usual words for a trade."""

import re
from collections.abc import Sequence
from functools import cache

from matcher.proposal.mentions import Gazetteer, Mention, Named, is_katakana, plain_text
from matcher.reference.files import reference_table
from matcher.reference.industries import division_of, industries

_NOT_A_NAME = re.compile("その他|他に分類|分類不能")
_BRACKETS = re.compile(r"\(.*?\)")
_SEPARATORS = re.compile("[,、・]")
_A_FIRM = r"\s+(?:company|industry|firm|business|sector)\b"


def find_trades(text: str) -> list[Mention]:
    """Mentions in the order of the text, by JSIC code; a division is left out where a group of it is named."""
    plain = plain_text(text)
    japanese = _names().find(plain, lambda start, end: _is_a_word(plain, start, end))
    found = sorted([*japanese, *_english(plain)], key=lambda mention: mention.start)
    groups = {division_of(mention.codes[0]) for mention in found if len(mention.codes[0]) > 1}
    return [mention for mention in found if mention.codes[0] not in groups]


def by_division(found: Sequence[Named]) -> list[Named]:
    """The same by division, likeliest first."""
    sums: dict[str, list[Named]] = {}
    for named in found:
        sums.setdefault(division_of(named.code), []).append(named)
    summed = [
        Named(code, sum(n.probability for n in parts), tuple(dict.fromkeys(w for n in parts for w in n.words)))
        for code, parts in sums.items()
    ]
    return sorted(summed, key=lambda named: -named.probability)


def _is_a_word(text: str, start: int, end: int) -> bool:
    """Whether no letter of the same script goes on: バー is not in バーコード, nor IT in UNIT."""
    ends = ((text[start], text[start - 1 : start]), (text[end - 1], text[end : end + 1]))
    return not any(kind(own) and other and kind(other) for own, other in ends for kind in (is_katakana, _is_latin))


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def _english(text: str) -> list[Mention]:
    return [
        Mention(found.start(), found.group(), (code,))
        for code, pattern in _english_names()
        for found in pattern.finditer(text)
    ]


@cache
def _names() -> Gazetteer:
    names: dict[str, tuple[str]] = {}
    for code, listed in reference_table("industry_words")[["code", "words"]].itertuples(index=False):
        for word in listed.split(";"):
            names.setdefault(plain_text(word), (code,))
    groups_first = industries().iloc[::-1]
    for code, name in zip(groups_first["code"], groups_first["name_ja"], strict=True):
        if not _NOT_A_NAME.search(name):
            whole = _BRACKETS.sub("", plain_text(name))
            for part in (whole, *(part for part in _SEPARATORS.split(whole) if part.endswith("業"))):
                names.setdefault(part, (code,))
    return Gazetteer(names)


@cache
def _english_names() -> list[tuple[str, re.Pattern[str]]]:
    frame = industries().dropna(subset="name_en")
    pairs = zip(frame["code"], frame["name_en"], strict=True)
    return [(code, re.compile(rf"\b{re.escape(name)}{_A_FIRM}", re.IGNORECASE)) for code, name in pairs]
