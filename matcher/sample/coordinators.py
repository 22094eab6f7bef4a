"""Whom past coordinators chose: acquaintances, people nearby, the same few; skill hardly counted."""

from dataclasses import dataclass

import numpy as np

from matcher.reference.distance import haversine_km
from matcher.sample.assumptions import Assumptions
from matcher.sample.consultations import Consultations
from matcher.sample.drawing import Bools, Floats, Ints, Rng, ranks
from matcher.sample.experts import Experts
from matcher.sample.hubs import Hubs
from matcher.sample.skills import in_area

BLOCK = 4096  # consultations at once: bounds the memory


@dataclass(frozen=True, eq=False)
class Choices:
    """For each consultation the first and the second choice, -1 where nobody could be asked."""

    first: Ints
    second: Ints


def choose(
    rng: Rng, asked: Consultations, hubs: Hubs, experts: Experts, affiliation: Ints, values: Assumptions
) -> Choices:
    """The choices, hub by hub; `affiliation` is an expert's own hub (-1: none), which asks others."""
    first = np.full(len(asked.ids), -1, dtype=np.intp)
    second = first.copy()
    familiar = in_area(experts.skills.claims)
    order = np.argsort(asked.hub, kind="stable")
    starts = np.flatnonzero(np.diff(asked.hub[order], prepend=-1))
    for rows in np.split(order, starts[1:]) if len(order) else []:
        hub = int(asked.hub[rows[0]])
        pool, known = _pool(rng, hub, len(rows), hubs, experts, affiliation, values)
        for block in np.array_split(rows, -(-len(rows) // BLOCK)):
            weights = known + _fit(block, pool, asked, experts, familiar, values)
            weights[~_available(block, pool, asked, experts)] = -np.inf
            first[block], second[block] = _two_best(rng, weights, pool)
    return Choices(first, second)


def _pool(
    rng: Rng, hub: int, cases: int, hubs: Hubs, experts: Experts, affiliation: Ints, values: Assumptions
) -> tuple[Ints, Floats]:
    """The experts whom the hub considers, and the log-weight of each that does not depend on the case."""
    place, at = hubs.places, experts.places
    km = haversine_km(place.latitude[hub], place.longitude[hub], at.latitude, at.longitude)
    known = ranks(rng, (experts.fame - km / values.acquaintance_reach)[None, :])[0]
    few, many = values.acquaintances
    circle = int(rng.integers(few, many + 1) + cases / values.acquaintance_per)
    acquainted = known < circle
    nearby = np.zeros(len(km), dtype=bool)
    nearby[np.argsort(km, kind="stable")[: values.local_pool]] = True
    pool = np.flatnonzero((acquainted | nearby) & (affiliation != hub))
    weight = np.where(acquainted, values.know + 1 - known / (values.fading * circle), 0.0) - values.near * np.log1p(
        km / values.near_km
    )
    return pool, (weight + values.sees_skill * experts.skills.general)[pool]


def _fit(
    rows: Ints, pool: Ints, asked: Consultations, experts: Experts, familiar: Bools, values: Assumptions
) -> Floats:
    at = np.ix_(pool, asked.category[rows])
    claims, area = experts.skills.claims[at], familiar[at]
    return np.asarray(np.where(claims, values.claims, np.where(area, values.claims_sibling, 0.0)).T)


def _available(rows: Ints, pool: Ints, asked: Consultations, experts: Experts) -> Bools:
    day = asked.received[rows][:, None]
    gone = experts.left[pool] <= day
    return np.asarray((experts.registered[pool] <= day) & ~gone)


def _two_best(rng: Rng, weights: Floats, pool: Ints) -> tuple[Ints, Ints]:
    """A draw by weight without replacement: the first and the second, -1 where none is left."""
    found = []
    noisy = np.column_stack([weights + rng.gumbel(size=weights.shape), np.full((len(weights), 1), -np.inf)])
    people = np.append(pool, -1)
    for _ in range(2):
        best = noisy.argmax(axis=1)
        value = noisy[np.arange(len(noisy)), best]
        found.append(np.where(np.isfinite(value), people[best], -1))
        noisy[np.arange(len(noisy)), best] = -np.inf
    return found[0], found[1]
