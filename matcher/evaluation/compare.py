"""Figures of rankers side by side: a mean or a measure of probabilities, its interval, its paired difference.

Both functions give one row a measure and ranker with the columns `FIGURE`: cases; value, low, high (95 %); and the
difference from the baseline with its interval, NaN where the baseline has no such figure.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.evaluation.bootstrap import central, draws, resampled_means
from matcher.evaluation.metrics import LEAST, auc, brier, ece, equal_parts, log_loss

Floats = npt.NDArray[np.float64]
LIMITS = ("value", "low", "high", "difference", "difference_low", "difference_high")
FIGURE = ("measure", "ranker", "cases", *LIMITS)
AUC, BRIER, ECE, LOG_LOSS = FORETELLING = ("AUC", "Brier", "ECE", "log loss")
DRAWS = 1000  # of outcomes; 2,000 move the limits by less than their last digit shown


def ranked_figures(ranked: pd.DataFrame, baseline: str) -> pd.DataFrame:
    """Means of `ranked` (case, ranker, measure, value) over the cases where they are defined."""
    found = [row for measure, rows in ranked.groupby("measure", sort=False) for row in _means(measure, rows, baseline)]
    return pd.DataFrame(found, columns=list(FIGURE))


def foretold_figures(foretold: pd.DataFrame, baseline: str) -> pd.DataFrame:
    """AUC, Brier, ECE and log loss of `foretold` (case, unit, ranker, outcome, probability).

    Consultations are drawn, not single outcomes: those of one are alike. The ECE of a draw keeps the bins of the
    whole. Noise counts as error, so that an ECE is above the truth in small samples (Roelofs et al. 2022), and the
    draws above it once more: they are moved back to have it as their mean, at least 0.
    """
    found: list[tuple[Any, ...]] = []
    names = foretold["ranker"].unique()
    drawn = {name: _drawn(foretold[foretold["ranker"] == name]) for name in names}
    for place, measure in enumerate(FORETELLING):
        for name, (values, resampled, cases) in drawn.items():
            value, other, chosen = values[place], np.nan, np.full(len(resampled), np.nan)
            if baseline in drawn:
                other, chosen = drawn[baseline][0][place], drawn[baseline][1][:, place]
            limits = _limits(np.column_stack([resampled[:, place], resampled[:, place] - chosen]))
            found.append((measure, name, cases, value, *limits[0], value - other, *limits[1]))
    return pd.DataFrame(found, columns=list(FIGURE))


def by_case(rows: pd.DataFrame) -> pd.DataFrame:
    """The values of one measure, a row a case and a column a ranker, in the order in which they were measured."""
    table = rows.pivot(index="case", columns="ranker", values="value")  # noqa: PD010
    return table[list(rows["ranker"].unique())]


def _means(measure: Any, rows: pd.DataFrame, baseline: str) -> Iterator[tuple[Any, ...]]:
    table = by_case(rows)
    values = table.to_numpy(dtype=np.float64)
    other = table[baseline].to_numpy() if baseline in table else np.full(len(table), np.nan)
    both = np.hstack([values, values - other[:, None]])
    limits, means = _limits(resampled_means(both)), _mean(both)
    for place, name in enumerate(table):
        apart = place + values.shape[1]
        yield measure, name, len(table), means[place], *limits[place], means[apart], *limits[apart]


def _mean(values: Floats) -> Floats:
    known = ~np.isnan(values)
    with np.errstate(invalid="ignore"):  # no defined value: NaN
        return np.asarray(np.nan_to_num(values).sum(axis=0) / known.sum(axis=0))


def _limits(resampled: Floats) -> list[tuple[float, float]]:
    return [(float(low), float(high)) for low, high in zip(*central(resampled), strict=True)]


def _drawn(rows: pd.DataFrame) -> tuple[tuple[float, ...], Floats, int]:
    """The four measures, their draws (R, 4), and the number of outcomes."""
    outcome, probability = (rows[name].to_numpy(dtype=np.float64) for name in ("outcome", "probability"))
    case, _ = pd.factorize(rows["case"])
    loss = -np.log(np.maximum(np.where(outcome == 1, probability, 1 - probability), LEAST))
    means = np.column_stack([(outcome - probability) ** 2, loss])
    gaps = [(part, (outcome - probability)[part]) for part in equal_parts(probability)]
    found = []
    for counts in draws(int(case.max()) + 1, resamples=DRAWS):
        weight = counts[:, case]
        whole = weight.sum(axis=1)
        missed = sum(np.abs(weight[:, part] @ gap) for part, gap in gaps)
        square, log = (weight @ means / whole[:, None]).T
        found.append(np.column_stack([_weighted_auc(outcome, probability, weight), square, missed / whole, log]))
    values = tuple(measure(outcome, probability) for measure in (auc, brier, ece, log_loss))
    resampled, at = np.concatenate(found), FORETELLING.index(ECE)
    resampled[:, at] = np.maximum(resampled[:, at] - resampled[:, at].mean() + values[at], 0)
    return values, resampled, len(rows)


def _weighted_auc(outcome: Floats, probability: Floats, weight: Floats) -> Floats:
    """AUC (R,) of rows weighted by (R, n), ties counting half; NaN where a draw lacks one of the outcomes."""
    order = np.argsort(probability, kind="stable")
    first = np.flatnonzero(np.diff(probability[order], prepend=-np.inf) > 0)
    above, below = (np.add.reduceat(weight[:, order] * side[order], first, axis=1) for side in (outcome, 1 - outcome))
    pairs = (above * (below.cumsum(axis=1) - below / 2)).sum(axis=1)
    with np.errstate(invalid="ignore"):
        return np.asarray(pairs / (above.sum(axis=1) * below.sum(axis=1)))
