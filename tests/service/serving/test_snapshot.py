from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from matcher.consultation import Consultation
from matcher.errors import DataError, InvalidValueError
from service.serving.day import today_in_japan
from service.serving.snapshot import OF_RULES_ALONE, Snapshot
from tests.service.builders import ON, a_snapshot

ASKED = {"category": "finance"}


def ranked(snapshot: Snapshot, on: pd.Timestamp = ON, **asked):
    return snapshot.rank(ASKED | asked, k=100, lang="ja", on=on)


def scores(made) -> dict[str, float]:
    return {item.expert_id: item.score for item in made.items}


def with_experts(change, revision: int = 1) -> Snapshot:
    """The snapshot on holdings whose experts were changed."""
    holdings = a_snapshot().holdings
    experts = change(holdings.data.experts.copy())
    data = replace(holdings.data, experts=experts)
    return a_snapshot().renewed(replace(holdings, revision=holdings.revision + revision, data=data))


def suspended(experts):
    experts.loc[0, "status"] = "suspended"
    return experts


def grown(experts):
    experts["years_experience"] = experts["years_experience"].fillna(0) + 30
    return experts


def test_the_register_is_kept_for_the_day_and_renewed_on_the_next():
    snapshot = a_snapshot()
    today = snapshot.register(ON)
    assert snapshot.register(ON) is today
    assert snapshot.register(ON + pd.Timedelta(days=1)).on == ON + pd.Timedelta(days=1)


def test_the_answer_names_the_day_it_holds_for():
    days = (ON, ON + pd.Timedelta(days=1), ON)
    answers = [ranked(a_snapshot(), day) for day in days]
    assert [answer.as_of for answer in answers] == ["2026-04-01", "2026-04-02", "2026-04-01"]
    assert answers[0] == answers[2]


def test_a_consultation_received_after_today_is_refused():
    with pytest.raises(DataError, match="2026-04-01"):
        ranked(a_snapshot(), received_on="2026-04-02")


def test_a_consultation_that_was_read_already_is_ranked_as_it_is():
    assert a_snapshot().rank(Consultation("finance"), k=100, lang="ja", on=ON) == ranked(a_snapshot())


def test_a_cautious_order_is_by_the_lower_bound():
    made = a_snapshot().rank(ASKED, k=100, lang="ja", on=ON, risk="cautious")
    lower = [item.lower for item in made.items]
    assert lower == sorted(lower, reverse=True)
    with pytest.raises(InvalidValueError, match="k"):
        a_snapshot().rank(ASKED, k=0, lang="ja", on=ON, risk="cautious")


@pytest.mark.parametrize("column", OF_RULES_ALONE)
def test_no_ranker_reads_what_only_rules_read(column):
    snapshot = a_snapshot()
    experts = snapshot.holdings.data.experts
    other = experts.assign(**{column: experts[column].to_numpy()[::-1]})
    asked = Consultation("finance")
    before, now = (snapshot.model.ranker.score(asked, frame) for frame in (experts, other))
    assert np.array_equal(before.score, now.score)
    assert np.array_equal(before.probability, now.probability, equal_nan=True)


def test_a_suspension_holds_at_once_and_needs_no_preparing():
    before, now = ranked(a_snapshot()), with_experts(suspended)
    made = ranked(now)
    assert now.prepared is a_snapshot().prepared
    assert not now.is_behind
    gone = {item.expert_id for item in before.items} - {item.expert_id for item in made.items}
    assert gone == {now.prepared["expert_id"].iloc[0]}


def test_another_name_is_shown_at_once():
    made = ranked(with_experts(lambda experts: experts.assign(name="同姓同名")))
    assert {item.name for item in made.items} == {"同姓同名"}


def test_what_rankers_read_is_behind_until_it_is_prepared_and_the_fingerprint_says_so():
    behind = with_experts(grown)
    assert behind.is_behind
    assert scores(ranked(behind)) == scores(ranked(a_snapshot()))
    assert behind.data_fingerprint not in {a_snapshot().data_fingerprint, with_experts(suspended).data_fingerprint}
    whole = Snapshot.of(behind.holdings, behind.model, behind.programme, on=ON)
    assert not whole.is_behind
    assert scores(ranked(whole)) != scores(ranked(behind))
    assert whole.data_fingerprint == with_experts(suspended).data_fingerprint


def test_while_behind_rules_still_hold_at_once():
    behind = with_experts(lambda experts: suspended(grown(experts)))
    assert behind.is_behind
    assert behind.prepared["expert_id"].iloc[0] not in {item.expert_id for item in ranked(behind).items}


def test_a_regrown_expert_is_nobodys_and_a_new_one_waits_until_prepared():
    def change(experts):
        new = experts.iloc[[-1]].assign(expert_id="Z-new")
        return pd.concat([experts.iloc[1:], new], ignore_index=True)

    behind = with_experts(change)
    assert behind.is_behind
    assert not scores(ranked(behind)).keys() & {"Z-new", behind.prepared["expert_id"].iloc[0]}
    assert "Z-new" in {
        item.expert_id for item in ranked(Snapshot.of(behind.holdings, behind.model, behind.programme, on=ON)).items
    }


def test_a_revision_that_brings_nothing_uses_everything_again():
    holdings = a_snapshot().holdings
    now = a_snapshot().renewed(replace(holdings, revision=holdings.revision + 1))
    assert now.register(ON) is a_snapshot().register(ON)
    assert now.data is a_snapshot().data
    assert now.data_fingerprint != a_snapshot().data_fingerprint


def test_today_is_a_day_without_zone():
    today = today_in_japan()
    assert today == today.normalize()
    assert today.tz is None
