"""Search keys: one form for the many spellings of a name. Names themselves are never rewritten."""

import re
import unicodedata

_KATAKANA = {katakana: katakana - 0x60 for katakana in range(ord("ァ"), ord("ヶ") + 1)}
_LONG_VOWEL_MARKS = {0x0304: None, 0x0302: None}


def search_key(text: str) -> str:
    """NFKC, case-folded, blanks at the ends removed and those inside made single.

    >>> search_key("　ＩＴ・ＤＸ ")
    'it・dx'
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def letters_key(text: str) -> str:
    """The search key's letters and digits alone, so that no punctuation or blank matters.

    >>> letters_key("農業、林業") == letters_key("農業，林業")
    True
    """
    return "".join(letter for letter in search_key(text) if letter.isalnum())


def hiragana(text: str) -> str:
    """The text with katakana written as hiragana.

    >>> hiragana("トウキョウ")
    'とうきょう'
    """
    return text.translate(_KATAKANA)


def romaji_key(text: str) -> str:
    """Letters of romanised Japanese with long vowels written short, whichever of three ways they came.

    >>> romaji_key("Tōkyō"), romaji_key("Toukyou"), romaji_key("Oosaka")
    ('tokyo', 'tokyo', 'osaka')
    """
    plain = unicodedata.normalize("NFKD", search_key(text)).translate(_LONG_VOWEL_MARKS)
    return re.sub(r"o[ou]", "o", letters_key(unicodedata.normalize("NFC", plain)))
