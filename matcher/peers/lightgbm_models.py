"""LightGBM (Ke et al. 2017) as a peer: lambdarank over choices, and a classifier of outcomes."""

from typing import Any, ClassVar

import numpy as np

from matcher.peers.choices import BEST_GAIN, ChoicePeer, Ints
from matcher.peers.extra import imported
from matcher.peers.outcomes import OutcomePeer
from matcher.peers.peer import Arrays, Floats

# Shapes and rounds were the best of a handful: for lambdarank on a later part of two benchmarks' training data,
# for outcomes by the true success in a synthetic world of its own.
_RANKING = {"num_leaves": 7, "min_data_in_leaf": 200, "feature_fraction": 0.5}
_OUTCOMES = {"num_leaves": 4, "min_data_in_leaf": 50}
RANKING_ROUNDS, OUTCOME_ROUNDS = 100, 200
_TREES = {
    "learning_rate": 0.05,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}


def boosted(values: Floats, label: Any, sizes: Ints | None, rounds: int, **options: Any) -> Arrays:
    """A fitted booster as the bytes of its text."""
    lightgbm = imported("lightgbm")
    data = lightgbm.Dataset(values, label, group=sizes, params={"verbosity": -1})
    model = lightgbm.train(_TREES | options, data, num_boost_round=rounds)
    return {"model": np.frombuffer(model.model_to_string().encode(), dtype=np.uint8)}


def lambdarank(values: Floats, gain: Ints, sizes: Ints, seed: int) -> Arrays:
    """Boosted lambdarank with linear gains."""
    linear = list(range(BEST_GAIN + 1))
    options: dict[str, Any] = {"objective": "lambdarank", "label_gain": linear, "seed": seed, **_RANKING}
    return boosted(values, gain, sizes, RANKING_ROUNDS, **options)


def revived(arrays: Arrays) -> Any:
    """The booster of `boosted`, or None where nothing was learned."""
    if not arrays:
        return None
    return imported("lightgbm").Booster(model_str=arrays["model"].tobytes().decode())


class LightGBMLambdarank(ChoicePeer):
    """Lambdarank over choice events."""

    name: ClassVar[str] = "lightgbm_lambdarank"
    package: ClassVar[str] = "lightgbm"

    def learn_choices(self, values: Floats, gain: Ints, sizes: Ints, seed: int) -> Arrays:
        """See `lambdarank`."""
        return lambdarank(values, gain, sizes, seed)

    def take(self, arrays: Arrays) -> None:
        """Reads the booster once."""
        super().take(arrays)
        self.model = revived(arrays)

    def predict(self, values: Floats) -> Floats:
        """Raw scores."""
        return np.asarray(self.model.predict(values, num_threads=1), dtype=np.float64)


class LightGBMOutcomes(OutcomePeer):
    """A classifier of outcomes that sees profile features and smoothed track records."""

    name: ClassVar[str] = "lightgbm_outcomes"
    package: ClassVar[str] = "lightgbm"

    def learn_outcomes(self, values: Floats, outcome: Floats, seed: int) -> Arrays:
        """Boosted log loss."""
        return boosted(values, outcome, None, OUTCOME_ROUNDS, objective="binary", seed=seed, **_OUTCOMES)

    def take(self, arrays: Arrays) -> None:
        """Reads the booster once."""
        super().take(arrays)
        self.model = revived(arrays)

    def log_odds(self, values: Floats) -> Floats:
        """Raw scores."""
        return np.asarray(self.model.predict(values, raw_score=True, num_threads=1), dtype=np.float64)
