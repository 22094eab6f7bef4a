from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from matcher.eligibility import RULES, Eligibility, Programme, RuleName, evaluate
from matcher.eligibility.client_checks import CLIENT_CHECKS
from tests.eligibility.builders import ON, a_consultation, a_dataset, a_dispatch, an_expert

PROGRAMME = Programme.default()
TOKYO = {"prefecture_code": "13", "municipality": "新宿区"}
OSAKA = {"prefecture_code": "27", "municipality": "大阪市"}


def judged(expert: dict[str, Any], *, programme: Programme = PROGRAMME, lang: Any = "ja", **case: Any) -> Eligibility:
    """One expert against one consultation; `case` mixes the dataset's tables and the consultation's cells."""
    tables = {name: case.pop(name) for name in ("dispatches", "conflicts", "consultations") if name in case}
    data = a_dataset(experts=[expert], **tables)
    return evaluate(a_consultation(**case), data, programme, ON, lang=lang)


def rules_hit(found: Eligibility) -> list[str]:
    return [exclusion.rule for exclusion in found.exclusions]


def test_every_hard_rule_and_client_check_is_declared_once_in_both_languages():
    declared = [*RULES, *CLIENT_CHECKS]
    assert [rule.name for rule in declared] == list(RuleName)
    assert all(set(rule.label) == {"ja", "en"} and all(rule.label.values()) for rule in declared)
    assert all(set(rule.relax) == {"ja", "en"} and all(rule.relax.values()) for rule in RULES)


@pytest.mark.parametrize(("status", "hit"), [("retired", True), ("suspended", True), ("active", False), (None, False)])
def test_retired_and_suspended_are_out_and_a_blank_status_is_active(status, hit):
    expert = an_expert(status=status) if status else an_expert()
    assert judged(expert).mask.tolist() == [not hit]


def test_the_state_of_an_inactive_expert_is_told():
    (exclusion,) = judged(an_expert(status="retired")).exclusions
    assert (exclusion.label, exclusion.count, exclusion.details) == ("休止・引退", 1, {"E1": "引退"})


@pytest.mark.parametrize(
    ("first", "last", "hit"),
    [
        (None, None, True),
        ("2026-03-10", None, True),
        ("2026-03-11", None, False),
        (None, "2026-03-10", True),
        (None, "2026-03-09", False),
        ("2025-04-01", "2027-03-31", True),
    ],
)
def test_a_conflict_holds_from_its_first_to_its_last_day_and_blank_is_unbounded(first, last, hit):
    dates = {name: pd.Timestamp(day) for name, day in (("from", first), ("until", last)) if day}
    row = {"expert_id": "E1", "client_id": "C1", "kind": "family", **dates}
    assert judged(an_expert(), conflicts=[row], client_id="C1").mask.tolist() == [not hit]


def test_a_conflict_on_its_last_day_holds_at_any_hour():
    data = a_dataset(
        experts=[an_expert()],
        conflicts=[{"expert_id": "E1", "client_id": "C1", "until": ON}],
    )
    late = ON + pd.Timedelta(hours=23)
    assert not evaluate(a_consultation(client_id="C1"), data, PROGRAMME, late).mask.any()


def test_a_conflict_with_another_client_or_with_nobody_named_leaves_nobody_out():
    rows = [{"expert_id": "E1", "client_id": "C2"}, {"expert_id": "E1", "kind": "other"}]
    assert judged(an_expert(), conflicts=rows, client_id="C1", hub_id="H1").mask.all()
    assert judged(an_expert(), conflicts=rows).mask.all()


def test_a_conflict_of_somebody_who_is_not_in_the_register_is_no_error():
    assert judged(an_expert(), conflicts=[{"expert_id": "E9", "client_id": "C1"}], client_id="C1").mask.all()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("advisory_contract", "顧問契約"),
        ("family", "親族"),
        ("affiliation", "所属"),
        ("other", "その他の利害関係"),
        (None, "種類不明の利害関係"),
    ],
)
def test_the_kind_of_a_conflict_is_told_in_words(kind, words):
    row = {"expert_id": "E1", "hub_id": "H1", **({"kind": kind} if kind else {})}
    (exclusion,) = judged(an_expert(), conflicts=[row], hub_id="H1").exclusions
    assert exclusion.details == {"E1": f"派遣元の拠点: {words}"}


def test_several_conflicts_of_one_expert_are_all_told_with_their_dates():
    rows = [
        {"expert_id": "E1", "client_id": "C1", "kind": "advisory_contract", "from": pd.Timestamp("2025-04-01")},
        {"expert_id": "E1", "hub_id": "H1", "kind": "family"},
    ]
    found = judged(an_expert(), conflicts=rows, client_id="C1", hub_id="H1", lang="en")
    assert found.exclusions[0].details["E1"] == (
        "the client: advisory contract (2025-04-01 – ), the sending hub: family"
    )


@pytest.mark.parametrize("party", [{"client_id": "C1"}, {"hub_id": "C1"}])
def test_an_affiliation_with_the_client_or_the_hub_is_a_conflict(party):
    found = judged(an_expert(affiliations=("X", "C1")), **party)
    assert rules_hit(found) == ["conflict"]
    assert "所属" in found.exclusions[0].details["E1"]


