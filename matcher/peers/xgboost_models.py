"""XGBoost (Chen & Guestrin 2016) as a peer: rank:ndcg over choices."""

from typing import Any, ClassVar

import numpy as np

from matcher.peers.choices import ChoicePeer, Ints
from matcher.peers.extra import imported
from matcher.peers.peer import Arrays, Floats

ROUNDS = 100
_TREES = {
    "objective": "rank:ndcg",
    "ndcg_exp_gain": False,
    "eta": 0.05,
    "max_depth": 3,  # this, the next two and the rounds: see `matcher.peers.lightgbm_models`
    "min_child_weight": 5.0,
    "colsample_bytree": 0.5,
    "tree_method": "hist",
    "nthread": 1,
    "verbosity": 0,
}


def ranking_trees(values: Floats, gain: Ints, sizes: Ints, seed: int) -> Arrays:
    """A fitted booster as the bytes of its UBJSON."""
    xgboost = imported("xgboost")
    data = xgboost.DMatrix(values, label=gain, group=sizes, nthread=1)
    model = xgboost.train(_TREES | {"seed": seed}, data, num_boost_round=ROUNDS)
    return {"model": np.frombuffer(bytes(model.save_raw("ubj")), dtype=np.uint8)}


class XGBoostNdcg(ChoicePeer):
    """Boosted trees for nDCG with linear gains."""

    name: ClassVar[str] = "xgboost_ndcg"
    package: ClassVar[str] = "xgboost"

    def learn_choices(self, values: Floats, gain: Ints, sizes: Ints, seed: int) -> Arrays:
        """See `ranking_trees`."""
        return ranking_trees(values, gain, sizes, seed)

    def take(self, arrays: Arrays) -> None:
        """Reads the booster once."""
        super().take(arrays)
        self.model = _revived(arrays)

    def predict(self, values: Floats) -> Floats:
        """Raw scores."""
        return np.asarray(self.model.inplace_predict(values, predict_type="margin"), dtype=np.float64)


def _revived(arrays: Arrays) -> Any:
    if not arrays:
        return None
    model = imported("xgboost").Booster({"nthread": 1})
    model.load_model(bytearray(arrays["model"].tobytes()))
    return model
