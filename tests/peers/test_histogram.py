import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from matcher.peers.histogram import _TREES, HistogramBoosting


def test_the_nodes_score_as_the_estimator_does_missing_values_too() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(600, 4))
    values[rng.random(values.shape) < 0.3] = np.nan
    gain = 3 * (np.nan_to_num(values[:, 0]) + rng.normal(size=600) > 0.5).astype(np.int64)
    peer = HistogramBoosting()
    model = HistGradientBoostingClassifier(early_stopping=False, random_state=5, **_TREES)
    with threadpool_limits(1):
        peer.take(peer.learn_choices(values, gain, np.array([600]), 5))
        model.fit(values, gain > 0, sample_weight=np.maximum(gain, 1))
    np.testing.assert_allclose(peer.predict(values), model.decision_function(values), rtol=0, atol=1e-12)
