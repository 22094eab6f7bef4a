"""Where people are: municipalities, more people in populous prefectures and near their capitals."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from matcher.reference.distance import haversine_km
from matcher.reference.municipalities import municipalities
from matcher.reference.prefectures import prefectures
from matcher.sample.assumptions import Assumptions
from matcher.sample.drawing import Floats, Ints, Rng, Texts, pick, pick_in_groups


@dataclass(frozen=True, eq=False)
class Places:
    """One place a row: index of the prefecture (0-46), its code, the municipality's name, degrees."""

    prefecture: Ints
    code: Texts
    municipality: Texts
    latitude: Floats
    longitude: Floats


def draw_places(rng: Rng, size: int, exponent: float, values: Assumptions) -> Places:
    """Municipalities for `size` people, prefectures by population to the power of `exponent`."""
    population = prefectures()["population_2020"].to_numpy() ** exponent
    return places_in(rng, pick(rng, population, size), values)


def places_in(rng: Rng, prefecture: Ints, values: Assumptions) -> Places:
    """A municipality in each of the given prefectures (0-46)."""
    table = _municipalities(values.near_capital, values.remote_place)
    rows = pick_in_groups(rng, table["weight"].to_numpy(), table["prefecture"].to_numpy(), prefecture)
    return _rows(table, rows)


def capitals(prefecture: Ints) -> Places:
    """The capitals of the given prefectures (0-46)."""
    table = prefectures()
    found = table.iloc[prefecture]
    return Places(
        prefecture=prefecture,
        code=found["code"].to_numpy(dtype=object),
        municipality=found["capital"].to_numpy(dtype=object),
        latitude=found["lat"].to_numpy(),
        longitude=found["lon"].to_numpy(),
    )


def _rows(table: pd.DataFrame, rows: Ints) -> Places:
    found = table.iloc[rows]
    return Places(
        prefecture=found["prefecture"].to_numpy(dtype=np.intp),
        code=found["prefecture_code"].to_numpy(dtype=object),
        municipality=found["name"].to_numpy(dtype=object),
        latitude=found["latitude"].to_numpy(),
        longitude=found["longitude"].to_numpy(),
    )


@cache
def _municipalities(reach: float, least: float) -> pd.DataFrame:
    """Municipalities with a position, wards of designated cities aside, by prefecture, with their weight."""
    table = municipalities()
    known = table[table["latitude"].notna() & ~table["name"].str.contains("市.+区$")].copy()
    home = prefectures().set_index("code").loc[known["prefecture_code"]]
    km = haversine_km(known["latitude"], known["longitude"], home["lat"], home["lon"])
    known["weight"] = least + np.exp(-km / reach)
    known["prefecture"] = known["prefecture_code"].astype(int) - 1
    return known.sort_values("prefecture", kind="stable").reset_index(drop=True)
