"""scikit-learn's histogram gradient boosting as a peer: pointwise log loss over choices."""

from typing import ClassVar

import numpy as np

from matcher.peers.choices import ChoicePeer, Ints
from matcher.peers.peer import Arrays, Floats

_TREES = {"max_iter": 100, "max_leaf_nodes": 7, "learning_rate": 0.05, "min_samples_leaf": 200}
_COLUMNS = ("feature_idx", "num_threshold", "left", "right", "missing_go_to_left", "is_leaf", "value")


class HistogramBoosting(ChoicePeer):
    """Chosen or not, each alternative for itself; a chosen one weighs its gain."""

    name: ClassVar[str] = "histogram_boosting"

    def learn_choices(self, values: Floats, gain: Ints, _sizes: Ints, seed: int) -> Arrays:
        """All trees' nodes one after the other, as plain columns: a fitted estimator would have to be pickled."""
        from sklearn.ensemble import HistGradientBoostingClassifier

        model = HistGradientBoostingClassifier(early_stopping=False, random_state=seed, **_TREES)
        # scikit-learn 1.9 cannot bin a column in which nothing is known.
        known = np.where(np.isnan(values).all(axis=0), 0.0, values)
        model.fit(known, gain > 0, sample_weight=np.maximum(gain, 1))
        trees = [tree.nodes for (tree,) in model._predictors]
        nodes = np.concatenate(trees)
        roots = np.cumsum([0, *map(len, trees)])[:-1]
        start = np.asarray(model._baseline_prediction, dtype=np.float64).ravel()
        return {name: np.ascontiguousarray(nodes[name]) for name in _COLUMNS} | {"roots": roots, "start": start}

    def predict(self, values: Floats) -> Floats:
        """Log-odds: the leaves' values of all trees."""
        nodes, roots = self.arrays, self.arrays["roots"]
        place = np.zeros((len(values), len(roots)), dtype=np.int64) + roots
        rows = np.arange(len(values))[:, None]
        while not nodes["is_leaf"][place].all():
            cell = values[rows, nodes["feature_idx"][place]]
            missing = np.isnan(cell) & (nodes["missing_go_to_left"][place] != 0)
            left = missing | (cell <= nodes["num_threshold"][place])
            below = roots + np.where(left, nodes["left"][place], nodes["right"][place])
            place = np.where(nodes["is_leaf"][place] != 0, place, below)
        return np.asarray(nodes["start"][0] + nodes["value"][place].sum(axis=1))
