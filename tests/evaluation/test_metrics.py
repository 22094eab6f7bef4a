import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, ndcg_score, roc_auc_score

from matcher.evaluation.metrics import auc, brier, ece, ndcg_at, paired_interval, reciprocal_rank

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


def test_an_interval_is_deterministic_and_holds_the_mean():
    differences = np.random.default_rng(0).normal(0.1, 1, 80)
    low, high = paired_interval(differences)
    assert (low, high) == paired_interval(differences)
    assert low < differences.mean() < high
    assert high - low == pytest.approx(2 * 1.96 * differences.std() / np.sqrt(80), rel=0.1)


def test_an_interval_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(0)
    found = [paired_interval(rng.exponential(1.0, 60) - 1.0, resamples=500) for _ in range(200)]
    assert 0.88 <= np.mean([low <= 0 <= high for low, high in found]) <= 0.98


def test_an_interval_leaves_undefined_cases_out():
    differences = np.random.default_rng(0).normal(size=30)
    assert paired_interval(np.append(differences, [np.nan] * 5)) == paired_interval(differences)
    assert paired_interval(array(0.25, 0.25)) == (0.25, 0.25)
    assert np.isnan(paired_interval(array(np.nan))).all()
    assert np.isnan(paired_interval(array())).all()
