"""Logistic regression as a peer: pointwise over choices, and of outcomes."""

from typing import ClassVar

import numpy as np
import numpy.typing as npt

from matcher.peers.choices import DOES_NOT_ARISE, ChoicePeer, Ints
from matcher.peers.outcomes import OutcomePeer
from matcher.peers.peer import Arrays, Floats

FARTHEST = 5.0  # standard deviations
INVERSE_RIDGE = 1.0


def logistic(values: Floats, label: npt.NDArray[np.bool_], weight: Floats | None = None) -> Arrays:
    """L2-penalised coefficients over standardised values."""
    from sklearn.linear_model import LogisticRegression

    known = _known(values)
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, values, 0.0).sum(axis=0) / count
    spread = np.sqrt((np.where(known, values - mean, 0.0) ** 2).sum(axis=0) / count)
    scale = np.where(spread > 1e-9, spread, 1.0)
    model = LogisticRegression(C=INVERSE_RIDGE, max_iter=500)
    model.fit(_columns(values, mean, scale), label, sample_weight=weight)
    return {"mean": mean, "scale": scale, "slope": model.coef_[0], "start": model.intercept_}


def logistic_log_odds(arrays: Arrays, values: Floats) -> Floats:
    """Log-odds (n,) of a fitted `logistic`."""
    parts = _columns(values, arrays["mean"], arrays["scale"]) * arrays["slope"]
    return np.asarray(arrays["start"][0] + parts.sum(axis=1))


class LogisticChoice(ChoicePeer):
    """Chosen or not, each alternative for itself; a chosen one weighs its gain."""

    name: ClassVar[str] = "logistic_choice"

    def learn_choices(self, values: Floats, gain: Ints, _sizes: Ints, _seed: int) -> Arrays:
        """See `logistic`."""
        return logistic(values, gain > 0, np.maximum(gain, 1).astype(np.float64))

    def predict(self, values: Floats) -> Floats:
        """Log-odds."""
        return logistic_log_odds(self.arrays, values)


class LogisticOutcomes(OutcomePeer):
    """Outcomes from profile features and smoothed track records."""

    name: ClassVar[str] = "logistic_outcomes"

    def learn_outcomes(self, values: Floats, outcome: Floats, _seed: int) -> Arrays:
        """See `logistic`."""
        return logistic(values, outcome > 0)

    def log_odds(self, values: Floats) -> Floats:
        """Log-odds."""
        return logistic_log_odds(self.arrays, values)


def _known(values: Floats) -> npt.NDArray[np.bool_]:
    return np.asarray(~np.isnan(values) & (values != DOES_NOT_ARISE))


def _columns(values: Floats, mean: Floats, scale: Floats) -> Floats:
    """Standardised values, 0 where there is none, and two columns each that say why there is none."""
    line = np.where(_known(values), np.clip((values - mean) / scale, -FARTHEST, FARTHEST), 0.0)
    return np.hstack([line, np.isnan(values), values == DOES_NOT_ARISE])
