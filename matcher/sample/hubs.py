"""The organisations that receive consultations: a yorozu hub in each prefecture, chambers, banks and others."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from matcher.reference.prefectures import prefectures
from matcher.sample.assumptions import Assumptions
from matcher.sample.cells import ids, strings
from matcher.sample.drawing import Floats, Ints, Rng, Texts, pick_in_groups, texts
from matcher.sample.places import Places, capitals, places_in

KINDS = ("よろず支援拠点", "地域プラットフォーム", "商工会議所", "商工会連合会", "信用金庫", "地方銀行")


@dataclass(frozen=True, eq=False)
class Hubs:
    """One hub a row, by prefecture; `kind` indexes `KINDS`; `weight` is its share of the prefecture's clients."""

    ids: Texts
    name: Texts
    kind: Ints
    places: Places
    weight: Floats


def draw_hubs(rng: Rng, values: Assumptions) -> Hubs:
    """All hubs of the country; the names are marked as a sample's."""
    population = prefectures()["population_2020"].to_numpy()
    chambers = 1 + (population / values.people_per_chamber).astype(int)
    prefecture = np.concatenate([np.repeat(k, 5 + chambers[k]) for k in range(47)])
    kind = np.concatenate([[0, 1, *[2] * many, 3, 4, 5] for many in chambers])
    shares = np.array([values.yorozu_share, *(np.array(values.other_hubs) * (1 - values.yorozu_share))])
    places = _places(rng, prefecture, kind, values)
    return Hubs(
        ids=ids("H", len(kind)),
        name=_names(places, kind),
        kind=kind,
        places=places,
        weight=shares[kind] / np.where(kind == 2, chambers[prefecture], 1),
    )


def hubs_table(hubs: Hubs) -> pd.DataFrame:
    """The hubs table."""
    return pd.DataFrame(
        {
            "hub_id": strings(hubs.ids),
            "name": strings(hubs.name),
            "prefecture_code": strings(hubs.places.code),
            "municipality": strings(hubs.places.municipality),
            "kind": strings(texts(KINDS)[hubs.kind]),
        }
    )


def hub_in(rng: Rng, hubs: Hubs, prefecture: Ints) -> Ints:
    """For each prefecture (0-46) one of its hubs, by weight."""
    return pick_in_groups(rng, hubs.weight, hubs.places.prefecture, prefecture)


def _places(rng: Rng, prefecture: Ints, kind: Ints, values: Assumptions) -> Places:
    """Chambers in its cities, credit unions anywhere, the others in the capital."""
    capital, anywhere = capitals(prefecture), places_in(rng, prefecture, values)
    city = np.array([name[-1] in "市区" for name in anywhere.municipality])
    spread = ((kind == 2) & city) | (kind == 4)
    return Places(
        prefecture=prefecture,
        code=capital.code,
        municipality=np.where(spread, anywhere.municipality, capital.municipality),
        latitude=np.where(spread, anywhere.latitude, capital.latitude),
        longitude=np.where(spread, anywhere.longitude, capital.longitude),
    )


def _names(places: Places, kind: Ints) -> Texts:
    prefecture = prefectures()["name"].to_numpy(dtype=object)[places.prefecture]
    local = (kind == 2) | (kind == 4)
    return np.asarray(np.where(local, places.municipality, prefecture) + texts(KINDS)[kind] + "（見本）", dtype=object)
