"""The firms that come with consultations."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from matcher.reference.prefectures import prefectures
from matcher.sample.assumptions import Assumptions
from matcher.sample.cells import coded, ids, numbers, some_blank, strings
from matcher.sample.drawing import Bools, Floats, Ints, Rng, Texts, pick
from matcher.sample.hubs import Hubs, hub_in
from matcher.sample.people import draw_firms
from matcher.sample.places import Places, draw_places
from matcher.sample.words import industries

EMPLOYEES = ((1, 5), (6, 20), (21, 50), (51, 100), (101, 300))


@dataclass(frozen=True, eq=False)
class Clients:
    """One client a row; `hub` is where it usually goes, `industry` indexes `words.industries()`."""

    ids: Texts
    places: Places
    hub: Ints
    industry: Ints
    employees: Ints
    years: Ints
    registered: Bools


def draw_clients(rng: Rng, size: int, hubs: Hubs, values: Assumptions) -> Clients:
    """`size` clients, by population."""
    places = draw_places(rng, size, values.demand_exponent, values)
    least, most = np.array(EMPLOYEES).T
    band = pick(rng, values.employees, size)
    return Clients(
        ids=ids("K", size),
        places=places,
        hub=hub_in(rng, hubs, places.prefecture),
        industry=pick(rng, industries().weights, size),
        employees=rng.integers(least[band], most[band] + 1),
        years=rng.integers(2, 70, size),
        registered=rng.random(size) < values.registered_client,
    )


def clients_table(rng: Rng, clients: Clients, values: Assumptions) -> pd.DataFrame:
    """The clients table."""
    size = len(clients.ids)
    return pd.DataFrame(
        {
            "client_id": strings(clients.ids),
            "name": strings(draw_firms(rng, clients.industry)),
            "prefecture_code": strings(clients.places.code),
            "municipality": strings(clients.places.municipality, some_blank(rng, values.unknown_cell / 3, size)),
            "industry": coded(clients.industry, industries().codes, some_blank(rng, values.unknown_cell / 3, size)),
            "employees": numbers(clients.employees, some_blank(rng, values.unknown_cell / 2, size)),
            "registered": numbers(clients.registered, some_blank(rng, values.unknown_registration, size)),
        }
    )


def written_place(rng: Rng, places: Places, values: Assumptions) -> Texts:
    """How a text names the place: the prefecture and municipality, or one of them."""
    prefecture = prefectures()["name"].to_numpy(dtype=object)[places.prefecture]
    drawn: Floats = rng.random(len(prefecture))
    one = np.where(drawn < values.place_forms[0] + values.place_forms[1], places.municipality, prefecture)
    return np.asarray(np.where(drawn < values.place_forms[0], prefecture + places.municipality, one), dtype=object)
