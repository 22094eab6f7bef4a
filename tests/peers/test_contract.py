"""The contract of all rankers (`tests/rankers/contract.py`), kept by every peer that is installed."""

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from matcher.errors import UnknownValueError
from matcher.peers import peers
from matcher.rankers.base import Scores
from tests.peers.builders import EXPERTS, a_small_world, fit, fitted
from tests.rankers.contract import (
    AS_OF,
    a_clear_case,
    assert_same_model,
    assert_same_scores,
    assert_same_tables,
    consultations,
    copies,
    cut_by_hand,
    rows_of,
    shuffled,
    with_held_out,
    with_tables,
)

OUTCOMES = [name for name in peers() if name.endswith("_outcomes")]
every_peer = pytest.mark.parametrize("name", peers())


def scores(ranker, experts=None) -> list[Scores]:
    return [ranker.score(asked, a_small_world().experts if experts is None else experts) for asked in consultations()]


@every_peer
def test_scores_are_finite_and_tell_experts_apart(name):
    for found in scores(fitted(name)):
        assert found.score.shape == (EXPERTS,)
        assert found.score.dtype == np.float64
        assert np.isfinite(found.score).all()
    assert max(len(np.unique(found.score)) for found in scores(fitted(name))) > 5


@every_peer
def test_only_learners_of_outcomes_claim_a_probability(name):
    for found in scores(fitted(name)):
        assert np.isnan(found.lower).all()
        assert np.isnan(found.probability).all() == (name not in OUTCOMES)
    if name in OUTCOMES:
        assert ((found.probability > 0) & (found.probability < 1)).all()


@every_peer
def test_other_candidates_and_their_order_change_no_score(name):
    whole = scores(fitted(name))
    experts = shuffled(a_small_world().experts)
    for found, wanted in zip(scores(fitted(name), experts.reset_index(drop=True)), whole, strict=True):
        assert_same_scores(found, rows_of(wanted, experts.index))
    for rows in ([0], [59], [3, 50, 58], list(range(0, EXPERTS, 5))):
        for found, wanted in zip(scores(fitted(name), a_small_world().experts.iloc[rows]), whole, strict=True):
            assert_same_scores(found, rows_of(wanted, rows))


@every_peer
def test_neither_the_order_of_the_tables_nor_the_number_of_threads_changes_the_model(name):
    tables = ("experts", "consultations", "hubs", "clients", "dispatches", "conflicts", "categories")
    with threadpool_limits(2):
        assert_same_model(fit(name, with_tables(a_small_world(), shuffled, *tables)), fitted(name))


@every_peer
def test_nothing_after_the_day_and_nothing_held_out_is_learned(name):
    assert_same_model(fit(name, cut_by_hand(a_small_world(), AS_OF)), fitted(name))
    marked, gone = (with_held_out(a_small_world(), marked_only=marked) for marked in (True, False))
    assert_same_model(fit(name, marked), fit(name, gone))


@every_peer
def test_a_model_taken_apart_and_put_together_scores_the_same(name):
    card, arrays = fitted(name).state()
    assert all(array.dtype != object for array in arrays.values())
    again = type(fitted(name)).from_state(card, arrays)
    for found, wanted in zip(scores(again), scores(fitted(name)), strict=True):
        assert_same_scores(found, wanted)


@every_peer
def test_an_explanation_is_the_whole_score_in_one_term(name):
    asked = consultations()[0]
    (found,) = fitted(name).explain(asked, a_small_world().experts.iloc[[7]])
    assert found.expert_id == a_small_world().experts["expert_id"].iloc[7]
    wanted = fitted(name).score(asked, a_small_world().experts).score[7]
    assert found.base + sum(term.contribution for term in found.terms) == pytest.approx(wanted, abs=1e-9)


@every_peer
def test_without_any_dispatch_all_are_alike_and_nothing_fails(name):
    none = with_tables(a_small_world(), lambda frame: frame.iloc[:0], "dispatches")
    for found in scores(fit(name, none)):
        assert np.isnan(found.probability).all()
        assert np.isfinite(found.score).all()
        assert name == "bm25" or len(np.unique(found.score)) == 1


@every_peer
def test_an_unknown_category_is_refused(name):
    from dataclasses import replace

    with pytest.raises(UnknownValueError, match="category"):
        fitted(name).score(replace(consultations()[0], category="nonsense"), a_small_world().experts)


@every_peer
def test_the_data_is_left_as_it_was(name):
    before = copies(a_clear_case())
    fit(name, a_clear_case()).score(consultations()[0], a_clear_case().experts)
    assert_same_tables(a_clear_case(), before)
