"""Names found in a text, and how sure one may be of what they mean."""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

FIRST_COUNTS = 2.0  # a text names its own place and trade first, those of others later


@dataclass(frozen=True)
class Named:
    """Something that a text names: its code (a municipality's is its name), how sure that is, and the words."""

    code: str
    probability: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class Mention:
    """Words found at `start`, and the codes of everything that they may mean."""

    start: int
    words: str
    codes: tuple[str, ...]


class Gazetteer:
    """Finds names from the left, the longest first, none inside another: 京都 is not in 東京都."""

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        self._codes = {name: tuple(codes) for name, codes in names.items()}
        self._by_letter: dict[str, list[str]] = defaultdict(list)
        for name in sorted(self._codes, key=len, reverse=True):
            self._by_letter[name[0]].append(name)

    def find(self, text: str, allowed: Callable[[int, int], bool]) -> Iterator[Mention]:
        """Mentions in order; `allowed(start, end)` says whether the letters around let the name stand for itself."""
        start = 0
        while start < len(text):
            name = next((name for name in self._at(text, start) if allowed(start, start + len(name))), "")
            if name:
                yield Mention(start, name, self._codes[name])
            start += len(name) or 1

    def _at(self, text: str, start: int) -> Iterator[str]:
        return (name for name in self._by_letter.get(text[start], ()) if text.startswith(name, start))


def weighed(mentions: Sequence[Mention], sureness: float) -> list[Named]:
    """What the mentions name, likeliest first; probabilities sum to `sureness`.

    The first mention counts twice; one that may mean several things is shared out among them.
    """
    weight: dict[str, float] = defaultdict(float)
    words: dict[str, list[str]] = defaultdict(list)
    for place, mention in enumerate(mentions):
        for code in mention.codes:
            weight[code] += (1.0 if place else FIRST_COUNTS) / len(mention.codes)
            words[code].append(mention.words)
    total = sum(weight.values())
    found = [Named(code, sureness * weight[code] / total, tuple(dict.fromkeys(words[code]))) for code in weight]
    return sorted(found, key=lambda named: -named.probability)


def surest(found: Sequence[Named]) -> Named | None:
    """The one that is likelier than all others together; None where there is none."""
    return found[0] if found and 2 * found[0].probability > sum(named.probability for named in found) else None


def plain_text(text: str) -> str:
    """The text in NFKC, in which mentions are found."""
    return unicodedata.normalize("NFKC", text)


def is_kanji(letter: str) -> bool:
    """Whether it is a Chinese character (or 々)."""
    return letter == "々" or "\u3400" <= letter <= "\u9fff"


def is_katakana(letter: str) -> bool:
    """Whether it is katakana, the long vowel mark among them."""
    return "\u30a1" <= letter <= "\u30fc" and letter != "・"


def is_kana(letter: str) -> bool:
    """Whether it is hiragana or katakana."""
    return "\u3041" <= letter <= "\u309f" or is_katakana(letter)
