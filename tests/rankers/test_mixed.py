from dataclasses import dataclass, replace

import numpy as np
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from matcher.rankers.mixed import COEFFICIENT_SD, MixedFit, fit_mixed

TRUE_BETA = np.array([-0.4, 1.0, -0.6, 0.3])
TRUE_SDS = 0.9, 0.6
EXPERTS, CATEGORIES, OUTCOMES = 150, 3, 9000
FREE = (None, None)


@dataclass(frozen=True)
class Made:
    """Outcomes drawn from known parameters."""

    columns: np.ndarray
    outcome: np.ndarray
    group: np.ndarray
    expert_of_group: np.ndarray
    expert: np.ndarray
    own: np.ndarray

    def fit(self, bounds=None) -> MixedFit:
        q = self.columns.shape[1]
        return fit_mixed(
            self.columns, self.outcome, self.group, self.expert_of_group, np.zeros(q), bounds or [FREE] * q
        )

    def gradient(self, fit: MixedFit) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of the penalised negative log-likelihood, worked out here, by coefficients, experts and groups."""
        eta = self.columns @ fit.coefficients + (fit.expert[self.expert_of_group] + fit.group)[self.group]
        residual = expit(eta) - self.outcome
        beta = self.columns.T @ residual + np.append(0, fit.coefficients[1:]) / COEFFICIENT_SD**2
        expert = np.bincount(self.expert_of_group[self.group], residual) + fit.expert / fit.expert_sd**2
        return beta, expert, np.bincount(self.group, residual) + fit.group / fit.group_sd**2


def drawn(seed: int = 0) -> Made:
    rng = np.random.default_rng(seed)
    of = np.repeat(np.arange(EXPERTS), CATEGORIES)
    expert, own = rng.normal(0, TRUE_SDS[0], EXPERTS), rng.normal(0, TRUE_SDS[1], len(of))
    group = np.append(np.arange(len(of)), rng.integers(0, len(of), OUTCOMES))
    columns = np.column_stack([np.ones(len(group)), rng.normal(size=(len(group), 3))])
    chance = expit(columns @ TRUE_BETA + (expert[of] + own)[group])
    return Made(columns, (rng.random(len(group)) < chance).astype(np.float64), group, of, expert, own)


@pytest.fixture(scope="module")
def made() -> Made:
    return drawn()


@pytest.fixture(scope="module")
def fit(made) -> MixedFit:
    return made.fit()


def test_known_coefficients_are_recovered(fit):
    """To a tenth; four standard errors of a slope here are .11, the intercept's also hold the experts' mean."""
    np.testing.assert_allclose(fit.coefficients[1:], TRUE_BETA[1:], atol=0.1)
    np.testing.assert_allclose(fit.coefficients[0], TRUE_BETA[0], atol=0.3)


def test_known_spreads_are_recovered(fit):
    """To a fifth: Laplace's approximation sees spreads of binary outcomes a little too small."""
    np.testing.assert_allclose((fit.expert_sd, fit.group_sd), TRUE_SDS, rtol=0.2)


def test_known_effects_are_recovered(made, fit):
    assert np.corrcoef(fit.expert, made.expert)[0, 1] > 0.75
    assert np.corrcoef(fit.group, made.own)[0, 1] > 0.5


def test_intervals_of_an_experts_merit_in_a_category_cover(made, fit):
    of = made.expert_of_group
    sd = np.sqrt(fit.expert_variance[of] + fit.group_variance + 2 * fit.covariance)
    error = fit.expert[of] + fit.group - made.expert[of] - made.own
    assert 0.8 < np.mean(np.abs(error) < 1.645 * sd) < 0.97


def test_the_standard_errors_are_those_of_the_information_matrix(fit):
    """About as large as the error that is made: 9,150 outcomes of standard deviation 1/2."""
    errors = np.sqrt(np.diag(fit.covariance_root @ fit.covariance_root.T))
    assert ((errors[1:] > 0.02) & (errors[1:] < 0.04)).all()
    assert (np.abs(fit.coefficients - TRUE_BETA) < 4 * errors).all()


