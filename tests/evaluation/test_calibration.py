import numpy as np
import pytest

from matcher.evaluation.calibration import Calibration, wilson
from matcher.evaluation.metrics import brier


def drawn(count: int = 500, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    chance = rng.random(count)
    return (rng.random(count) < chance).astype(float), chance


def total(found: Calibration) -> float:
    return found.reliability - found.resolution + found.uncertainty + found.within


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("count", [1, 3, 10, 57, 500])
def test_the_parts_sum_to_the_brier_score_exactly(seed, count):
    outcome, chance = drawn(count, seed)
    found = Calibration.of(outcome, chance**2)
    assert total(found) == pytest.approx(brier(outcome, chance**2), abs=1e-12)
    assert found.brier == brier(outcome, chance**2)


def test_the_parts_of_a_hand_computed_case():
    """Bins (.1, .3) with outcomes (0, 1) and (.6, .8) with (1, 1); three of four are resolved."""
    found = Calibration.of(np.array([0.0, 1, 1, 1]), np.array([0.1, 0.3, 0.6, 0.8]), bins=2)
    assert found.reliability == pytest.approx((0.3**2 + 0.3**2) / 2)
    assert found.resolution == pytest.approx((0.25**2 + 0.25**2) / 2)
    assert found.uncertainty == pytest.approx(0.75 * 0.25)
    assert found.within == pytest.approx(((0.01 - 2 * 0.05) + 0.01) / 2)
    assert [part.count for part in found.bins] == [2, 2]
    assert [part.foretold for part in found.bins] == pytest.approx([0.2, 0.7])
    assert [part.resolved for part in found.bins] == [0.5, 1.0]


def test_constants_in_each_bin_leave_nothing_within():
    chance = np.repeat([0.2, 0.7], 5)
    assert Calibration.of(np.tile([0.0, 1.0], 5), chance, bins=2).within == pytest.approx(0, abs=1e-12)


def test_honest_probabilities_are_reliable_and_vain_ones_are_not():
    outcome, chance = drawn(5000)
    assert Calibration.of(outcome, chance).reliability < 0.002
    assert Calibration.of(outcome, np.sqrt(chance)).reliability > 0.02


def test_skill_is_what_is_gained_on_the_constant():
    outcome, chance = drawn()
    constant = np.full(len(outcome), outcome.mean())
    found = Calibration.of(outcome, chance)
    assert found.skill == pytest.approx(1 - brier(outcome, chance) / brier(outcome, constant))
    assert Calibration.of(outcome, constant).skill == pytest.approx(0)
    assert np.isnan(Calibration.of(np.ones(5), np.full(5, 0.5)).skill)


def test_a_shares_interval_is_the_published_one():
    """Newcombe 1998, table I, method 3: 81 of 263, and 0 of 20."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(20, 20) == pytest.approx((1 - 0.1611, 1.0), abs=5e-5)
