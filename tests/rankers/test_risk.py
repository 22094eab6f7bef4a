"""Cautious order: by the lower end of the interval, where there is one."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit

from matcher.consultation import Consultation
from matcher.errors import InvalidValueError, UnknownValueError
from tests.rankers.contract import FEW, GOOD, a_clear_case, consultations, fit, fitted, the_world, with_tables

DAY = pd.Timestamp("2026-01-01")
ASKED = Consultation("sales.web", prefecture_code="13")


def test_a_cautious_order_is_by_the_lower_end_of_the_interval():
    neutral, cautious = fitted("additive"), fitted("additive").with_risk("cautious")
    turned = 0
    for asked in consultations():
        found, before = (ranker.score(asked, the_world().experts) for ranker in (cautious, neutral))
        np.testing.assert_allclose(found.score, logit(found.lower), atol=1e-9)
        for name in ("probability", "lower", "upper"):
            np.testing.assert_array_equal(getattr(found, name), getattr(before, name))
        turned += (found.score.argsort() != before.score.argsort()).any()
    assert turned, "doubt moves somebody"
    assert (
        neutral.score(consultations()[0], the_world().experts).score[0]
        > cautious.score(consultations()[0], the_world().experts).score[0]
    )


def test_a_cautious_explanation_sums_to_the_lower_end_and_tells_of_the_same_probability():
    neutral, cautious = fitted("additive"), fitted("additive").with_risk("cautious")
    asked, experts = consultations()[0], the_world().experts
    found = cautious.score(asked, experts).score
    for each, before, score in zip(
        cautious.explain(asked, experts), neutral.explain(asked, experts), found, strict=True
    ):
        assert each.base + sum(each.contributions.values()) == pytest.approx(score, abs=1e-9)
        assert each.log_odds == before.log_odds
        assert each.contributions["uncertainty"] < before.contributions["uncertainty"]
        others = {name: part for name, part in each.contributions.items() if name != "uncertainty"}
        assert others == {name: before.contributions[name] for name in others}


def test_caution_puts_a_short_perfect_record_further_behind_a_long_one():
    data = a_clear_case()
    ranker = fit("additive", data, as_of=DAY)
    apart = {}
    for risk in ("neutral", "cautious"):
        found = ranker.with_risk(risk).score(ASKED, data.experts).score
        by_expert = dict(zip(data.experts["expert_id"], found, strict=True))
        apart[risk] = by_expert[GOOD] - by_expert[FEW]
    assert apart["cautious"] > apart["neutral"] > 0


@pytest.mark.parametrize("name", ["nearest", "random", "search", "popularity", "additive-choice"])
def test_what_has_no_interval_to_order_by_cannot_be_cautious(name):
    with pytest.raises(InvalidValueError, match=r"risk is 'cautious'.*knows no interval"):
        fitted(name).with_risk("cautious")
    assert fitted(name).with_risk("neutral") is fitted(name)


def test_a_cold_start_cannot_be_cautious():
    empty = with_tables(a_clear_case(), lambda rows: rows.iloc[:0], "dispatches")
    with pytest.raises(InvalidValueError, match="knows no interval"):
        fit("additive", empty, as_of=DAY).with_risk("cautious")


def test_an_unknown_risk_is_refused_by_name():
    with pytest.raises(UnknownValueError, match=r"unknown risk 'bold'; accepted: neutral, cautious"):
        fitted("additive").with_risk("bold")
