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
    crossed: tuple[np.ndarray, ...] = ()
    others: tuple[np.ndarray, ...] = ()

    def fit(self, bounds=None) -> MixedFit:
        q = self.columns.shape[1]
        parents = (self.expert_of_group,)
        return fit_mixed(
            self.columns, self.outcome, self.group, parents, self.crossed, np.zeros(q), bounds or [FREE] * q
        )

    def predictor(self, fit: MixedFit) -> np.ndarray:
        expert, group = (effects.mean for effects in fit.nested)
        eta = self.columns @ fit.coefficients + (expert[self.expert_of_group] + group)[self.group]
        return eta + sum(effects.mean[node] for effects, node in zip(fit.crossed, self.crossed, strict=True))

    def gradient(self, fit: MixedFit) -> list[np.ndarray]:
        """Of the penalised negative log-likelihood, worked out here, by coefficients and effects of each level."""
        residual = expit(self.predictor(fit)) - self.outcome
        beta = self.columns.T @ residual + np.append(0, fit.coefficients[1:]) / COEFFICIENT_SD**2
        nodes = (self.expert_of_group[self.group], self.group, *self.crossed)
        every = zip((*fit.nested, *fit.crossed), nodes, strict=True)
        return [beta, *(np.bincount(node, residual) + effects.mean / effects.sd**2 for effects, node in every)]


def drawn(seed: int = 0, *spreads: tuple[int, float]) -> Made:
    """Beside experts, of each of `spreads` so many nodes with effects of that spread, which cross them."""
    rng = np.random.default_rng(seed)
    of = np.repeat(np.arange(EXPERTS), CATEGORIES)
    expert, own = rng.normal(0, TRUE_SDS[0], EXPERTS), rng.normal(0, TRUE_SDS[1], len(of))
    group = np.append(np.arange(len(of)), rng.integers(0, len(of), OUTCOMES))
    columns = np.column_stack([np.ones(len(group)), rng.normal(size=(len(group), 3))])
    eta = columns @ TRUE_BETA + (expert[of] + own)[group]
    crossed = tuple(np.append(np.arange(size), rng.integers(0, size, len(group) - size)) for size, _ in spreads)
    others = tuple(rng.normal(0, spread, size) for size, spread in spreads)
    eta += sum(effects[node] for effects, node in zip(others, crossed, strict=True))
    outcome = (rng.random(len(group)) < expit(eta)).astype(np.float64)
    return Made(columns, outcome, group, of, expert, own, crossed, others)


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
    np.testing.assert_allclose([effects.sd for effects in fit.nested], TRUE_SDS, rtol=0.2)


def test_known_effects_are_recovered(made, fit):
    assert np.corrcoef(fit.nested[0].mean, made.expert)[0, 1] > 0.75
    assert np.corrcoef(fit.nested[1].mean, made.own)[0, 1] > 0.5


def test_intervals_of_an_experts_merit_in_a_category_cover(made, fit):
    of = made.expert_of_group
    expert, group = fit.nested
    error = expert.mean[of] + group.mean - made.expert[of] - made.own
    sd = np.sqrt(group.variance)
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
    np.testing.assert_allclose([*fit.nested[0].mean, *fit.nested[1].mean], 0, atol=1e-4)


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
    variance = fit.nested[1].variance[:5]
    assert (np.diff(variance) < 0).all()
    assert variance[0] < fit.nested[0].sd ** 2 + fit.nested[1].sd ** 2


def test_few_outcomes_are_shrunk_towards_the_mean_more_than_many():
    """All of 2, 10 and 40 cases resolved, beside a hundred experts who resolve half of four."""
    counts = [4] * 100 + [2, 10, 40]
    group = np.repeat(np.arange(len(counts)), counts)
    outcome = np.where(group < 100, np.arange(len(group)) % 2, 1.0)
    nobody = np.zeros(len(counts))
    fit = Made(np.ones((len(group), 1)), outcome, group, np.arange(len(counts)), nobody, nobody).fit()
    two, ten, forty = (fit.nested[0].mean + fit.nested[1].mean)[100:]
    assert 0 < two < ten < forty


def test_a_perfect_record_of_all_gives_finite_numbers():
    """The likelihood has no maximum without the prior; a spread that runs away would show as overflow."""
    group = np.repeat(np.arange(2), 20)
    columns = np.column_stack([np.ones(40), np.repeat([-1.0, 1.0], 20)])
    fit = Made(columns, (group == 1).astype(float), group, np.arange(2), np.zeros(2), np.zeros(2)).fit()
    assert np.isfinite(fit.coefficients).all()
    for effects in fit.nested:
        assert np.isfinite([effects.sd, *effects.mean, *effects.variance]).all()


