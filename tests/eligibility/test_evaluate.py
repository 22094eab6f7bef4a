import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from matcher.dataset import Dataset
from matcher.eligibility import Programme, Register, evaluate, evaluate_on
from tests.eligibility.builders import ON, a_consultation, a_dataset, a_frame, an_expert

PROGRAMME = Programme.default()


def test_an_expert_hit_by_several_rules_stands_under_each_and_is_left_out_once():
    data = a_dataset(experts=[an_expert("E2", status="retired", capacity_per_month=0.0), an_expert("E1")])
    found = evaluate(a_consultation(), data, PROGRAMME, ON)
    assert [(e.rule, e.count, e.expert_ids) for e in found.exclusions] == [
        ("status", 1, ("E2",)),
        ("capacity", 1, ("E2",)),
    ]
    assert found.mask.tolist() == [False, True]


def test_excluded_ids_come_in_order_whatever_the_registers_order():
    data = a_dataset(experts=[an_expert(name, status="retired") for name in ("E3", "E1", "E2")])
    (exclusion,) = evaluate(a_consultation(), data, PROGRAMME, ON).exclusions
    assert exclusion.expert_ids == tuple(exclusion.details) == ("E1", "E2", "E3")


def test_there_is_nothing_to_relax_while_somebody_is_eligible():
    data = a_dataset(experts=[an_expert("E1"), an_expert("E2", status="retired")])
    assert evaluate(a_consultation(), data, PROGRAMME, ON).relax == ()


def test_nobody_eligible_says_how_many_come_back_by_each_rule_alone_and_how():
    data = a_dataset(
        experts=[
            an_expert("E1", status="retired", capacity_per_month=0.0),
            an_expert("E2", capacity_per_month=0.0),
            an_expert("E3", capacity_per_month=0.0),
        ]
    )
    relax = evaluate(a_consultation(), data, PROGRAMME, ON).relax
    assert len(relax) == 2
    assert relax[0].startswith("「休止・引退」だけを緩めると 0 人が対象になります: ")
    assert relax[1].startswith("「今月の受入枠なし」だけを緩めると 2 人が対象になります: 来月の派遣")


def test_what_to_relax_names_the_programmes_own_limit():
    far = an_expert(prefecture_code="47", service_prefectures=("47",))
    case = a_consultation(mode="onsite", prefecture_code="01")
    programme = replace(PROGRAMME, distance_limit_km=62.5)
    (relax,) = evaluate(case, a_dataset(experts=[far]), programme, ON, lang="en").relax
    assert relax.startswith("without “outside the service region and far” alone 1 would be eligible: ")
    assert "now 62.5 km" in relax


def test_an_empty_register_is_said_in_both_languages():
    data = a_dataset(experts=[])
    onsite = a_consultation(mode="onsite", prefecture_code="13", client_id="C1", hub_id="H1")
    assert evaluate(onsite, data, PROGRAMME, ON).relax == ("専門家が 1 人も登録されていません",)
    found = evaluate(onsite, data, PROGRAMME, ON, lang="en")
    assert (found.relax, found.exclusions, found.mask.shape) == (("the register holds no expert",), (), (0,))


def test_a_register_kept_for_many_consultations_judges_as_a_fresh_one():
    data = a_dataset(
        experts=[an_expert("E1", prefecture_code="01", service_prefectures=("01",)), an_expert("E2")],
        conflicts=[{"expert_id": "E2", "client_id": "C1"}],
    )
    register = Register(data, PROGRAMME, ON)
    cases = [a_consultation(mode="onsite", prefecture_code="47"), a_consultation(client_id="C1"), a_consultation()]
    kept = [evaluate_on(register, case).mask.tolist() for case in cases]
    assert kept == [evaluate(case, data, PROGRAMME, ON).mask.tolist() for case in cases]
    assert kept == [[False, True], [True, False], [True, True]]


@pytest.fixture(scope="module")
def a_large_register() -> Dataset:
    n, rng = 20_000, np.random.default_rng(7)
    codes = [f"{code:02d}" for code in rng.integers(1, 48, n)]
    experts = a_frame("experts", [{"expert_id": f"E{i:06d}", "name": "x"} for i in range(n)]).assign(
        prefecture_code=pd.Series(codes, dtype="str"),
        service_prefectures=[(code,) for code in codes],
        capacity_per_month=rng.integers(0, 4, n).astype(float),
    )
    return Dataset.from_tables({"experts": experts})


def test_a_large_register_is_judged_in_milliseconds_once_it_is_known(a_large_register):
    register = Register(a_large_register, PROGRAMME, ON)
    case = a_consultation(mode="onsite", prefecture_code="13")
    first = evaluate_on(register, case).mask
    start = time.perf_counter()
    again = evaluate_on(register, case).mask
    assert time.perf_counter() - start < 0.5  # measured 15 ms; only a loop over experts could come near
    assert np.array_equal(first, again)
    assert 0 < first.sum() < len(first)
