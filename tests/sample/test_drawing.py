import numpy as np
import pytest

from matcher.sample.drawing import fill, pick, pick_in_groups, ranks, texts


def rng():
    return np.random.default_rng(1)


def test_pick_follows_the_weights():
    drawn = np.bincount(pick(rng(), [1.0, 0.0, 3.0], 40_000), minlength=3)
    assert drawn[1] == 0
    assert drawn[2] / drawn[0] == pytest.approx(3, rel=0.05)


def test_pick_in_groups_stays_in_the_group_and_follows_its_weights():
    groups = np.array([0, 0, 1, 3, 3])
    wanted = np.repeat([0, 1, 3], 10_000)
    drawn = pick_in_groups(rng(), np.array([1.0, 3.0, 9.0, 1.0, 1.0]), groups, wanted)
    assert (groups[drawn] == wanted).all()
    assert (drawn[:10_000] == 1).mean() == pytest.approx(0.75, abs=0.02)


def test_ranks_are_a_permutation_and_never_prefer_the_impossible():
    placed = ranks(rng(), np.log(np.array([[1.0, 5.0, 0.5], [2.0, 1e-300, 1.0]] * 50)))
    assert (np.sort(placed, axis=1) == np.arange(3)).all()
    assert (placed[1::2, 1] == 2).all()


def test_fill_puts_each_rows_words_into_its_template():
    words = {"a": texts(["x", "y", "z"])}
    filled = fill(["<{a}>", "plain", "{a}{a}"], np.array([2, 0, -1]), words)
    assert filled.tolist() == ["xx", "<y>", ""]


def test_fill_of_nothing_is_nothing():
    assert fill(["{a}"], np.array([], dtype=np.intp), {"a": texts([])}).tolist() == []
