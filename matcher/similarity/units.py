"""A text as units that carry meaning, and as grams that carry form; no dictionary is needed."""

import re
import unicodedata

_JAPANESE = r"\u3005-\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_UNIT = re.compile(
    rf"(?P<katakana>[\u30a1-\u30fa\u30fc-\u30ff]+)|(?P<character>[{_JAPANESE}])|(?P<word>[^\W_{_JAPANESE}]+)"
)


def units(text: str) -> list[str]:
    """Katakana words and their characters, every kanji and hiragana alone, words of other scripts whole.

    A kanji has a meaning by itself. Words of kanji and pairs of hiragana were tried beside, and SudachiPy's words
    instead: all judge worse.

    >>> units("スキー場でWebを見る")
    ['スキー', 'ス', 'キ', 'ー', '場', 'で', 'web', 'を', '見', 'る']
    """
    found: list[str] = []
    for match in _UNIT.finditer(_plain(text)):
        found.append(match[0])
        if match.lastgroup == "katakana" and len(match[0]) > 1:
            found.extend(match[0])
    return found


def grams(text: str) -> list[str]:
    """The units, and pairs of neighbouring characters, punctuation included.

    >>> grams("犬2匹")
    ['犬', '2', '匹', '犬2', '2匹']
    """
    plain = _plain(text)
    return units(text) + [plain[at : at + 2] for at in range(len(plain) - 1)]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
