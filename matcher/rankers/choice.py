"""Conditional logit over whom coordinators sent (McFadden 1974): a listwise softmax over the sent and the not sent."""

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from matcher.rankers.design import COEFFICIENT_STEP, on_grid

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

RIDGE = 5.0
LEAST_SPREAD = 0.01  # below this variance a column is held no more loosely


def fit_choice(
    columns: Floats, weight: Floats, first: Ints, prior: Floats, bounds: list[tuple[float | None, float | None]]
) -> Floats:
    """Coefficients (q,) that make the sent likely among each event's alternatives.

    Rows of `columns` (n, q) are alternatives, event after event; `first` (events,) is where each begins; `weight`
    (n,) is the share of the event that chose the row, times what the event counts. No event, and events whose
    alternatives are all alike, give back the prior. The ridge is in units of a column's spread among the
    alternatives, at most 1: a rare yes or no would else be held to its prior whatever it is worth.
    """
    if not len(first):
        return on_grid(prior, COEFFICIENT_STEP)
    event = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(columns))))
    # A column that all alternatives of every event have alike tells nothing of the choice and keeps its prior.
    telling = np.flatnonzero((columns != columns[first][event]).any(axis=0))
    if not len(telling):
        return on_grid(prior, COEFFICIENT_STEP)
    columns, start = np.ascontiguousarray(columns[:, telling]), prior[telling]
    counts = np.add.reduceat(weight, first)[event]
    ridge = RIDGE * np.clip(_spread(columns, first, event), LEAST_SPREAD, 1.0)

    def loss(beta: Floats) -> tuple[float, Floats]:
        utility = columns @ beta
        utility -= np.maximum.reduceat(utility, first)[event]
        share = np.exp(utility)
        total = np.add.reduceat(share, first)
        away = beta - start
        value = -(weight @ (utility - np.log(total)[event])) + (ridge * away) @ away
        return float(value), columns.T @ (counts * share / total[event] - weight) + 2 * ridge * away

    limits = [bounds[column] for column in telling]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=limits, options={"maxiter": 300})
    coefficients = prior.copy()
    coefficients[telling] = found.x
    return on_grid(coefficients, COEFFICIENT_STEP)


def _spread(columns: Floats, first: Ints, event: Ints) -> Floats:
    """Variance (q,) of each column around its events' means, over events with a choice to make."""
    size = np.bincount(event)
    mean = np.add.reduceat(columns, first, axis=0) / size[:, None]
    return np.asarray(((columns - mean[event]) ** 2).sum(axis=0) / size[size > 1].sum())
