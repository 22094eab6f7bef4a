"""The one contract that every ranker keeps, baselines included (see `matcher.rankers.base.Ranker`)."""

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_limits

from matcher.consultation import Consultation
from matcher.dataset import Dataset
from matcher.errors import UnknownValueError
from matcher.features.declared import FEATURES
from matcher.rankers import RANKERS, make_ranker
from matcher.rankers.base import Ranker, Scores
from matcher.rankers.model_file import load_model, save_model
from tests.rankers.contract import (
    AS_OF,
    BAD,
    FEW,
    GOOD,
    NEWCOMER,
    a_clear_case,
    assert_same_model,
    assert_same_scores,
    assert_same_tables,
    consultations,
    copies,
    cut_by_hand,
    fit,
    fitted,
    rows_of,
    shuffled,
    the_world,
    with_held_out,
    with_tables,
)

LEARNED = [name for name in RANKERS if name.startswith("additive")]
every_ranker = pytest.mark.parametrize("name", RANKERS)


def scores(ranker: Ranker, experts: pd.DataFrame | None = None) -> list[Scores]:
    return [ranker.score(asked, the_world().experts if experts is None else experts) for asked in consultations()]


@every_ranker
def test_fit_returns_the_ranker_itself(name):
    ranker = make_ranker(name)
    assert ranker.fit(a_clear_case(), as_of=AS_OF) is ranker


@every_ranker
def test_scores_are_finite_and_one_an_expert_in_the_order_given(name):
    for found in scores(fitted(name)):
        assert found.score.shape == found.probability.shape == found.lower.shape == found.upper.shape == (120,)
        assert found.score.dtype == np.float64
        assert np.isfinite(found.score).all()


@every_ranker
def test_a_probability_lies_in_its_interval_or_is_not_claimed_at_all(name):
    for found in scores(fitted(name)):
        chances = np.stack([found.lower, found.probability, found.upper])
        claimed = ~np.isnan(chances)
        assert claimed.all() or not claimed.any()
        assert claimed.any() == (name in LEARNED)
        if claimed.any():
            assert (chances >= 0).all()
            assert (chances <= 1).all()
            assert (np.diff(chances, axis=0) >= 0).all()


@every_ranker
def test_the_order_of_the_experts_changes_no_score(name):
    experts = shuffled(the_world().experts)
    for found, whole in zip(scores(fitted(name), experts.reset_index(drop=True)), scores(fitted(name)), strict=True):
        assert_same_scores(found, rows_of(whole, experts.index))


@every_ranker
def test_a_single_expert_scores_as_among_all(name):
    whole = scores(fitted(name))
    for row in range(0, 120, 7):
        alone = scores(fitted(name), the_world().experts.iloc[[row]].reset_index(drop=True))
        for found, wanted in zip(alone, whole, strict=True):
            assert_same_scores(found, rows_of(wanted, [row]))


@every_ranker
@pytest.mark.parametrize("size", [2, 3, 31, 64, 97])
def test_other_candidates_change_no_score(name, size):
    rows = np.sort(np.random.default_rng(size).choice(120, size, replace=False))
    some = scores(fitted(name), the_world().experts.iloc[rows])
    for found, whole in zip(some, scores(fitted(name)), strict=True):
        assert_same_scores(found, rows_of(whole, rows))


@every_ranker
def test_a_consultation_scores_the_same_whatever_was_asked_before(name):
    fresh = load_model_copy(fitted(name))
    for asked, found in zip(reversed(consultations()), reversed(scores(fitted(name))), strict=True):
        assert_same_scores(fresh.score(asked, the_world().experts.copy()), found)


def load_model_copy(ranker: Ranker) -> Ranker:
    card, arrays = ranker.state()
    return type(ranker).from_state(card, arrays)


@every_ranker
def test_the_order_of_the_training_tables_changes_nothing(name):
    tables = ("experts", "consultations", "hubs", "clients", "dispatches", "conflicts", "categories")
    assert_same_model(fit(name, with_tables(the_world(), shuffled, *tables)), fitted(name))