def test_the_gradient_vanishes_at_the_optimum(made, fit):
    for part in made.gradient(fit):
        assert np.abs(part).max() < 1e-3


def test_without_differences_of_experts_it_is_plain_logistic_regression():
    made = drawn()
    alone = Made(made.columns, made.outcome, np.zeros_like(made.group), np.zeros(1, dtype=np.int64), *[np.zeros(1)] * 2)
    plain = LogisticRegression(C=COEFFICIENT_SD**2, tol=1e-10).fit(made.columns[:, 1:], made.outcome)
    fit = alone.fit()
    np.testing.assert_allclose(fit.coefficients, [*plain.intercept_, *plain.coef_[0]], atol=1e-4)
    np.testing.assert_allclose([*fit.expert, *fit.group], 0, atol=1e-4)


def test_a_bounded_coefficient_stays_within_and_the_rest_is_at_its_optimum(made):
    fit = made.fit([FREE, (None, 0.0), (0.0, None), (0.0, None)])
    assert fit.coefficients[1] == fit.coefficients[2] == 0.0
    assert fit.coefficients[3] > 0.2
    beta, expert, group = made.gradient(fit)
    assert beta[1] < 0 < beta[2], "both bounds hold the coefficient back"
    assert np.abs([*beta[[0, 3]], *expert, *group]).max() < 1e-3


def test_bounds_that_bind_nothing_change_nothing(made, fit):
    bounded = made.fit([FREE, (0.0, None), (None, 0.0), (0.0, None)])
    np.testing.assert_array_equal(bounded.coefficients, fit.coefficients)


def test_the_order_of_the_outcomes_hardly_matters(made, fit):
    """Sums in another order differ in their last bits alone."""
    order = np.random.default_rng(0).permutation(len(made.outcome))
    other = replace(made, columns=made.columns[order], outcome=made.outcome[order], group=made.group[order])
    np.testing.assert_allclose(other.fit().coefficients, fit.coefficients, atol=1e-6)


def by_record(counts: list[int]) -> MixedFit:
    """Experts of one category each, who resolved half of so many cases; nothing else is known."""
    group = np.repeat(np.arange(len(counts)), counts)
    outcome = np.concatenate([np.arange(count) % 2 for count in counts]).astype(np.float64)
    nobody = np.zeros(len(counts))
    return Made(np.ones((len(group), 1)), outcome, group, np.arange(len(counts)), nobody, nobody).fit()


def test_more_outcomes_leave_less_doubt():
    fit = by_record([2, 4, 10, 40, 200] * 10)
    variance = (fit.expert_variance + fit.group_variance + 2 * fit.covariance)[:5]
    assert (np.diff(variance) < 0).all()
    assert variance[0] < fit.expert_sd**2 + fit.group_sd**2


def test_few_outcomes_are_shrunk_towards_the_mean_more_than_many():
    """All of 2, 10 and 40 cases resolved, beside a hundred experts who resolve half of four."""
    counts = [4] * 100 + [2, 10, 40]
    group = np.repeat(np.arange(len(counts)), counts)
    outcome = np.where(group < 100, np.arange(len(group)) % 2, 1.0)
    nobody = np.zeros(len(counts))
    fit = Made(np.ones((len(group), 1)), outcome, group, np.arange(len(counts)), nobody, nobody).fit()
    two, ten, forty = (fit.expert + fit.group)[100:]
    assert 0 < two < ten < forty


def test_a_perfect_record_of_all_gives_finite_numbers():
    """The likelihood has no maximum without the prior; a spread that runs away would show as overflow."""
    group = np.repeat(np.arange(2), 20)
    columns = np.column_stack([np.ones(40), np.repeat([-1.0, 1.0], 20)])
    fit = Made(columns, (group == 1).astype(float), group, np.arange(2), np.zeros(2), np.zeros(2)).fit()
    assert np.isfinite(fit.coefficients).all()
    assert np.isfinite([fit.expert_sd, fit.group_sd, *fit.expert, *fit.group]).all()
