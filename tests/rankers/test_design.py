import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from matcher.features.declared import CHOICE_FEATURES, FEATURES, MERIT_FEATURES
from matcher.features.feature import Feature, Group
from matcher.rankers.design import COEFFICIENT_STEP, COLUMN_STEP, LARGEST_COLUMN, Design, on_grid

KNOTS = (0.0, 10.0, 30.0)
ALL = tuple(FEATURES.values())
cells = st.floats(-1e6, 1e6) | st.just(np.nan)


def a_feature(name: str = "shape", knots: tuple[float, ...] = (), monotone: int = 0, prior: float = 0.0) -> Feature:
    return Feature(name, {"ja": name, "en": name}, Group.OTHER, "", "", knots=knots, monotone=monotone, prior=prior)


def a_design(*features: Feature) -> Design:
    """Lines unscaled."""
    return Design(features, np.zeros(len(features)), np.ones(len(features)))


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)[:, None]


def test_a_ramp_rises_between_its_knots_and_unknown_has_a_column_of_its_own():
    found = a_design(a_feature(knots=KNOTS)).matrix(column(-5, 0, 5, 10, 20, 30, 99, np.nan))
    wanted = [[0, 0, 0], [0, 0, 0], [0.5, 0, 0], [1, 0, 0], [1, 0.5, 0], [1, 1, 0], [1, 1, 0], [0, 0, 1]]
    np.testing.assert_array_equal(found, wanted)


def test_a_line_is_standardised_by_its_known_values_and_cut_off_far_out():
    values = column(1, 3, np.nan)
    design = Design.of((a_feature(),), values)
    np.testing.assert_array_equal(design.matrix(values), [[-1, 0], [1, 0], [0, 1]])
    np.testing.assert_array_equal(design.matrix(column(1e9, -1e9))[:, 0], [LARGEST_COLUMN, -LARGEST_COLUMN])


@pytest.mark.parametrize("values", [column(), column(np.nan, np.nan), column(7, 7, 7)])
def test_a_line_without_spread_gives_finite_columns(values):
    design = Design.of((a_feature(),), values)
    assert np.isfinite(design.matrix(column(7, 8, np.nan))).all()


def test_widths_starts_and_bounds_go_together():
    design = a_design(a_feature("up", KNOTS, 1), a_feature("line"), a_feature("down", KNOTS, -1))
    assert design.widths == [3, 2, 3]
    assert design.starts.tolist() == [0, 3, 5]
    free, up, down = (None, None), (0.0, None), (None, 0.0)
    assert design.bounds == [up, up, free, free, free, down, down, free]


def test_the_prior_gives_the_whole_range_its_declared_worth_and_unknown_half_of_it():
    design = a_design(a_feature("up", KNOTS, prior=1.0))
    low, high, unknown = design.contributions(design.matrix(column(0, 30, np.nan)), design.prior)[:, 0]
    assert (low, high, unknown) == (0.0, 1.0, 0.5)


def test_contributions_are_one_a_feature_and_sum_to_the_predictor():
    design = a_design(a_feature("a", KNOTS), a_feature("b"))
    columns = design.matrix(np.array([[15.0, 2.0], [np.nan, np.nan]]))
    coefficients = np.array([1.0, 4.0, 8.0, 0.5, -2.0])
    np.testing.assert_array_equal(design.contributions(columns, coefficients), [[2.0, 1.0], [8.0, -2.0]])


def test_no_feature_at_all_gives_no_column():
    design = a_design()
    assert design.matrix(np.zeros((3, 0))).shape == (3, 0)
    assert design.contributions(np.zeros((3, 0)), np.zeros(0)).shape == (3, 0)
    assert design.prior.shape == (0,)


@pytest.mark.parametrize("features", [MERIT_FEATURES, CHOICE_FEATURES])
def test_our_designs_are_small_enough_for_exact_sums(features):
    """What the grid's arithmetic allows for: 2**8 columns of which none reaches 2**4."""
    design = a_design(*features)
    assert sum(design.widths) <= 2**8
    assert np.abs(design.matrix(np.full((1, len(features)), 1e9))).max() < 2**4


@pytest.mark.parametrize("feature", ALL, ids=FEATURES)
def test_a_prior_keeps_to_its_own_bounds(feature):
    design = a_design(feature)
    for value, (low, high) in zip(design.prior, design.bounds, strict=True):
        assert (low is None or value >= low) and (high is None or value <= high)  # noqa: PT018


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_monotone_feature_never_falls_as_it_rises(data):
    """For every declared monotone feature and any coefficients within the bounds."""
    feature = data.draw(st.sampled_from([feature for feature in ALL if feature.monotone]))
    design = a_design(feature)
    sizes = data.draw(arrays(np.float64, design.widths[0], elements=st.floats(0, 5)))
    values = np.sort(data.draw(arrays(np.float64, 20, elements=st.floats(-600, 600))))
    coefficients = on_grid(sizes * feature.monotone, COEFFICIENT_STEP)
    parts = design.contributions(design.matrix(values[:, None]), coefficients)[:, 0]
    assert (np.diff(parts) * feature.monotone >= 0).all()


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_sum_is_the_same_to_the_last_bit_in_any_order(data):
    features = MERIT_FEATURES
    design = a_design(*features)
    values = data.draw(arrays(np.float64, (4, len(features)), elements=cells))
    width = sum(design.widths)
    columns = design.matrix(values)
    coefficients = on_grid(data.draw(arrays(np.float64, width, elements=st.floats(-16, 16))), COEFFICIENT_STEP)
    order = np.random.default_rng(data.draw(st.integers(0, 99))).permutation(width)
    product = columns @ coefficients
    np.testing.assert_array_equal(product, np.ascontiguousarray(columns[:, order]) @ coefficients[order])
    np.testing.assert_array_equal(product, [sum(row) for row in (columns * coefficients)[:, order].tolist()])
    np.testing.assert_array_equal(product, design.contributions(columns, coefficients).sum(axis=1))
    np.testing.assert_array_equal(product[:1], columns[:1] @ coefficients)


@given(arrays(np.float64, 8, elements=st.floats(-1e3, 1e3)))
def test_the_grid_moves_a_number_by_half_a_step_at_most(values):
    found = on_grid(values, COLUMN_STEP)
    assert np.abs(found - values).max() <= COLUMN_STEP / 2
    np.testing.assert_array_equal(on_grid(found, COLUMN_STEP), found)