@every_ranker
def test_the_same_data_and_seed_make_the_same_bytes(name, tmp_path):
    save_model(tmp_path / "one", fitted(name), {})
    save_model(tmp_path / "two", fit(name, replace(the_world())), {})
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@every_ranker
def test_the_number_of_threads_changes_nothing(name):
    with threadpool_limits(2):
        assert_same_model(fit(name, the_world()), fitted(name))
        two = scores(fitted(name))
    with threadpool_limits(1):
        one = scores(fitted(name))
    for found, wanted in zip(two, one, strict=True):
        assert_same_scores(found, wanted)


@every_ranker
def test_an_explanation_sums_to_the_score(name):
    for asked, found in zip(consultations(), scores(fitted(name)), strict=True):
        explained = fitted(name).explain(asked, the_world().experts)
        total = [each.base + sum(term.contribution for term in each.terms) for each in explained]
        np.testing.assert_allclose(total, found.score, rtol=0, atol=1e-9)
        assert [each.expert_id for each in explained] == the_world().experts["expert_id"].tolist()


@every_ranker
def test_an_explanation_names_declared_features_once_each(name):
    ranker = fitted(name)
    declared = {feature.name: feature for feature in getattr(ranker, "features", ())} | FEATURES
    for explained in ranker.explain(consultations()[0], the_world().experts):
        names = [term.feature.name for term in explained.terms]
        assert len(set(names)) == len(names) > 0
        assert all(declared[term.feature.name] is term.feature for term in explained.terms)
        assert set(explained.log_odds) <= {"base", *FEATURES}


@every_ranker
def test_an_explanation_of_one_is_as_among_all(name):
    asked, experts = consultations()[0], the_world().experts
    whole = fitted(name).explain(asked, experts)
    for row in (0, 60, 119):
        (alone,) = fitted(name).explain(asked, experts.iloc[[row]])
        assert alone.contributions == whole[row].contributions
        assert alone.base == whole[row].base
        assert [t.sentence("ja") for t in alone.terms] == [t.sentence("ja") for t in whole[row].terms]


@every_ranker
def test_a_saved_model_scores_and_explains_the_same(name, tmp_path):
    save_model(tmp_path / "model", fitted(name), {})
    loaded = load_model(tmp_path / "model").ranker
    assert type(loaded) is type(fitted(name))
    assert_same_model(loaded, fitted(name))
    for found, wanted in zip(scores(loaded), scores(fitted(name)), strict=True):
        assert_same_scores(found, wanted)
    explained = [ranker.explain(consultations()[0], the_world().experts) for ranker in (loaded, fitted(name))]
    assert [each.contributions for each in explained[0]] == [each.contributions for each in explained[1]]


@every_ranker
def test_the_future_changes_neither_model_nor_scores(name, tmp_path):
    past = cut_by_hand(the_world(), AS_OF)
    later = {table: len(the_world().table(table)) - len(past.table(table)) for table in ("experts", "consultations")}
    assert min(later.values()) > 0, "the world has a future"
    known = the_world().dispatches["resolved"][the_world().dispatches["decided_on"] <= AS_OF].count()
    assert known > past.dispatches["resolved"].count() > 0, "some outcomes come later"
    ranker = fit(name, past)
    save_model(tmp_path / "past", ranker, {})
    save_model(tmp_path / "present", fitted(name), {})
    assert (tmp_path / "past").read_bytes() == (tmp_path / "present").read_bytes()
    for found, wanted in zip(scores(ranker), scores(fitted(name)), strict=True):
        assert_same_scores(found, wanted)


@every_ranker
def test_held_out_dispatches_change_nothing(name):
    marked, absent = (with_held_out(the_world(), marked_only=marked) for marked in (True, False))
    assert len(marked.held_out) > 200
    assert len(absent.held_out) == 0
    one, other = fit(name, marked), fit(name, absent)
    assert_same_model(one, other)
    for found, wanted in zip(scores(one), scores(other), strict=True):
        assert_same_scores(found, wanted)


@every_ranker
def test_an_unknown_category_is_refused(name):
    for answer in (fitted(name).score, fitted(name).explain):
        with pytest.raises(UnknownValueError, match="no such issue"):
            answer(Consultation("no such issue"), the_world().experts)


