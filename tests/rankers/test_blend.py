import numpy as np
import pytest
from scipy.special import expit

from matcher.rankers.blend import FEWEST_OUTCOMES, Blend


def made(count: int, *weights: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Merit, fit, and outcomes drawn from intercept + slope * merit + weight * fit."""
    rng = np.random.default_rng(seed)
    merit, fit = rng.normal(0, 1.2, count), rng.normal(0, 1.0, count)
    chance = expit(np.column_stack([np.ones(count), merit, fit]) @ np.array(weights))
    return merit, fit, (rng.random(count) < chance).astype(np.float64)


@pytest.mark.parametrize("weights", [(0.4, 0.7, 0.5), (-0.3, 1.2, 0.0), (0.0, 1.0, 0.9)])
def test_known_weights_are_recovered(weights):
    """To .12; three standard errors of 8,000 outcomes are .09."""
    found = Blend.learn(*made(8000, *weights))
    np.testing.assert_allclose([found.intercept, found.slope, found.weight], weights, atol=0.12)


def test_fit_never_speaks_against_an_expert():
    """Though those whom coordinators would send did worse."""
    found = Blend.learn(*made(4000, 0.0, 1.0, -0.8))
    assert found.weight == 0.0
    assert found.slope == pytest.approx(1.0, abs=0.25)


def test_merit_never_speaks_against_an_expert():
    assert Blend.learn(*made(4000, 0.0, -1.0, 0.5)).slope > 0


def test_few_outcomes_leave_merit_as_it_is():
    merit, fit, outcome = made(FEWEST_OUTCOMES - 1, 0.5, 0.5, 1.0)
    assert Blend.learn(merit, fit, outcome) == Blend(0.0, 1.0, 0.0)
    assert Blend.learn(*made(FEWEST_OUTCOMES, 0.5, 0.5, 1.0)) != Blend()


@pytest.mark.parametrize("kind", [0.0, 1.0])
def test_outcomes_of_one_kind_leave_merit_as_it_is(kind):
    merit, fit, outcome = made(1000, 0.5, 0.5, 1.0)
    assert Blend.learn(merit, fit, np.full_like(outcome, kind)) == Blend()


def test_a_few_hundred_outcomes_move_merit_less_far_than_many():
    """What is believed beforehand, merit as it is, weighs most where there is least to learn from."""
    few, many = (Blend.learn(*made(count, 0.0, 1.0, 1.5, seed=2)) for count in (FEWEST_OUTCOMES, 20_000))
    assert 0 < few.weight < many.weight


def test_a_fit_that_tells_nothing_of_experts_weighs_nothing():
    merit, _, outcome = made(1000, 0.0, 1.0, 0.0)
    assert Blend.learn(merit, np.zeros(1000), outcome).weight == 0.0
