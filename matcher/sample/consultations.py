"""The consultations: what, when, where and how; the newest are still open."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from matcher.sample.assumptions import Assumptions
from matcher.sample.calendar import LAST_DAY, Days, dates, first_day
from matcher.sample.cells import coded, ids, lists, numbers, some_blank, strings
from matcher.sample.clients import Clients
from matcher.sample.drawing import Bools, Floats, Ints, Rng, Texts, pick, pick_in_groups
from matcher.sample.hubs import Hubs, hub_in
from matcher.sample.words import industries, topics

MODES = ("onsite", "online", "either")
ONSITE, ONLINE, EITHER = 0, 1, 2
ANY_STYLE = -1
OPEN_LEAST, OPEN_MOST, OPEN_SHARE = 20, 500, 10  # the contract: the last max(20, min(500, M / 10)) are open
OPENING_UP = "startup."


@dataclass(frozen=True, eq=False)
class Consultations:
    """One consultation a row, in the order received; indices into clients, hubs, topics and so on.

    `topic` is the sub-topic that really matters, `second` another category (-1: none), `style` the one under
    which the client fares better (-1: either); `difficulty` is the case's own, in log-odds.
    """

    ids: Texts
    client: Ints
    hub: Ints
    topic: Ints
    category: Ints
    second: Ints
    received: Days
    mode: Ints
    style: Ints
    industry: Ints
    difficulty: Floats
    open: Bools

    def founding(self) -> Bools:
        """Whether the client is about to open a business."""
        codes = np.array([code.startswith(OPENING_UP) and code != "startup.second" for code in topics().codes])
        return np.asarray(codes[self.category])


def open_count(size: int) -> int:
    """How many of the newest consultations are open.

    >>> [open_count(size) for size in (0, 15, 100, 40_000)]
    [0, 15, 20, 500]
    """
    return min(size, max(OPEN_LEAST, min(OPEN_MOST, size // OPEN_SHARE)))


def draw_consultations(rng: Rng, size: int, clients: Clients, hubs: Hubs, values: Assumptions) -> Consultations:
    """`size` consultations of the given clients."""
    category = pick(rng, topics().shares, size)
    topic = pick_in_groups(rng, np.ones(len(topics().category)), topics().category, category)
    client = _clients_with(rng, topic, clients)
    elsewhere = rng.random(size) < values.other_hub
    prefecture = clients.places.prefecture[client]
    return Consultations(
        ids=ids("C", size),
        client=client,
        hub=np.where(elsewhere, hub_in(rng, hubs, prefecture), clients.hub[client]),
        topic=topic,
        category=category,
        second=_second(rng, category, values),
        received=_received(rng, size, values),
        mode=pick(
            rng, (values.meet_in_person, values.meet_online, 1 - values.meet_in_person - values.meet_online), size
        ),
        style=np.where(rng.random(size) < values.wants_style, rng.integers(0, 2, size), ANY_STYLE),
        industry=clients.industry[client],
        difficulty=rng.normal(0, values.difficulty_sd, size),
        open=np.arange(size) >= size - open_count(size),
    )


def consultations_table(
    rng: Rng, asked: Consultations, clients: Clients, hubs: Hubs, description: Texts, values: Assumptions
) -> pd.DataFrame:
    """The consultations table; the client's place is the consultation's."""
    size, places = len(asked.ids), clients.places
    no_place = some_blank(rng, values.unknown_cell / 3, size)
    no_employees = asked.founding() | some_blank(rng, values.unknown_cell, size)
    second = np.zeros((size, len(topics().codes)), dtype=bool)
    second[np.flatnonzero(asked.second >= 0), asked.second[asked.second >= 0]] = True
    return pd.DataFrame(
        {
            "consultation_id": strings(asked.ids),
            "category": coded(asked.category, topics().codes),
            "hub_id": strings(hubs.ids[asked.hub]),
            "client_id": strings(clients.ids[asked.client]),
            "received_on": dates(asked.received),
            "secondary_categories": lists(second, topics().codes),
            "prefecture_code": strings(places.code[asked.client]),
            "municipality": strings(places.municipality[asked.client], no_place),
            "industry": coded(asked.industry, industries().codes, some_blank(rng, values.unknown_cell / 3, size)),
            "employees": numbers(clients.employees[asked.client], no_employees),
            "mode": coded(asked.mode, MODES, some_blank(rng, values.unknown_mode, size)),
            "description": strings(description, some_blank(rng, values.unknown_cell / 3, size)),
            "status": coded(asked.open.astype(np.intp), ("closed", "open")),
        }
    )


def _clients_with(rng: Rng, topic: Ints, clients: Clients) -> Ints:
    """For each sub-topic a client whose trade has the problem; any client where the drawn trade has none."""
    trades = topics().fits * industries().weights
    group = np.repeat(np.arange(len(trades)), trades.shape[1])
    trade = pick_in_groups(rng, trades.ravel(), group, topic) % trades.shape[1]
    by_trade = np.argsort(clients.industry, kind="stable")
    sorted_trades = clients.industry[by_trade]
    found = by_trade[pick_in_groups(rng, np.ones(len(by_trade)), sorted_trades, trade)] if len(by_trade) else trade
    anyone = rng.integers(0, max(1, len(by_trade)), len(topic))
    return np.where(np.isin(trade, sorted_trades), found, anyone)


def _second(rng: Rng, category: Ints, values: Assumptions) -> Ints:
    """A second category, mostly of the same area, or -1."""
    area = topics().area
    near = pick_in_groups(rng, topics().shares, area, area[category])
    any_area = pick(rng, topics().shares, len(category))
    second = np.where(rng.random(len(category)) < values.secondary_near, near, any_area)
    wanted = (rng.random(len(category)) < values.secondary) & (second != category)
    return np.where(wanted, second, -1)


def _received(rng: Rng, size: int, values: Assumptions) -> Days:
    start = first_day(values.years)
    days = int((LAST_DAY - start).astype(int))
    passed = np.floor(rng.random(size) ** values.growth * (days + 1)).astype("timedelta64[D]")
    return np.sort(np.busday_offset(start + passed, 0, roll="backward").astype("datetime64[D]"))
