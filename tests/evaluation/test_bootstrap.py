import numpy as np
import pytest

from matcher.evaluation.bootstrap import central, paired_interval, resampled_means


def array(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


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


def test_columns_are_resampled_together():
    """The same draws for every column: of two that differ by a constant, so do the means of each draw."""
    one = np.random.default_rng(0).normal(size=40)
    means = resampled_means(np.column_stack([one, one + 0.5]))
    np.testing.assert_allclose(means[:, 1] - means[:, 0], 0.5)


def test_a_column_without_values_has_no_interval_beside_one_that_has():
    low, high = central(resampled_means(np.column_stack([array(1, 2, 3), array(np.nan, np.nan, np.nan)])))
    assert low[0] < 2 < high[0]
    assert np.isnan([low[1], high[1]]).all()