@every_ranker
def test_no_dispatch_at_all_is_a_cold_start(name, tmp_path):
    empty = with_tables(the_world(), lambda rows: rows.iloc[:0], "dispatches")
    ranker = fit(name, empty)
    for asked, found in zip(consultations(), scores(ranker), strict=True):
        assert np.isfinite(found.score).all()
        assert np.isnan([found.probability, found.lower, found.upper]).all()
        explained = ranker.explain(asked, the_world().experts)
        total = [each.base + sum(each.contributions.values()) for each in explained]
        np.testing.assert_allclose(total, found.score, rtol=0, atol=1e-9)
        assert not any(each.log_odds for each in explained)
    save_model(tmp_path / "model", ranker, {})
    assert_same_model(load_model(tmp_path / "model").ranker, ranker)


@every_ranker
def test_a_register_alone_is_enough_to_fit(name):
    data = Dataset.from_tables({"experts": the_world().experts, "categories": the_world().categories})
    assert np.isfinite(fit(name, data).score(Consultation("sales.web"), data.experts).score).all()


@every_ranker
def test_experts_of_whom_nothing_but_the_id_is_known_are_scored(name):
    bare = Dataset.from_tables({"experts": the_world().experts[["expert_id", "name"]]}).experts
    for found in scores(fitted(name), bare):
        assert np.isfinite(found.score).all()


@every_ranker
def test_no_expert_gives_no_score(name):
    nobody = the_world().experts.iloc[:0]
    for found in scores(fitted(name), nobody):
        assert found.score.shape == found.probability.shape == found.lower.shape == found.upper.shape == (0,)
    assert fitted(name).explain(consultations()[0], nobody) == []


@every_ranker
def test_experts_whom_the_model_has_never_seen_are_scored(name):
    strangers = the_world().experts.assign(expert_id=lambda rows: "new-" + rows["expert_id"])
    for asked, found in zip(consultations(), scores(fitted(name), strangers), strict=True):
        assert np.isfinite(found.score).all()
        assert len(fitted(name).explain(asked, strangers)) == 120


@every_ranker
def test_nothing_that_is_given_is_changed(name):
    data = with_tables(the_world(), lambda rows: rows.head(200).copy(), "consultations")
    before, asked = copies(data), consultations()[0]
    as_json = asked.to_json()
    ranker = fit(name, data)
    ranker.score(asked, data.experts)
    ranker.explain(asked, data.experts)
    assert_same_tables(data, before)
    assert asked.to_json() == as_json


@every_ranker
def test_a_new_register_at_the_address_of_an_old_one_is_not_mistaken_for_it(name):
    """A ranker may remember a register; Python gives the place of one that is gone to the next."""
    asked, ranker = consultations()[0], fitted(name)
    whole, addresses = ranker.score(asked, the_world().experts), set()
    for row in range(100):
        register = the_world().experts.iloc[[row]]
        assert_same_scores(ranker.score(asked, register), rows_of(whole, [row]))
        addresses.add(id(register))
        del register
    assert len(addresses) < 100, "some place was used twice"


@every_ranker
def test_threads_may_ask_one_ranker_for_several_registers_at_once(name):
    """The service answers in threads; switching as often as can be."""
    asked, ranker, experts = consultations()[0], fitted(name), the_world().experts
    whole, interval = ranker.score(asked, experts), sys.getswitchinterval()

    def ask(row: int) -> None:
        assert_same_scores(ranker.score(asked, experts.iloc[[row]]), rows_of(whole, [row]))

    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(ask, range(100)))
    finally:
        sys.setswitchinterval(interval)


def clear_scores(name: str) -> dict[str, float]:
    data = a_clear_case()
    ranker = fit(name, data, as_of=pd.Timestamp("2026-01-01"))
    asked = Consultation("sales.web", prefecture_code="13")
    return dict(zip(data.experts["expert_id"], ranker.score(asked, data.experts).score, strict=True))


def test_who_resolves_every_case_comes_before_who_resolves_none():
    found = clear_scores("additive")
    assert max(found, key=found.get) == GOOD
    assert min(found, key=found.get) == BAD


def test_two_good_cases_say_less_than_forty():
    found = clear_scores("additive")
    assert found[NEWCOMER] < found[FEW] < found[GOOD]
    assert found[FEW] - found[NEWCOMER] < (found[GOOD] - found[NEWCOMER]) / 2


def test_choices_put_first_who_was_sent_most():
    found = clear_scores("additive-choice")
    assert min(found[GOOD], found[BAD]) > max(score for name, score in found.items() if name not in (GOOD, BAD))
