"""The 47 prefectures: their codes, names in every usual spelling, METI bureaus, capitals."""

import re
from collections.abc import Hashable
from functools import cache

import pandas as pd

from matcher.errors import UnknownValueError
from matcher.lang import Lang
from matcher.reference.files import reference_table
from matcher.reference.spelling import hiragana, letters_key, romaji_key, search_key

ACCEPTED = "01-47 (JIS code) or a name: 東京都, 東京, とうきょう, Tokyo, JP-13"

_BUREAUS: dict[str, dict[Lang, str]] = {
    "hokkaido": {"ja": "北海道", "en": "Hokkaido"},
    "tohoku": {"ja": "東北", "en": "Tohoku"},
    "kanto": {"ja": "関東", "en": "Kanto"},
    "chubu": {"ja": "中部", "en": "Chubu"},
    "kinki": {"ja": "近畿", "en": "Kinki"},
    "chugoku": {"ja": "中国", "en": "Chugoku"},
    "shikoku": {"ja": "四国", "en": "Shikoku"},
    "kyushu": {"ja": "九州", "en": "Kyushu"},
    "okinawa": {"ja": "沖縄", "en": "Okinawa"},
}
_SUFFIXES = {"都": ("と", "to"), "府": ("ふ", "fu"), "県": ("けん", "ken"), "道": ("", "")}


@cache
def prefectures() -> pd.DataFrame:
    """The 47 prefectures in the order of their codes; the frame is shared, do not change it.

    Columns: code ('01'-'47'), name, kana, name_en, iso, bureau, capital as `str`; lat, lon (degrees, of the
    capital's office) and population_2020 (persons, census) as `float64`.
    """
    numbers = dict.fromkeys(["lat", "lon", "population_2020"], "float64")
    return reference_table("prefectures").astype(numbers)


def prefecture_code(text: str) -> str | None:
    """The code of a prefecture in free spelling, None where the text names no prefecture.

    >>> [prefecture_code(text) for text in ("東京", "Tōkyō", "１３", "1", " 大阪 府", "関東")]
    ['13', '13', '13', '01', '27', None]
    """
    number = re.fullmatch(r"(\d{1,2})(\.0+)?", search_key(text))
    if number:
        code = f"{int(number[1]):02d}"
        return code if code in _by_code() else None
    return _spellings().get(letters_key(hiragana(search_key(text)))) or _spellings().get(romaji_key(text))


def prefecture_name(code: str, lang: Lang = "ja") -> str:
    """The prefecture's name, 東京都 or Tokyo. Raises `UnknownValueError`."""
    return _cell(code, "name" if lang == "ja" else "name_en")


def bureau_of(code: str) -> str:
    """The METI bureau (`kanto`, `kinki` ...) that the prefecture belongs to. Raises `UnknownValueError`."""
    return _cell(code, "bureau")


def bureau_name(bureau: str, lang: Lang = "ja") -> str:
    """The bureau's name, 関東 or Kanto. Raises `UnknownValueError`."""
    if bureau not in _BUREAUS:
        raise UnknownValueError("bureau", bureau, ", ".join(_BUREAUS))
    return _BUREAUS[bureau][lang]


def _cell(code: str, column: str) -> str:
    if code not in _by_code():
        raise UnknownValueError("prefecture", code, ACCEPTED)
    return _by_code()[code][column]


@cache
def _by_code() -> dict[str, dict[Hashable, str]]:
    return {row["code"]: row for row in prefectures().astype("str").to_dict("records")}


@cache
def _spellings() -> dict[str, str]:
    spellings: dict[str, str] = {}
    for code, row in _by_code().items():
        kana, romaji = _SUFFIXES[row["name"][-1]]
        english = romaji_key(row["name_en"])
        japanese = [row["name"], row["kana"]]
        if kana:
            japanese += [row["name"][:-1], row["kana"].removesuffix(kana)]
        latin = [english + suffix for suffix in ("", romaji, "prefecture", "pref", "metropolis")]
        spellings |= dict.fromkeys([*japanese, *latin, letters_key(row["iso"])], code)
    return spellings
