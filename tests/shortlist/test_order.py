import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import InvalidValueError
from matcher.shortlist.order import best


def order_of(score, ids, k, **options):
    found = best(np.array(score, dtype=float), np.array(ids, dtype="U"), k, **options)
    return [ids[i] for i in found.positions], found.rank.tolist(), found.tied.tolist()


def test_equal_scores_share_a_rank_and_stand_by_id():
    assert order_of([1, 3, 1, 0], ["d", "a", "c", "b"], 4) == (
        ["a", "c", "d", "b"],
        [1, 2, 2, 4],
        [False, True, True, False],
    )


def test_a_tie_with_one_behind_the_cut_is_told():
    assert order_of([1, 1, 1], ["c", "b", "a"], 2) == (["a", "b"], [1, 1], [True, True])


def test_those_not_among_the_eligible_neither_stand_nor_tie():
    among = np.array([True, False, True])
    assert order_of([1, 1, 0], ["a", "b", "c"], 3, among=among) == (["a", "c"], [1, 2], [False, False])


@pytest.mark.parametrize("k", [0, -1])
def test_fewer_than_one_is_refused(k):
    with pytest.raises(InvalidValueError, match=f"k is '{k}'; accepted: a whole number of 1 or more"):
        order_of([1], ["a"], k)


def test_more_than_there_are_gives_all():
    assert order_of([1, 2], ["a", "b"], 10**9)[0] == ["b", "a"]
    assert order_of([], [], 3) == ([], [], [])


@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 10**6)), unique_by=lambda x: x[1]), st.integers(1, 40))
def test_the_best_are_those_of_a_full_sort(pairs, k):
    expected = sorted(pairs, key=lambda pair: (-pair[0], str(pair[1])))[:k]
    ids, rank, tied = order_of([score for score, _ in pairs], [str(name) for _, name in pairs], k)
    assert ids == [str(name) for _, name in expected]
    assert rank == [1 + sum(other > score for other, _ in pairs) for score, _ in expected]
    assert tied == [sum(other == score for other, _ in pairs) > 1 for score, _ in expected]


@pytest.mark.parametrize("k", [1, 7, 40])
def test_among_many_the_best_are_those_of_a_full_sort(k):
    rng = np.random.default_rng(k)
    score = np.round(rng.normal(size=20_011), 3)  # with ties
    ids = np.array([f"E{place:05d}" for place in rng.permutation(len(score))])
    among = rng.random(len(score)) < 0.7
    rows = np.flatnonzero(among)
    wanted = rows[np.lexsort((ids[rows], -score[rows]))][:k]
    assert best(score, ids, k, among=among).positions.tolist() == wanted.tolist()
