"""Changes that turn the order of two experts round, with a ranker whose every answer is written down here."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Self

import numpy as np
import pandas as pd
import pytest

from matcher.consultation import Consultation
from matcher.lang import LANGS
from matcher.rankers.base import Scores
from matcher.what_if import Change, what_if
from tests.eligibility.builders import a_frame, an_expert
from tests.shortlist.fake_ranker import FakeRanker

Rule = Callable[[Consultation], float]
WHOLE = Consultation(
    "sales.web",
    secondary_categories=("sales.inbound",),
    industry="56",
    prefecture_code="13",
    municipality="新宿区",
    mode="onsite",
    description="集客したい",
)


class RuledRanker(FakeRanker):
    """E1 scores by a rule, E2 zero; with an interval where `lower` gives a cautious score of each."""

    def __init__(self, rule: Rule, lower: Mapping[str, float] | None = None) -> None:
        super().__init__({}, {})
        self.rule, self.lower, self.risk = rule, lower, "neutral"

    def score(self, consultation: Consultation, experts: pd.DataFrame) -> Scores:
        found = {"E1": self.rule(consultation), "E2": 0.0}
        if self.risk == "cautious":
            found = dict(self.lower)
        return Scores.without_probability(np.array([found[name] for name in experts["expert_id"]]))

    def with_risk(self, risk: str) -> Self:
        if self.lower is None:
            return super().with_risk(risk)
        ranker = type(self)(self.rule, self.lower)
        ranker.risk = risk
        return ranker


def tried(rule: Rule, asked: Consultation = WHOLE, *, lower=None, names=("E1", "E2")) -> tuple[Change, ...]:
    return what_if(RuledRanker(rule, lower), a_frame("experts", [an_expert(name) for name in names]), asked)


def better_on_site(asked: Consultation) -> float:
    return -0.5 if asked.mode == "online" else 1.0


def by_name(changes: tuple[Change, ...]) -> dict[str, float]:
    return {change.change: change.lead for change in changes}


def test_a_change_that_flips_the_order_is_named_with_the_lead_it_gives():
    (change,) = tried(better_on_site)
    assert (change.change, change.lead) == ("online", 0.5)
    assert set(change.label) == set(LANGS)


def test_the_order_in_which_the_two_are_named_does_not_matter():
    assert tried(better_on_site) == tried(better_on_site, names=("E2", "E1"))


@pytest.mark.parametrize(
    ("name", "fact", "said"),
    [
        ("no_text", lambda asked: asked.description, WHOLE.description),
        ("no_industry", lambda asked: asked.industry, WHOLE.industry),
        ("no_secondary", lambda asked: asked.secondary_categories, WHOLE.secondary_categories),
        ("no_place", lambda asked: (asked.prefecture_code, asked.municipality), ("13", "新宿区")),
    ],
)
def test_each_fact_is_tried_alone(name, fact, said):
    assert by_name(tried(lambda asked: 1.0 if fact(asked) == said else -2.0)) == {name: 2.0}


def test_the_most_telling_change_comes_first():
    leads = {"onsite": 1.0, "online": -0.25, "either": -0.75}
    found = tried(lambda asked: leads[asked.mode])
    assert [(change.change, change.lead) for change in found] == [("either", 0.75), ("online", 0.25)]


def test_a_change_that_only_narrows_the_lead_or_ties_is_not_named():
    assert tried(lambda asked: {"onsite": 1.0, "online": 0.1, "either": 0.0}[asked.mode]) == ()


def test_equal_experts_have_no_order_to_turn_round():
    assert tried(lambda asked: 0.0 if asked.mode == "onsite" else 1.0) == ()


def test_what_the_consultation_does_not_say_is_not_taken_away():
    asked = Consultation("sales.web")
    scored: list[Consultation] = []

    def rule(changed: Consultation) -> float:
        scored.append(changed)
        return 1.0

    assert tried(rule, asked) == ()
    assert {changed.mode for changed in scored[1:]} == {"onsite", "online", "either"}
    assert all(replace(changed, mode=asked.mode) == asked for changed in scored)


def test_a_cautious_order_is_a_change_where_there_is_an_interval():
    assert by_name(tried(lambda _: 1.0, lower={"E1": -0.5, "E2": 0.25})) == {"cautious": 0.75}
    assert tried(lambda _: 1.0, lower={"E1": 0.5, "E2": 0.25}) == ()


def test_the_consultation_is_not_changed():
    before = WHOLE.to_json()
    tried(lambda _: 1.0)
    assert WHOLE.to_json() == before
