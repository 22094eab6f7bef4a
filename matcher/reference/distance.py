"""Where experts and clients are, how far apart, and what that distance rests on."""

from dataclasses import dataclass, fields
from functools import cache, cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.lang import Lang
from matcher.reference.municipalities import find_municipality
from matcher.reference.prefectures import prefectures

Floats = npt.NDArray[np.float64]

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG

# From the finest to the coarsest; a pair of places has the coarser basis of the two.
BASES = ("given", "municipality", "capital", "unknown")
SAME_PREFECTURE = "same_prefecture"
PAIR_BASES = (*BASES, SAME_PREFECTURE)
BASIS_LABELS: dict[str, dict[Lang, str]] = {
    "given": {"ja": "所在地間の距離", "en": "distance between the given positions"},
    "municipality": {"ja": "市区町村間の距離", "en": "distance between the municipalities"},
    "capital": {
        "ja": "県庁所在地間の距離（市区町村の位置が不明）",
        "en": "distance by way of prefectural capitals (a municipality's position is unknown)",
    },
    SAME_PREFECTURE: {"ja": "同じ都道府県内（距離は不明）", "en": "same prefecture (distance unknown)"},
    "unknown": {"ja": "距離は不明", "en": "distance unknown"},
}


def haversine_km(lat1: Any, lon1: Any, lat2: Any, lon2: Any) -> Floats:
    """Great-circle distance in km of positions in degrees; arrays broadcast, NaN gives NaN.

    Source: R. W. Sinnott, "Virtues of the haversine", Sky and Telescope 68 (1984), 159.

    >>> float(haversine_km(35.0, 135.0, 36.0, 135.0).round(1))
    111.2
    """
    here, there = (
        _angles(np.asarray(a, np.float64), np.asarray(b, np.float64)) for a, b in ((lat1, lon1), (lat2, lon2))
    )
    return _haversine(here, there)


def _angles(latitude: Floats, longitude: Floats) -> tuple[Floats, Floats, Floats]:
    phi = np.radians(latitude)
    return phi, np.radians(longitude), np.cos(phi)


def _haversine(here: tuple[Floats, Floats, Floats], there: tuple[Floats, Floats, Floats]) -> Floats:
    (phi1, lambda1, cos1), (phi2, lambda2, cos2) = here, there
    half = np.sin((phi2 - phi1) / 2) ** 2 + cos1 * cos2 * np.sin((lambda2 - lambda1) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0))))


@dataclass(frozen=True, eq=False)
class Places:
    """n places as arrays (n,): degrees (NaN unknown), `basis` as a place in `BASES`, prefecture code (None unknown)."""

    latitude: Floats
    longitude: Floats
    basis: npt.NDArray[np.int8]
    prefecture: npt.NDArray[np.object_]

    @classmethod
    def of(cls, columns: Any) -> "Places":
        """From a typed experts or consultations frame, or a mapping of lists with the same names.

        Reads latitude, longitude, prefecture_code and municipality. The basis is `given` where a row has both
        coordinates, `municipality`, `capital` of the prefecture where the municipality is blank or not known to
        us, else `unknown`.
        """
        codes, names = (_cells(columns[name]) for name in ("prefecture_code", "municipality"))
        found = [_place(code or "", name or "") for code, name in zip(codes, names, strict=True)]
        looked_up = np.array(found, dtype=np.float64).reshape(-1, 3)
        lat, lon = (np.asarray(columns[name], dtype=np.float64) for name in ("latitude", "longitude"))
        given = ~np.isnan(lat) & ~np.isnan(lon)
        return cls(
            np.where(given, lat, looked_up[:, 0]),
            np.where(given, lon, looked_up[:, 1]),
            np.where(given, 0, looked_up[:, 2]).astype(np.int8),
            codes,
        )

    def __len__(self) -> int:
        return len(self.latitude)

    @cached_property
    def angles(self) -> tuple[Floats, Floats, Floats]:
        """Latitude and longitude in radians, and the latitude's cosine."""
        return _angles(self.latitude, self.longitude)

    def key(self, row: int) -> tuple[str, ...]:
        """What tells the place at a row from others."""
        return tuple(repr(getattr(self, field.name)[row]) for field in fields(self))

    def take(self, rows: npt.NDArray[np.intp]) -> "Places":
        """The places at these rows."""
        return Places(*(getattr(self, field.name)[rows] for field in fields(self)))


def distances(here: Places, there: Places) -> tuple[Floats, npt.NDArray[np.int8]]:
    """Kilometres (NaN unknown) and their basis (a place in `PAIR_BASES`), row by row; a single place meets all others.

    The basis is the coarser of the two. A capital stands in for any place of its prefecture, so it says nothing
    about distances *within* the prefecture: these are unknown, with the basis `same_prefecture`. Between
    municipalities 0 km means the same municipality.
    """
    km = _haversine(here.angles, there.angles)
    basis = np.maximum(here.basis, there.basis)
    within = (basis == BASES.index("capital")) & (here.prefecture == there.prefecture)
    return np.where(within, np.nan, km), np.where(within, PAIR_BASES.index(SAME_PREFECTURE), basis).astype(np.int8)


def locate(frame: pd.DataFrame) -> pd.DataFrame:
    """`Places` of a typed frame as columns latitude, longitude, basis and prefecture_code, with the frame's index."""
    places = Places.of(frame)
    columns = {
        "latitude": places.latitude,
        "longitude": places.longitude,
        "basis": pd.array(np.asarray(BASES, dtype=object)[places.basis], dtype="str"),
        "prefecture_code": frame["prefecture_code"],
    }
    return pd.DataFrame(columns, index=frame.index)


def distance_km(here: pd.DataFrame, there: pd.DataFrame) -> pd.DataFrame:
    """`distances` of located frames as columns km and basis; either frame may hold a single row, which meets all.

    Both come from `locate`. The index is that of the frame with more rows, `there` where both have as many.
    """
    km, basis = distances(_places(here), _places(there))
    index = here.index if len(here) > len(there) else there.index
    columns = {"km": km, "basis": pd.array(np.asarray(PAIR_BASES, dtype=object)[basis], dtype="str")}
    return pd.DataFrame(columns, index=index)


@lru_cache(maxsize=20_000)
def _place(prefecture_code: str, municipality: str) -> tuple[float, float, int]:
    position = find_municipality(prefecture_code, municipality) if municipality else None
    if position:
        return *position, BASES.index("municipality")
    if prefecture_code in _capitals():
        return *_capitals()[prefecture_code], BASES.index("capital")
    return np.nan, np.nan, BASES.index("unknown")


def _places(located: pd.DataFrame) -> Places:
    basis = pd.Categorical(located["basis"], categories=BASES).codes.astype(np.int8)
    lat, lon = located["latitude"].to_numpy(np.float64), located["longitude"].to_numpy(np.float64)
    return Places(lat, lon, basis, _cells(located["prefecture_code"]))


def _cells(column: Any) -> npt.NDArray[np.object_]:
    cells = np.array(list(column), dtype=object)
    cells[pd.isna(cells)] = None
    return cells


@cache
def _capitals() -> dict[str, tuple[float, float]]:
    frame = prefectures()
    return dict(zip(frame["code"], zip(frame["lat"], frame["lon"], strict=True), strict=True))
