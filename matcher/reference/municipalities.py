"""Positions of municipalities and wards, found by prefecture and name in free spelling."""

import re
import unicodedata
from collections import Counter
from functools import cache, lru_cache

import pandas as pd

from matcher.reference.files import reference_table
from matcher.reference.prefectures import prefecture_name

Position = tuple[float, float]

# Old and new forms of one letter, and the small ヶ: both are written for the same place.
VARIANTS = str.maketrans(
    "ヶ龍澤濱嶋﨑瀧櫻國廣齋條麴藏關豐邊靜諌鯵檮驒竈曾惠眞冨彌與",
    "ケ竜沢浜島崎滝桜国広斎条麹蔵関豊辺静諫鰺梼騨釜曽恵真富弥与",
)
_DISTRICT = re.compile(r"^(.+?郡|.{1,3}島)(?=.+[町村])")


def municipality_key(name: str) -> str:
    """The search key of a municipality's name: NFKC, no blanks, one form for letters written in two.

    >>> municipality_key("龍ヶ崎 市") == municipality_key("竜ケ崎市")
    True
    """
    return "".join(unicodedata.normalize("NFKC", name).split()).translate(VARIANTS)


@cache
def municipalities() -> pd.DataFrame:
    """Municipalities, and wards of designated cities: prefecture_code, name, kana, latitude, longitude, source.

    A ward's name begins with its city's (札幌市中央区). Latitude and longitude are degrees (`float64`), NaN where
    no position is known; `source` says how it was found (see `data/README.md`). Shared, do not change.
    """
    return reference_table("municipalities").astype({"latitude": "float64", "longitude": "float64"})


@lru_cache(maxsize=10_000)
def find_municipality(prefecture_code: str, name: str) -> Position | None:
    """Latitude and longitude of the municipality that `name` spells or begins with; None where it is unknown.

    Understood: a leading prefecture or district (郡), an address behind the name (the ward counts where its
    position is known, else the city), a name without 市, 区, 町 or 村, and a ward without its city; the last two
    only where a single municipality or ward of the prefecture fits.

    >>> find_municipality("13", "東京都新宿区西新宿2-8-1") == find_municipality("13", "新宿")
    True
    """
    if prefecture_code not in _index():
        return None
    positions, full_names = _index()[prefecture_code]
    key = municipality_key(name).removeprefix(prefecture_name(prefecture_code))
    for text in (key, _DISTRICT.sub("", key)):
        text = full_names.get(text, text)
        for end in range(len(text), 1, -1):
            if text[:end] in positions:
                return positions[text[:end]]
    return None


@cache
def _index() -> dict[str, tuple[dict[str, Position], dict[str, str]]]:
    """By prefecture: positions by full name, and full names by those short forms that fit one place only."""
    return {str(code): _names(rows) for code, rows in municipalities().groupby("prefecture_code")}


def _names(rows: pd.DataFrame) -> tuple[dict[str, Position], dict[str, str]]:
    keys = rows["name"].map(municipality_key)
    known = rows["latitude"].notna()
    positions = zip(rows["latitude"][known], rows["longitude"][known], strict=True)
    uses = Counter(keys.map(_short_form))
    shorts = {_short_form(key): key for key in keys if uses[_short_form(key)] == 1}
    return dict(zip(keys[known], positions, strict=True)), {k: v for k, v in shorts.items() if k not in set(keys)}


def _short_form(key: str) -> str:
    city, _, ward = key.rpartition("市")
    return ward if city and ward.endswith("区") else key[:-1]
