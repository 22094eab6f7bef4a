import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from matcher.rankers.choice import RIDGE, fit_choice

TRUE_BETA = np.array([1.0, -0.7, 0.4, 0.0])
FREE = [(None, None)] * 4
NO_PRIOR = np.zeros(4)


def drawn(events: int, alternatives: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Columns, weight and first of choices made with `TRUE_BETA` (Gumbel noise makes the logit)."""
    rng = np.random.default_rng(seed)
    columns = rng.normal(size=(events * alternatives, 4))
    utility = (columns @ TRUE_BETA + rng.gumbel(size=len(columns))).reshape(events, alternatives)
    weight = (np.arange(alternatives) == utility.argmax(axis=1)[:, None]).astype(np.float64)
    return columns, weight.ravel(), np.arange(events) * alternatives


def test_known_weights_are_recovered():
    """To a tenth; three standard errors are .09."""
    np.testing.assert_allclose(fit_choice(*drawn(3000, 10), NO_PRIOR, FREE), TRUE_BETA, atol=0.1)


def test_a_choice_of_two_is_a_logistic_regression_on_the_difference():
    columns, weight, first = drawn(400, 2)
    difference, chosen = columns[0::2] - columns[1::2], weight[0::2]
    scale = np.sqrt((difference**2).mean(axis=0) / 4)
    assert (scale < 1).all()  # a column's spread among the alternatives of its event
    plain = LogisticRegression(C=1 / (2 * RIDGE), fit_intercept=False, tol=1e-10).fit(difference / scale, chosen)
    np.testing.assert_allclose(fit_choice(columns, weight, first, NO_PRIOR, FREE), plain.coef_[0] / scale, atol=1e-3)


def test_a_rare_yes_is_not_held_to_its_prior():
    """One alternative in fifty, chosen e**3 times as often as another; an even ridge would leave 1.1 of the 3."""
    rng = np.random.default_rng(3)
    columns = (rng.random((400 * 20, 1)) < 0.02).astype(np.float64)
    utility = (3 * columns[:, 0] + rng.gumbel(size=len(columns))).reshape(400, 20)
    weight = (np.arange(20) == utility.argmax(axis=1)[:, None]).astype(np.float64).ravel()
    found = fit_choice(columns, weight, np.arange(400) * 20, np.zeros(1), [(None, None)])[0]
    assert found == pytest.approx(3, abs=0.4)


def test_an_event_that_counts_half_twice_is_one_event():
    columns, weight, first = drawn(200, 5)
    twice = fit_choice(np.tile(columns, (2, 1)), np.tile(weight / 2, 2), np.append(first, 1000 + first), NO_PRIOR, FREE)
    np.testing.assert_allclose(twice, fit_choice(columns, weight, first, NO_PRIOR, FREE), atol=1e-4)


def test_events_of_different_sizes_count_alike():
    """An event's alternatives sum to one share, however many; one alternative says nothing."""
    columns, weight, first = drawn(300, 4)
    alone = np.append(columns, np.random.default_rng(1).normal(size=(50, 4)), axis=0)
    more = fit_choice(alone, np.append(weight, np.ones(50)), np.append(first, 1200 + np.arange(50)), NO_PRIOR, FREE)
    np.testing.assert_allclose(more, fit_choice(columns, weight, first, NO_PRIOR, FREE), atol=1e-3)


def test_a_shared_choice_lies_between_the_two():
    columns = np.array([[1.0], [0.0]])
    found = {
        share: fit_choice(columns, np.array([share, 1 - share]), np.array([0]), np.zeros(1), [(None, None)])[0]
        for share in (0.0, 0.5, 1.0)
    }
    assert found[0.0] < found[0.5] < found[1.0]
    assert found[0.5] == 0.0


def test_what_all_alternatives_have_alike_keeps_its_prior():
    columns, weight, first = drawn(200, 5)
    columns[:, 3] = np.repeat(np.random.default_rng(2).normal(size=200), 5)
    prior = np.array([0.0, 0.0, 0.0, 0.25])
    np.testing.assert_allclose(fit_choice(columns, weight, first, prior, FREE)[3], 0.25, atol=1e-6)


def test_bounds_hold():
    bounds = [(None, 0.0), (0.0, None), (0.0, 0.2), (None, None)]
    found = fit_choice(*drawn(300, 5), NO_PRIOR, bounds)
    np.testing.assert_array_equal(found[:2], 0)
    assert found[2] == pytest.approx(0.2, abs=1e-8)


def test_no_choice_gives_back_the_prior():
    nothing = np.zeros(0, dtype=np.int64)
    prior = np.array([0.5, -0.25, 0.0, 2.0])
    np.testing.assert_array_equal(fit_choice(np.zeros((0, 4)), np.zeros(0), nothing, prior, FREE), prior)
