"""Past choices with their alternatives, as they were on the day of the choice: what preference is learned from."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.features.pairs import Pairs
from matcher.features.past import Hidden
from matcher.features.tables import LATER_THAN_ALL, Ints
from matcher.rankers.training import Material

Floats = npt.NDArray[np.float64]

MOST_EVENTS = 3000
ALTERNATIVES = 100  # twice as many rank no better on validation cuts of two benchmarks
BURN_IN = 0.4  # share of the earliest cases that only serve as history when choices are learned
PARTS = 4  # of undated cases: each is foretold from the others
STRETCHES = 2  # of the days after the burn-in: a choice is also seen with the memory of its stretch's first day
OWN_DAY = -2  # the part of a dated choice from which nothing is hidden
WORTH_OF_RESOLVED = 2.0  # a resolved choice weighs three times one that is not


@dataclass(frozen=True)
class _Event:
    """A consultation row, the experts sent to it (their cases), those who could have been, when, part and counting.

    Outcomes are known as they were before the day `until`.
    """

    ci: int
    chosen: Ints
    there: Ints
    when: int
    part: int
    until: int
    counts: float = 1.0


def choice_events(
    material: Material,
    rng: np.random.Generator,
    *,
    most_events: int = MOST_EVENTS,
    alternatives: int = ALTERNATIVES,
    aged: bool = False,
) -> tuple[Pairs, Floats, Ints]:
    """Choice events with sampled alternatives (uniform, so the logit needs no correction: McFadden 1978).

    Pairs, the share of its event that chose each, times what the event counts, and where each event begins.
    Dated choices are seen with all that was known on their own day; if `aged`, each a second time with the memory that
    ended when their stretch of days began, because a model in use grows old, too: of two views each counts half.
    Undated ones are dealt into parts at random, and each part is seen from all others: to leave out the case itself
    alone would show a chosen expert with one case fewer than the same expert not chosen.
    """
    _, ei, day = material.case_rows()
    timed = material.history.is_timed
    weight = 1.0 + WORTH_OF_RESOLVED * np.nan_to_num(material.history.resolved)
    begins = _stretches(day) if timed else np.zeros(0)
    deal = np.searchsorted(begins, day, side="right") - 1 if timed else rng.permutation(len(ei)) % PARTS
    columns: list[tuple[_Event, Ints, Floats]] = []
    dated = _dated(material, deal, begins if aged else begins[:0], most_events)
    for event in dated if timed else _undated(material, deal, most_events):
        sent, of = np.unique(ei[event.chosen], return_inverse=True)
        drawn = rng.choice(event.there, min(alternatives, len(event.there)), replace=False)
        experts = np.append(sent, np.setdiff1d(drawn, sent))
        share = np.bincount(of, weight[event.chosen], minlength=len(experts))
        columns.append((event, experts, event.counts * share / share.sum()))
    sizes = np.array([len(experts) for _, experts, _ in columns], dtype=np.int64)
    ci, when, part, until = (
        np.repeat(np.array([getattr(event, name) for event, _, _ in columns], dtype=np.int64), sizes)
        for name in ("ci", "when", "part", "until")
    )
    pairs = material.pairs(ci, np.concatenate([np.zeros(0, dtype=np.int64), *(e for _, e, _ in columns)]), when)
    shares = np.concatenate([np.zeros(0), *(share for _, _, share in columns)])
    return replace(pairs, hidden=Hidden(deal, part, until)), shares, np.cumsum(sizes) - sizes


def decided_until(day: float, pairs: Pairs, weight: Floats, first: Ints) -> tuple[Pairs, Floats, Ints]:
    """The events decided on a day or before."""
    sizes = np.diff(np.append(first, len(pairs)))
    kept = pairs.as_of[first] <= day
    rows = np.repeat(kept, sizes)
    return pairs.take(rows), weight[rows], np.cumsum(sizes[kept]) - sizes[kept]


def _dated(material: Material, deal: Ints, begins: Floats, most: int) -> Iterator[_Event]:
    """The choices of the latest consultations, after a burn-in of history; in both views where stretches begin."""
    ci, ei, day = material.case_rows()
    rows = np.flatnonzero(ei >= 0)
    available_from = _available_from(material, ei, day)
    by_consultation = pd.Series(rows).groupby(ci[rows]).indices
    for asked in _latest(ci[rows], day[rows], most):
        chosen = rows[by_consultation[asked]]
        when, stretch = day[chosen].min(), deal[chosen].min()
        views = [(when, OWN_DAY)]
        if len(begins) and stretch >= 0:
            views.append((int(begins[stretch]), stretch))
        # Nobody can foresee the first case of an expert of whom the register says not since when.
        seen = [(until, part, chosen[available_from[ei[chosen]] < until]) for until, part in views]
        seen = [view for view in seen if len(view[2])]
        for until, part, foreseen in seen:
            there = np.flatnonzero(available_from < until)
            yield _Event(asked, foreseen, there, when, part, until, counts=1 / len(seen))


def _stretches(day: Ints) -> Floats:
    """The days on which the stretches begin; an equal share of the cases is in each."""
    return np.quantile(day, np.linspace(BURN_IN, 1.0, STRETCHES + 1)[:-1]) if len(day) else np.zeros(0)


def _undated(material: Material, deal: Ints, most: int) -> Iterator[_Event]:
    """Each part's choices, among the experts who are not in the client's other parts."""
    ci, ei, _ = material.case_rows()
    rows = np.flatnonzero(ei >= 0)
    everyone = np.arange(len(material.experts))
    by_consultation = pd.Series(rows).groupby(ci[rows]).indices
    for asked in np.unique(ci[rows])[:most]:
        cases = rows[by_consultation[asked]]
        for part in np.unique(deal[cases]):
            chosen = cases[deal[cases] == part]
            there = np.setdiff1d(everyone, ei[cases[deal[cases] != part]])
            chosen = chosen[np.isin(ei[chosen], there)]
            if len(chosen):
                yield _Event(asked, chosen, there, material.today, part, material.today)


def _latest(ci: Ints, day: Ints, most: int) -> Ints:
    """Consultations in order, the latest ones after the burn-in."""
    if not len(ci):
        return ci
    order = np.lexsort((ci, day))
    late = ci[order][day[order] >= np.quantile(day, BURN_IN)]
    _, last = np.unique(late[::-1], return_index=True)
    return np.sort(late[::-1][np.sort(last)][:most])


def _available_from(material: Material, ei: Ints, day: Ints) -> Ints:
    """The day before which each expert could not have been sent: registration, else the first case."""
    start, first = material.experts.registered, np.full(len(material.experts), LATER_THAN_ALL)
    np.minimum.at(first, ei[ei >= 0], day[ei >= 0])
    return np.where(start > 0, np.minimum(start, first), first)
