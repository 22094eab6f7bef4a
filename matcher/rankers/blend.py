"""The utility: how merit and fit are joined into the log-odds of a resolved case, learned on later outcomes."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit

from matcher.rankers.design import COEFFICIENT_STEP, on_grid

Floats = npt.NDArray[np.float64]

FEWEST_OUTCOMES = 200  # held-out ones, below which merit is taken as it is
PRIOR = np.array([0.0, 1.0, 0.0])
PRIOR_SD = np.array([1.0, 0.5, 0.5])


@dataclass(frozen=True)
class Blend:
    """Log-odds = intercept + slope * merit + weight * fit (Platt 1999, with a second column)."""

    intercept: float = 0.0
    slope: float = 1.0
    weight: float = 0.0

    @classmethod
    def learn(cls, merit: Floats, fit: Floats, outcome: Floats) -> "Blend":
        """From n outcomes (0/1) that neither was learned from; merit alone where they are too few.

        A weight is never negative: whom coordinators would send for such a case cannot speak against an expert.
        """
        if len(outcome) < FEWEST_OUTCOMES or len(np.unique(outcome)) < 2:
            return cls()
        columns = np.column_stack([np.ones(len(outcome)), merit, fit])

        def loss(beta: Floats) -> tuple[float, Floats]:
            eta, away = columns @ beta, (beta - PRIOR) / PRIOR_SD
            value = np.logaddexp(0, eta).sum() - outcome @ eta + 0.5 * (away @ away)
            return float(value), columns.T @ (expit(eta) - outcome) + away / PRIOR_SD

        bounds = [(None, None), (0.05, None), (0.0, None)]
        found = minimize(loss, PRIOR, jac=True, method="L-BFGS-B", bounds=bounds)
        return cls(*map(float, on_grid(found.x, COEFFICIENT_STEP)))
