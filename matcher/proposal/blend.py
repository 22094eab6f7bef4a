"""How much each sign counts: conditional logit over the categories (McFadden 1974), kept near stated weights."""

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

HOLD = 4.0  # how many squared units of log-likelihood a weight's unit step from the stated one must be worth


def probabilities(signs: Floats, weights: Floats) -> Floats:
    """Softmax of the weighed signs (m, categories, signs) over the categories."""
    score = signs @ weights
    share = np.exp(score - score.max(axis=1, keepdims=True))
    return np.asarray(share / share.sum(axis=1, keepdims=True))


def fit_weights(signs: Floats, category: Ints, stated: Floats) -> Floats:
    """Weights (signs,) under which the m later texts' categories are likeliest; no text gives back the stated ones.

    They are the temperature, too: fitted on texts that the signs were not learned from.
    """
    rows = np.arange(len(category))

    def loss(weights: Floats) -> tuple[float, Floats]:
        share = probabilities(signs, weights)
        away = weights - stated
        value = -np.log(np.maximum(share[rows, category], 1e-300)).sum() + HOLD * (away @ away) / 2
        slope = np.einsum("mc,mcs->s", share, signs) - signs[rows, category].sum(axis=0)
        return float(value), slope + HOLD * away

    return np.asarray(minimize(loss, stated, jac=True, method="L-BFGS-B", options={"maxiter": 200}).x)
