"""Conditional logit over whom coordinators sent (McFadden 1974): a listwise softmax over the sent and the not sent."""

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from matcher.rankers.design import COEFFICIENT_STEP, on_grid

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

RIDGE = 2.0


def fit_choice(
    columns: Floats, weight: Floats, first: Ints, prior: Floats, bounds: list[tuple[float | None, float | None]]
) -> Floats:
    """Coefficients (q,) that make the sent likely among each event's alternatives.

    Rows of `columns` (n, q) are alternatives, event after event; `first` (events,) is where each begins; `weight`
    (n,) sums to 1 an event and is the share of the event that chose the row. No event gives back the prior.
    """
    if not len(first):
        return on_grid(prior, COEFFICIENT_STEP)
    event = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(columns))))

    def loss(beta: Floats) -> tuple[float, Floats]:
        utility = columns @ beta
        utility -= np.maximum.reduceat(utility, first)[event]
        share = np.exp(utility)
        total = np.add.reduceat(share, first)
        away = beta - prior
        value = -(weight @ (utility - np.log(total)[event])) + RIDGE * (away @ away)
        return float(value), columns.T @ (share / total[event] - weight) + 2 * RIDGE * away

    found = minimize(loss, prior, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 300})
    return on_grid(found.x, COEFFICIENT_STEP)
