import numpy as np
import pytest

from matcher.proposal.blend import fit_weights, probabilities

STATED = np.array([1.0, 0.0])


def test_probabilities_are_the_softmax_of_the_weighed_signs():
    share = probabilities(np.array([[[0.0], [np.log(3.0)]]]), np.array([1.0]))
    assert share == pytest.approx(np.array([[0.25, 0.75]]))


def test_no_text_gives_back_the_stated_weights():
    assert fit_weights(np.zeros((0, 3, 2)), np.zeros(0, dtype=np.int64), STATED).tolist() == STATED.tolist()


def test_known_weights_are_recovered():
    rng = np.random.default_rng(5)
    signs, true = rng.normal(size=(4000, 6, 2)), np.array([2.0, -1.0])
    share = probabilities(signs, true)
    category = (share.cumsum(axis=1) > rng.random((4000, 1))).argmax(axis=1)
    assert fit_weights(signs, category, STATED) == pytest.approx(true, abs=0.12)
