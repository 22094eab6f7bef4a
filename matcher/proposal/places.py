"""Prefectures and municipalities that a text names, in kanji, kana or Latin letters."""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from matcher.proposal.mentions import Gazetteer, Mention, is_kana, is_kanji, plain_text
from matcher.reference.municipalities import VARIANTS, municipalities, municipality_key
from matcher.reference.prefectures import prefecture_code, prefectures
from matcher.reference.spelling import hiragana

SHORTEST_KANA = 4  # letters of a prefecture's reading without と, ふ or けん: なら and しが are words
SHORTEST_MUNICIPAL_KANA = 5
# A name without its suffix is also a surname: what follows says which.
_PERSON = re.compile("さん|氏|様|さま|くん|君|ちゃん|社長|会長|代表|専務|部長|店長|先生|夫妻|と申")
_MAY_FOLLOW = set("内在出産発近郊駅全支本北南東西工周県府都市")
_MAY_PRECEDE = set("県都府道市郡島区町村内在元")
_NOT_AFTER_FULL = set("場画分間別")  # 津市場 is no 津市
_ALSO_WORDS = {"大分", "三重"}
_AFTER_WORDS = re.compile("の|で|から|へ|在|駅|産|、")
_LATIN = re.compile(r"[A-Za-z\u0100-\u017f]+")


@dataclass(frozen=True)
class PlaceMentions:
    """Mentions of prefectures (by code) and of municipalities (by name; a ward's begins with its city's)."""

    prefectures: list[Mention]
    municipalities: list[Mention]


def find_places(text: str) -> PlaceMentions:
    """Places in the order of the text; a municipality speaks for its prefecture, too.

    A name that several prefectures or cities have (府中市, 中央区) means those that the text names otherwise, else
    any of them.
    """
    plain = plain_text(text)
    found = sorted([*_japanese(plain), *_latin(plain)], key=lambda mention: mention.start)
    found = _narrowed([replace(one, words=plain[one.start :][: len(one.words)]) for one in found])
    coarse = [_as(mention, lambda place: place[:2]) for mention in found]
    fine = [_as(mention, lambda place: place[2:]) for mention in found]
    return PlaceMentions(coarse, [mention for mention in fine if mention.codes != ("",)])


def _as(mention: Mention, part: Callable[[str], str]) -> Mention:
    return Mention(mention.start, mention.words, tuple(dict.fromkeys(map(part, mention.codes))))


def _japanese(text: str) -> list[Mention]:
    usual = text.translate(VARIANTS)
    kanji = _kanji_names().find(usual, lambda start, end: _stands_alone(usual, start, end))
    sound = hiragana(text)
    kana = _kana_names().find(sound, lambda start, _end: not (start and is_kana(text[start - 1])))
    return [*kanji, *kana]


def _stands_alone(text: str, start: int, end: int) -> bool:
    name, before, after = text[start:end], text[start - 1 : start], text[end : end + 1]
    joined = is_kanji(before) if before else False
    if name in _short_names():
        if name in _ALSO_WORDS and not _AFTER_WORDS.match(text, end):
            return False
        follows = not (after and is_kanji(after)) or after in _MAY_FOLLOW
        return follows and (not joined or before in _MAY_PRECEDE) and not _PERSON.match(text, end)
    return after not in _NOT_AFTER_FULL and (end - start > 3 or not joined or before in _MAY_PRECEDE)


def _latin(text: str) -> list[Mention]:
    words = [(word.start(), word.group()) for word in _LATIN.finditer(text) if word.group()[0].isupper()]
    codes = [(start, word, prefecture_code(word)) for start, word in words]
    return [Mention(start, word, (code,)) for start, word, code in codes if code]


def _narrowed(found: list[Mention]) -> list[Mention]:
    """Ambiguous mentions held against the sure ones: their cities, else their prefectures."""
    sure = {mention.codes[0] for mention in found if len(mention.codes) == 1}
    regions = {place[:2] for place in sure}

    def meant(mention: Mention) -> tuple[str, ...]:
        if len(mention.codes) == 1:
            return mention.codes
        cities = [place for place in mention.codes if any(len(city) > 2 and place.startswith(city) for city in sure)]
        return tuple(cities or [place for place in mention.codes if place[:2] in regions] or mention.codes)

    narrowed = [Mention(mention.start, mention.words, meant(mention)) for mention in found]
    finest = {mention.codes[0] for mention in narrowed if len(mention.codes) == 1}
    return [mention for mention in narrowed if not _is_told_finer(mention, finest)]


def _is_told_finer(mention: Mention, finest: set[str]) -> bool:
    """Whether it is a city of which a ward is named as well; both would count as two places."""
    city = mention.codes[0]
    return len(mention.codes) == 1 and len(city) > 2 and any(p != city and p.startswith(city) for p in finest)


@cache
def _short_names() -> dict[str, str]:
    """Prefectures without their suffix, and their capitals without theirs (横浜, 那覇): name to place."""
    frame = prefectures()
    whole = zip(frame["code"], frame["name"], frame["capital"], strict=True)
    names: dict[str, str] = {}
    for code, name, capital in whole:
        names.setdefault(capital[:-1], code + capital)
        names[name if name == "北海道" else name[:-1]] = code
    del names["津"], names["北海道"]
    return names


@cache
def _kanji_names() -> Gazetteer:
    """A place is its prefecture's code, followed by the municipality's name where there is one."""
    names: dict[str, list[str]] = defaultdict(list)
    for code, name in zip(prefectures()["code"], prefectures()["name"], strict=True):
        names[name].append(code)
    for code, name in zip(municipalities()["prefecture_code"], municipalities()["name"], strict=True):
        city, _, ward = name.rpartition("市")
        for known in {name, ward} if city and ward.endswith("区") else {name}:
            names[municipality_key(known)].append(code + name)
    return Gazetteer({name: [place] for name, place in _short_names().items()} | names)


@cache
def _kana_names() -> Gazetteer:
    names: dict[str, list[str]] = defaultdict(list)
    for code, name, kana in zip(*(prefectures()[column] for column in ("code", "name", "kana")), strict=True):
        names[kana].append(code)
        short = kana.removesuffix({"都": "と", "府": "ふ", "県": "けん"}.get(name[-1], "う?"))
        if len(short) >= SHORTEST_KANA and short != kana:
            names[short].append(code)
    frame = municipalities()
    for code, name, kana in zip(frame["prefecture_code"], frame["name"], frame["kana"].fillna(""), strict=True):
        if len(kana) >= SHORTEST_MUNICIPAL_KANA:
            names[kana].append(code + name)
    return Gazetteer(names)
