"""An expert's track record as plain numbers: smoothed success rates and counts, as of the day a pair is seen."""

import numpy as np

from matcher.features.pairs import Pairs
from matcher.peers.peer import Floats

STEADYING = 5.0  # cases of average outcome (for a category: of the expert's own rate) that steady a rate


def track_record(pairs: Pairs) -> Floats:
    """Columns (n, 6): success rate, log counts of known outcomes and of cases; the same within the category.

    Rates are shrunk: the expert's to the average of all, the category's to the expert's. Where no outcome is
    known at all, rates are NaN.
    """
    all_cases, same_category = _counts(pairs)
    rate = _smoothed(all_cases, np.full(len(pairs), pairs.mean_resolved))
    within = _smoothed(same_category, rate)
    logs = [np.log1p(counts[column]) for counts in (all_cases, same_category) for column in (1, 0)]
    return np.column_stack([rate, within, *logs])


def _counts(pairs: Pairs) -> tuple[Floats, Floats]:
    """Cases, known outcomes and resolved ones, shape (3, n), of all seen cases and of those of the category."""
    everything, same_category = np.zeros((3, len(pairs))), np.zeros((3, len(pairs)))
    for seen in pairs.seen:
        for row, weight in enumerate((np.ones(len(seen.case)), seen.known, seen.outcome)):
            everything[row] += np.bincount(seen.pair, weight, minlength=len(pairs))
            same_category[row] += np.bincount(seen.pair, weight * seen.same, minlength=len(pairs))
    return everything, same_category


def _smoothed(counts: Floats, towards: Floats) -> Floats:
    _, known, resolved = counts
    return np.asarray((resolved + STEADYING * towards) / (known + STEADYING))