@pytest.fixture(scope="module")
def crossing() -> tuple[Made, MixedFit]:
    made = drawn(3, (400, 0.8), (8, 0.5))
    return made, made.fit()


def test_known_spreads_of_crossed_effects_are_recovered(crossing):
    """Of 400 clients and of eight categories, as they were drawn: to a fifth (Laplace's approximation, see above)."""
    made, fit = crossing
    for effects, drawn_effects in zip(fit.crossed, made.others, strict=True):
        assert effects.sd == pytest.approx(drawn_effects.std(), rel=0.2)


def test_known_crossed_effects_are_recovered(crossing):
    """The categories', of 1,200 outcomes each, closely; what all of them have alike is the intercept's."""
    made, fit = crossing
    clients, categories = (effects.mean for effects in fit.crossed)
    assert np.corrcoef(clients, made.others[0])[0, 1] > 0.75
    np.testing.assert_allclose(categories, made.others[1] - made.others[1].mean(), atol=0.25)
    np.testing.assert_allclose([clients.mean(), categories.mean()], 0, atol=1e-6)


def test_who_is_blind_to_clients_finds_smaller_coefficients(crossing):
    """As an average over unlike cases must (Zeger, Liang & Albert 1988, eq. 3.3).

    With clients, too, a coefficient falls short, by a sixth at most: Laplace's approximation does so where nodes have
    few binary outcomes (Breslow & Lin 1995, Biometrika 82), and the prior draws it to 0.
    """
    made, fit = crossing
    np.testing.assert_allclose(fit.coefficients[1:], TRUE_BETA[1:], rtol=0.17)
    blind = replace(made, crossed=()).fit()
    assert (np.abs(blind.coefficients[1:]) < np.abs(fit.coefficients[1:])).all()


def test_the_gradient_vanishes_with_crossed_effects(crossing):
    made, fit = crossing
    for part in made.gradient(fit):
        assert np.abs(part).max() < 0.05


def test_crossed_effects_that_are_not_there_are_found_to_be_small():
    made = drawn(2, (400, 0.0))
    assert made.fit().crossed[0].sd < 0.25


def test_the_variance_of_a_crossed_effect_is_that_of_its_own_outcomes(crossing):
    made, fit = crossing
    p = expit(made.predictor(fit))
    for effects, node in zip(fit.crossed, made.crossed, strict=True):
        wanted = 1 / (np.bincount(node, p * (1 - p)) + effects.sd**-2)
        np.testing.assert_allclose(effects.variance, wanted, rtol=0.01)


def test_variances_are_those_of_the_whole_systems_inverse():
    """Against the second derivative written out, (coefficients, experts, groups) squared, and inverted (Laplace).

    Effects are given the coefficients, whose own doubt is counted beside them.
    """
    rng = np.random.default_rng(5)
    of, group = np.array([0, 0, 1, 2, 2, 2]), np.append(np.arange(6), rng.integers(0, 6, 54))
    columns = np.column_stack([np.ones(60), rng.normal(size=(60, 2))])
    made = Made(columns, (rng.random(60) < 0.5).astype(np.float64), group, of, np.zeros(3), np.zeros(6))
    fit = made.fit()
    rows = np.hstack([columns, np.eye(3)[of[group]], np.eye(6)[group]])
    p = expit(made.predictor(fit))
    prior = [1e-6, *[COEFFICIENT_SD**-2] * 2, *[fit.nested[0].sd ** -2] * 3, *[fit.nested[1].sd ** -2] * 6]
    second = rows.T @ (rows * (p * (1 - p))[:, None]) + np.diag(prior)
    np.testing.assert_allclose(
        fit.covariance_root @ fit.covariance_root.T, np.linalg.inv(second)[:3, :3], rtol=0.01, atol=1e-5
    )
    given = np.linalg.inv(second[3:, 3:])
    np.testing.assert_allclose(fit.nested[0].variance, np.diag(given)[:3], rtol=0.01)
    together = np.hstack([np.eye(3)[of], np.eye(6)])
    np.testing.assert_allclose(fit.nested[1].variance, np.diag(together @ given @ together.T), rtol=0.01)


def test_three_levels_are_fitted_as_two():
    """A whole that all experts are part of takes up nothing: its spread is the least there may be."""
    made = drawn(3)
    top = np.zeros(EXPERTS, dtype=np.int64)
    parents = (top, made.expert_of_group)
    fit = fit_mixed(made.columns, made.outcome, made.group, parents, (), np.zeros(4), [FREE] * 4)
    two = made.fit()
    assert len(fit.nested) == 3
    np.testing.assert_allclose(fit.nested[2].mean, two.nested[1].mean, atol=0.02)
    np.testing.assert_allclose(fit.coefficients[1:], two.coefficients[1:], atol=0.01)
