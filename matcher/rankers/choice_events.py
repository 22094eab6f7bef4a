"""Past choices with their alternatives, as they were on the day of the choice: what preference is learned from."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.features.pairs import Pairs
from matcher.features.tables import LATER_THAN_ALL, Ints
from matcher.rankers.training import Material

Floats = npt.NDArray[np.float64]

MOST_EVENTS = 4000
ALTERNATIVES = 200
BURN_IN = 0.4  # share of the earliest cases that only serve as history when choices are learned
WORTH_OF_RESOLVED = 2.0  # a resolved choice weighs three times one that is not
_Event = tuple[Ints, Ints, Ints, Floats]


def choice_events(material: Material, rng: np.random.Generator) -> tuple[Pairs, Floats, Ints]:
    """Choice events with sampled alternatives (uniform, so the logit needs no correction: McFadden 1978)."""
    ci, ei, day = material.case_rows()
    rows = np.flatnonzero(ei >= 0)
    events = _learned_from(material, ci[rows], day[rows])
    available_from = _available_from(material, ei, day)
    weight = 1.0 + WORTH_OF_RESOLVED * np.nan_to_num(material.history.resolved)
    parts: list[_Event] = []
    by_event = pd.Series(rows).groupby(ci[rows]).indices
    for event in events:
        chosen = rows[by_event[event]]
        when = day[chosen].min()
        # Nobody can foresee the first case of an expert of whom the register says not since when.
        chosen = chosen[available_from[ei[chosen]] < when]
        if not len(chosen):
            continue
        sent = np.unique(ei[chosen])
        there = np.flatnonzero(available_from < when)
        others = np.setdiff1d(rng.choice(there, min(ALTERNATIVES, len(there)), replace=False), sent)
        share = np.bincount(np.searchsorted(sent, ei[chosen]), weight[chosen])
        parts.append(_event(event, when, np.concatenate([sent, others]), share / share.sum()))
    if not parts:
        nothing = np.zeros(0, dtype=np.int64)
        return material.pairs(nothing, nothing, nothing), np.zeros(0), nothing
    pairs = material.pairs(*(np.concatenate([part[column] for part in parts]) for column in range(3)))
    sizes = np.array([len(part[0]) for part in parts])
    return pairs, np.concatenate([part[3] for part in parts]), np.cumsum(sizes) - sizes


def _learned_from(material: Material, ci: Ints, day: Ints) -> Ints:
    """Consultations whose choice is learned from: the latest ones, after a burn-in of history."""
    if not len(ci):
        return np.zeros(0, dtype=np.int64)
    start = np.quantile(day, BURN_IN) if material.history.is_timed else day.min()
    order = np.lexsort((ci, day))
    late = ci[order][day[order] >= start]
    _, last = np.unique(late[::-1], return_index=True)
    latest = late[::-1][np.sort(last)][:MOST_EVENTS]
    return np.sort(latest)


def _available_from(material: Material, ei: Ints, day: Ints) -> Ints:
    """The day before which each expert could not have been sent: registration, else the first case."""
    start = material.experts.registered.copy()
    first = np.full(len(material.experts), LATER_THAN_ALL if material.history.is_timed else 0)
    np.minimum.at(first, ei[ei >= 0], day[ei >= 0])
    return np.where(start > 0, np.minimum(start, first), first if material.history.is_timed else 0)


def _event(event: int, when: int, experts: Ints, share: Floats) -> _Event:
    """One event's alternatives: consultation row, expert row, day, and the share that chose each."""
    size = len(experts)
    return np.full(size, event), experts, np.full(size, when), np.append(share, np.zeros(size - len(share)))