def test_far_and_outside_the_stated_region_is_out_where_on_site_is_wanted():
    found = judged(an_expert(**OSAKA, service_prefectures=("27", "28")), mode="onsite", **TOKYO)
    assert rules_hit(found) == ["region"]
    assert found.exclusions[0].details["E1"].startswith("対応地域に東京都がなく、約 39")


@pytest.mark.parametrize(
    ("expert", "case"),
    [
        pytest.param({**OSAKA, "service_prefectures": ("27", "13")}, {"mode": "onsite", **TOKYO}, id="serves it"),
        pytest.param(OSAKA, {"mode": "onsite", **TOKYO}, id="service regions not stated"),
        pytest.param({"service_prefectures": ("27",)}, {"mode": "onsite", **TOKYO}, id="expert's place unknown"),
        pytest.param({**OSAKA, "service_prefectures": ("27",)}, {"mode": "onsite"}, id="region unknown"),
        pytest.param({**OSAKA, "service_prefectures": ("27",)}, TOKYO, id="mode unknown"),
        pytest.param({**OSAKA, "service_prefectures": ("27",)}, {"mode": "either", **TOKYO}, id="either"),
        pytest.param({**OSAKA, "service_prefectures": ("27",)}, {"mode": "online", **TOKYO}, id="online"),
        pytest.param(
            {"prefecture_code": "11", "service_prefectures": ("11",)},
            {"mode": "onsite", **TOKYO},
            id="near enough",
        ),
        pytest.param(
            {"prefecture_code": "13", "service_prefectures": ("27",)},
            {"mode": "onsite", "prefecture_code": "13"},
            id="distance within a prefecture unknown",
        ),
    ],
)
def test_what_is_unknown_or_near_never_excludes_by_region(expert, case):
    assert judged(an_expert(**expert), **case).mask.all()


def test_the_distance_limit_is_the_programmes():
    case = {"mode": "onsite", **TOKYO}
    expert = an_expert(**OSAKA, service_prefectures=("27",))
    away = float(evaluate_distance(expert, case))
    below, above = (replace(PROGRAMME, distance_limit_km=away + step) for step in (-1, 1))
    assert not judged(expert, programme=below, **case).mask.any()
    assert judged(expert, programme=above, **case).mask.all()


def evaluate_distance(expert: dict[str, Any], case: dict[str, Any]) -> float:
    return judged(expert, **case).register.distances(a_consultation(**case))[0][0]


@pytest.mark.parametrize(("status", "hit"), [("offered", 1), ("accepted", 1), ("completed", 1), ("declined", 0)])
def test_offered_accepted_and_completed_dispatches_use_capacity(status, hit):
    row = a_dispatch(status=status, decided_on=pd.Timestamp("2026-03-02"))
    assert judged(an_expert(capacity_per_month=1.0), dispatches=[row]).mask.tolist() == [not hit]


@pytest.mark.parametrize(
    ("day", "hit"),
    [("2026-02-28", 0), ("2026-03-01", 1), ("2026-03-10", 1), ("2026-03-11", 0), ("2025-03-05", 0), (None, 0)],
)
def test_capacity_counts_the_months_dispatches_up_to_the_day(day, hit):
    row = a_dispatch(**({"decided_on": pd.Timestamp(day)} if day else {}))
    assert judged(an_expert(capacity_per_month=1.0), dispatches=[row]).mask.tolist() == [not hit]


def test_an_unknown_capacity_never_excludes_unless_the_programme_sets_a_default():
    rows = [a_dispatch(decided_on=ON)] * 3
    assert judged(an_expert(), dispatches=rows).mask.all()
    default = replace(PROGRAMME, default_capacity_per_month=3)
    found = judged(an_expert(), dispatches=rows, programme=default)
    assert found.exclusions[0].details == {"E1": "今月 3 件（受入可能 3 件）"}


def test_a_capacity_of_zero_is_used_up():
    assert rules_hit(judged(an_expert(capacity_per_month=0.0))) == ["capacity"]


def test_capacity_left_is_eligible():
    assert judged(an_expert(capacity_per_month=2.0), dispatches=[a_dispatch(decided_on=ON)]).mask.all()


def test_held_out_dispatches_use_no_capacity():
    rows = [a_dispatch(decided_on=ON, split=split) for split in ("train", "test")]
    assert judged(an_expert(capacity_per_month=2.0), dispatches=rows).mask.all()


def test_a_claimed_category_never_excludes():
    assert judged(an_expert(categories=("legal.tax",)), category="sales.web").mask.all()


@pytest.mark.parametrize("rule", ["status", "conflict", "region", "capacity"])
def test_a_rule_switched_off_excludes_nobody(rule):
    expert = an_expert(
        status="retired", affiliations=("C1",), capacity_per_month=0.0, service_prefectures=("27",), **OSAKA
    )
    case = {"mode": "onsite", "client_id": "C1", **TOKYO}
    off = replace(PROGRAMME, rules={**PROGRAMME.rules, rule: False})
    assert rules_hit(judged(expert, **case)) == ["status", "conflict", "region", "capacity"]
    assert rule not in rules_hit(judged(expert, programme=off, **case))
