"""Where experts and clients are, how far apart, and what that distance rests on."""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.features.feature import Lang
from matcher.reference.municipalities import find_municipality
from matcher.reference.prefectures import prefectures

Floats = npt.NDArray[np.float64]

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG

# From the finest to the coarsest; a pair of places has the coarser basis of the two.
BASES = ("given", "municipality", "capital", "unknown")
SAME_PREFECTURE = "same_prefecture"
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
    phi1, lambda1, phi2, lambda2 = (np.radians(np.asarray(x, dtype="float64")) for x in (lat1, lon1, lat2, lon2))
    half = np.sin((phi2 - phi1) / 2) ** 2 + np.cos(phi1) * np.cos(phi2) * np.sin((lambda2 - lambda1) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0))))


def locate(frame: pd.DataFrame) -> pd.DataFrame:
    """The position of each row of a typed experts or consultations frame, with the frame's index.

    Reads latitude, longitude, prefecture_code and municipality. Columns of the answer: latitude and longitude
    (degrees, NaN where unknown), basis (`given` where the row has both coordinates, `municipality`, `capital` of
    the prefecture where the municipality is blank or not known to us, else `unknown`), and prefecture_code.
    """
    given = frame["latitude"].notna() & frame["longitude"].notna()
    pairs = pd.MultiIndex.from_frame(frame[["prefecture_code", "municipality"]].fillna(""))
    codes, unique = pd.factorize(pairs)
    found = pd.DataFrame([_place(*pair) for pair in unique], columns=["latitude", "longitude", "basis"])
    found = found.take(codes).set_axis(frame.index, axis="index")
    return pd.DataFrame(
        {
            "latitude": frame["latitude"].where(given, found["latitude"]),
            "longitude": frame["longitude"].where(given, found["longitude"]),
            "basis": found["basis"].mask(given, "given").astype("str"),
            "prefecture_code": frame["prefecture_code"],
        }
    )


def distance_km(here: pd.DataFrame, there: pd.DataFrame) -> pd.DataFrame:
    """Distances between located places, row by row; either frame may hold a single row, which meets all others.

    Both come from `locate`. Columns: km (NaN where unknown) and basis, the coarser of the two. A capital stands in
    for any place of its prefecture, so it says nothing about distances *within* the prefecture: these are unknown,
    with the basis `same_prefecture`. Between municipalities 0 km means the same municipality. The index is that
    of the frame with more rows, `there` where both have as many.
    """
    km = haversine_km(*(frame[name].to_numpy() for frame in (here, there) for name in ("latitude", "longitude")))
    coarser = np.maximum(_coarseness(here), _coarseness(there))
    basis = np.asarray(BASES, dtype=object)[coarser]
    same = here["prefecture_code"].to_numpy() == there["prefecture_code"].to_numpy()
    within = (basis == "capital") & same
    index = here.index if len(here) > len(there) else there.index
    columns = {
        "km": np.where(within, np.nan, km),
        "basis": pd.array(np.where(within, SAME_PREFECTURE, basis), dtype="str"),
    }
    return pd.DataFrame(columns, index=index)


def _place(prefecture_code: str, municipality: str) -> tuple[float, float, str]:
    position = find_municipality(prefecture_code, municipality) if municipality else None
    if position:
        return *position, "municipality"
    if prefecture_code in _capitals():
        return *_capitals()[prefecture_code], "capital"
    return np.nan, np.nan, "unknown"


def _coarseness(places: pd.DataFrame) -> npt.NDArray[np.intp]:
    return pd.Categorical(places["basis"], categories=BASES).codes.astype(np.intp)


@cache
def _capitals() -> dict[str, tuple[float, float]]:
    frame = prefectures()
    return dict(zip(frame["code"], zip(frame["lat"], frame["lon"], strict=True), strict=True))
