"""Japan Standard Industrial Classification: divisions (A-T) and groups (01-99)."""

import re
from collections.abc import Hashable
from functools import cache

import pandas as pd

from matcher.errors import UnknownValueError
from matcher.lang import Lang
from matcher.reference.files import reference_table
from matcher.reference.spelling import letters_key, search_key

ACCEPTED = "a JSIC division (A-T) or group (01-99), or its name: E, 09, 製造業, 食料品製造業"


@cache
def industries() -> pd.DataFrame:
    """Divisions, then groups: code, parent (NaN for a division), name_ja, name_en (NaN for a group).

    All `str`. Shared, do not change.
    """
    return reference_table("industries")


@cache
def industry_codes() -> frozenset[str]:
    """All codes, divisions and groups."""
    return frozenset(industries()["code"])


def industry_code(text: str) -> str | None:
    """The code that the text spells or names, None where there is none; a division wins over its namesake group.

    >>> industry_code("９"), industry_code("e"), industry_code("飲食店"), industry_code("農業、林業")
    ('09', 'E', '76', 'A')
    """
    key = search_key(text)
    number = re.fullmatch(r"(\d{1,2})(\.0+)?", key)
    code = f"{int(number[1]):02d}" if number else key.upper()
    return code if code in industry_codes() else _by_name().get(letters_key(text))


def division_of(code: str) -> str:
    """The division's letter, of a division itself. Raises `UnknownValueError`."""
    return _row(code)["parent"] or code


def industry_name(code: str, lang: Lang = "ja") -> str:
    """The name; JSIC groups have no English one here, so it is the division's with the group's in brackets.

    Raises `UnknownValueError`.

    >>> industry_name("09", "en")
    'Manufacturing (食料品製造業)'
    """
    row = _row(code)
    if lang == "ja":
        return row["name_ja"]
    return row["name_en"] or f"{_row(division_of(code))['name_en']} ({row['name_ja']})"


def _row(code: str) -> dict[Hashable, str]:
    if code not in _by_code():
        raise UnknownValueError("industry", code, ACCEPTED)
    return _by_code()[code]


@cache
def _by_code() -> dict[str, dict[Hashable, str]]:
    return {row["code"]: row for row in industries().fillna("").to_dict("records")}


@cache
def _by_name() -> dict[str, str]:
    names: dict[str, str] = {}
    for code, row in _by_code().items():
        for name in filter(None, (row["name_ja"], row["name_en"])):
            names.setdefault(letters_key(name), str(code))
    return names
