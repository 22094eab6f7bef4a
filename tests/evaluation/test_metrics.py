import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, ndcg_score, roc_auc_score
from sklearn.metrics import log_loss as sklearn_log_loss

from matcher.evaluation.metrics import auc, brier, ece, log_loss, ndcg_at, reciprocal_rank

RNG_SEEDS = range(5)


def array(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def test_ndcg_of_a_hand_computed_case():
    """Gains 1, 0, 3 as ranked: (1 + 3 / 2) / (3 + 1 / log2 3)."""
    assert ndcg_at(array(1, 0, 3)) == pytest.approx((1 + 3 / 2) / (3 + 1 / np.log2(3)))


def test_ndcg_of_the_best_order_is_one_and_of_no_gain_in_the_top_zero():
    assert ndcg_at(array(3, 2, 1, 0)) == 1.0
    assert ndcg_at(array(0, 0, 1), k=2) == 0.0


@pytest.mark.parametrize("gains", [array(), array(0, 0)])
def test_ndcg_without_any_gain_is_undefined(gains):
    assert np.isnan(ndcg_at(gains))


@pytest.mark.parametrize("seed", RNG_SEEDS)
@pytest.mark.parametrize("k", [1, 10, 100])
def test_ndcg_is_that_of_an_independent_library(seed, k):
    rng = np.random.default_rng(seed)
    gain, score = rng.integers(0, 4, 40).astype(float), rng.permutation(40).astype(float)
    assert ndcg_at(gain[np.argsort(-score)], k) == pytest.approx(ndcg_score([gain], [score], k=k))


@pytest.mark.parametrize(
    ("relevant", "wanted"), [([1, 0], 1), ([0, 1, 1], 1 / 2), ([0, 0, 0, 1], 1 / 4), ([0, 0], 0), ([], 0)]
)
def test_reciprocal_rank_is_of_the_first_relevant_one(relevant, wanted):
    assert reciprocal_rank(np.array(relevant, dtype=bool)) == wanted


@pytest.mark.parametrize("seed", RNG_SEEDS)
def test_brier_and_auc_are_those_of_an_independent_library(seed):
    rng = np.random.default_rng(seed)
    outcome, chance = rng.integers(0, 2, 200).astype(float), rng.random(200).round(1)
    assert brier(outcome, chance) == pytest.approx(brier_score_loss(outcome, chance))
    assert auc(outcome, chance) == pytest.approx(roc_auc_score(outcome, chance))


def test_auc_by_hand_counts_ties_half():
    assert auc(array(1, 1, 0, 0), array(0.9, 0.5, 0.5, 0.1)) == (1 + 1 + 0.5 + 1) / 4


def test_what_is_undefined_is_nan():
    assert np.isnan([brier(array(), array()), ece(array(), array()), auc(array(), array())]).all()
    assert np.isnan(auc(array(1, 1), array(0.2, 0.8)))


def test_calibration_error_of_a_hand_computed_case():
    """Two parts of two: |1/2 - .2| and |1 - .7|, each half of the cases."""
    assert ece(array(0, 1, 1, 1), array(0.1, 0.3, 0.6, 0.8), bins=2) == pytest.approx(0.3)
    assert ece(array(0, 1), array(0.0, 1.0)) == 0.0


def test_calibration_error_of_honest_probabilities_is_small_and_of_vain_ones_large():
    rng = np.random.default_rng(0)
    chance = rng.random(20_000)
    outcome = (rng.random(20_000) < chance).astype(float)
    assert ece(outcome, chance) < 0.02
    assert ece(outcome, np.sqrt(chance)) > 0.1


def test_calibration_error_does_not_depend_on_the_order_of_the_cases():
    rng = np.random.default_rng(1)
    outcome, chance, order = rng.integers(0, 2, 100).astype(float), rng.random(100), rng.permutation(100)
    assert ece(outcome[order], chance[order]) == pytest.approx(ece(outcome, chance))


def test_log_loss_is_that_of_an_independent_library():
    rng = np.random.default_rng(0)
    outcome, chance = rng.integers(0, 2, 200).astype(float), rng.uniform(0.01, 0.99, 200)
    assert log_loss(outcome, chance) == pytest.approx(sklearn_log_loss(outcome, chance))


def test_a_certainty_that_failed_costs_much_but_not_without_end():
    assert log_loss(array(1, 0), array(1, 0)) == 0.0
    assert 30 < log_loss(array(1), array(0)) < 40
    assert np.isnan(log_loss(array(), array()))
