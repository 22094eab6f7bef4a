"""What the learned ranker keeps beside the contract, whatever is inside."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit

from matcher.consultation import Consultation
from matcher.errors import UnknownValueError
from matcher.rankers.additive import OBJECTIVES, AdditiveRanker
from matcher.rankers.blend import Blend
from matcher.rankers.merit import CASE_SD, CASE_STRETCH
from tests.rankers.contract import (
    BAD,
    FEW,
    GOOD,
    NEWCOMER,
    a_clear_case,
    consultations,
    fit,
    fitted,
    the_world,
    with_tables,
)

DAY = pd.Timestamp("2026-01-01")
ASKED = Consultation("sales.web", prefecture_code="13")


@pytest.fixture(scope="module")
def clear() -> pd.DataFrame:
    """What merit says of the clear case, by expert."""
    data = a_clear_case()
    found = fit("additive", data, as_of=DAY).score(ASKED, data.experts)
    return pd.DataFrame(vars(found.at(np.arange(len(found.score)))), index=data.experts["expert_id"].to_numpy())


def test_an_unknown_objective_is_refused_by_name():
    with pytest.raises(UnknownValueError, match=r"unknown objective 'fame'; accepted: merit, choice"):
        AdditiveRanker("fame")
    assert OBJECTIVES == ("merit", "choice")


def test_utility_orders_by_the_log_odds_of_the_probability():
    for asked in consultations():
        found = fitted("additive").score(asked, the_world().experts)
        np.testing.assert_allclose(found.score, logit(found.probability), atol=1e-9)


def test_the_probability_is_the_same_whichever_the_objective():
    for asked in consultations():
        utility, choice = (fitted(name).score(asked, the_world().experts) for name in ("additive", "additive-choice"))
        np.testing.assert_array_equal(utility.probability, choice.probability)
        assert (utility.score != choice.score).any()


def test_the_terms_of_the_probability_sum_to_its_log_odds():
    found = fitted("additive").score(consultations()[0], the_world().experts)
    explained = fitted("additive").explain(consultations()[0], the_world().experts)
    total = [sum(each.log_odds.values()) for each in explained]
    np.testing.assert_allclose(total, logit(found.probability), atol=1e-9)


def test_a_long_record_gives_a_probability_near_its_share(clear):
    assert clear.loc[GOOD, "probability"] > 0.85
    assert clear.loc[BAD, "probability"] < 0.15
    assert 0.3 < clear.loc[NEWCOMER, "probability"] < 0.7


def test_a_longer_record_leaves_a_narrower_interval(clear):
    width = clear["upper"] - clear["lower"]
    assert width[GOOD] < width[FEW] < width[NEWCOMER]


def test_forty_outcomes_leave_about_the_doubt_of_forty_tosses():
    """Half of them heads: a standard deviation of 1 / sqrt(40 / 4) in log-odds of the expert's record.

    The interval is of the case's own log-odds: beside the record it holds the unknown client's and the coefficients'
    doubt, and how hard the case itself is for this expert.
    """
    data = a_clear_case()
    mine = data.dispatches["expert_id"] == GOOD
    even = with_tables(
        data, lambda rows: rows.assign(resolved=rows["resolved"].mask(mine, mine.cumsum() % 2)), "dispatches"
    )
    experts = even.experts[even.experts["expert_id"] == GOOD]
    ranker = fit("additive", even, as_of=DAY)
    known = np.searchsorted(ranker.merit.keys.expert, ranker.pairs(ASKED, experts).place)
    record = np.sqrt(ranker.merit.fit.nested[1].variance[known])[0]
    assert 0.2 < record < 0.35
    found = ranker.score(ASKED, experts)
    spread = (logit(found.upper) - logit(found.lower))[0] / (2 * 1.645)
    assert spread > CASE_SD
    assert record < np.sqrt(spread**2 - CASE_SD**2) / CASE_STRETCH < 0.7


@pytest.mark.parametrize("resolved", [0.0, 1.0])
def test_outcomes_of_one_kind_alone_teach_no_probability(resolved):
    alike = with_tables(a_clear_case(), lambda rows: rows.assign(resolved=resolved), "dispatches")
    found = fit("additive", alike, as_of=DAY).score(ASKED, alike.experts)
    assert np.isnan(found.probability).all()
    assert np.isfinite(found.score).all()


def test_outcomes_that_are_all_unknown_teach_no_probability_and_choices_still_count():
    silent = with_tables(a_clear_case(), lambda rows: rows.assign(resolved=np.nan), "dispatches")
    found = fit("additive-choice", silent, as_of=DAY).score(ASKED, silent.experts)
    assert np.isnan(found.probability).all()
    by_expert = dict(zip(silent.experts["expert_id"], found.score, strict=True))
    assert min(by_expert[GOOD], by_expert[BAD]) > by_expert[NEWCOMER]


def test_being_sent_often_is_no_merit():
    """Of two with the same outcomes, one was sent ten times as often, with ends that nobody recorded."""
    data = a_clear_case()
    extra = data.dispatches.assign(
        dispatch_id=lambda rows: "again-" + rows["dispatch_id"], expert_id="E-other00", resolved=np.nan
    )
    more = with_tables(data, lambda rows: pd.concat([rows, extra.astype(rows.dtypes)]), "dispatches")
    found = fit("additive", more, as_of=DAY).score(ASKED, more.experts).score
    scores = dict(zip(more.experts["expert_id"], found, strict=True))
    assert scores["E-other00"] == pytest.approx(scores["E-other01"], abs=0.1)
    assert scores["E-other00"] < scores[GOOD]


def blended(risk: str = "neutral") -> AdditiveRanker:
    """The fitted ranker with a utility in which fit weighs something, as it does where there are more outcomes."""
    learned = fitted("additive")
    assert isinstance(learned, AdditiveRanker)
    ranker = AdditiveRanker.from_state(*learned.state())
    ranker._join(ranker.merit, ranker.fitness, Blend(0.125, 0.75, 0.4))
    return ranker.with_risk(risk)


@pytest.mark.parametrize("risk", ["neutral", "cautious"])
def test_a_utility_in_which_fit_weighs_is_explained_exactly(risk):
    """Every feature once, merit's and fit's terms of it together; those of fit alone beside."""
    ranker, experts = blended(risk), the_world().experts
    for asked in consultations():
        found, explained = ranker.score(asked, experts), ranker.explain(asked, experts)
        total = [each.base + sum(each.contributions.values()) for each in explained]
        np.testing.assert_allclose(total, found.score, rtol=0, atol=1e-9)
        chances = [sum(each.log_odds.values()) for each in explained]
        np.testing.assert_allclose(chances, logit(found.probability), rtol=0, atol=1e-9)
        names = [term.feature.name for term in explained[0].terms]
        assert len(set(names)) == len(names)
        assert "profile_closeness" in names


def test_fit_moves_the_utility_by_its_weight():
    asked, experts = consultations()[0], the_world().experts
    ranker, pairs = blended(), blended().pairs(asked, experts)
    merit, fit = ranker.merit.believe(pairs).moderated, ranker.fitness.parts(pairs)[0].sum(axis=1)
    assert np.ptp(fit) > 0.1
    np.testing.assert_allclose(ranker.score(asked, experts).score, 0.125 + 0.75 * merit + 0.4 * fit, atol=1e-9)


@pytest.mark.parametrize("risk", ["neutral", "cautious"])
def test_a_few_experts_scores_are_those_among_all(risk: str) -> None:
    found = fitted("additive").with_risk(risk).score(consultations()[0], the_world().experts)
    rows = np.array([5, 3, 90])
    for name in ("score", "probability", "lower", "upper"):
        np.testing.assert_array_equal(getattr(found.at(rows), name), getattr(found, name)[rows])
