from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from matcher.dataset import Dataset
from matcher.eligibility import Programme, evaluate
from matcher.errors import UnknownValueError
from tests.eligibility.builders import ON, Row, a_consultation, a_dataset, a_dispatch, an_expert

PROGRAMME = Programme.default()
REGISTERED: Row = {"client_id": "C1", "registered": 1.0}
DAY = pd.Timestamp("2025-10-01")


def data_with(dispatches: list[Row], client: Row = REGISTERED) -> Dataset:
    past = [{"consultation_id": "K1", "category": "legal", "client_id": "C1"}]
    past += [{"consultation_id": "K2", "category": "legal", "client_id": "C2"}]
    return a_dataset(experts=[an_expert()], consultations=past, clients=[client], dispatches=dispatches)


def warned(data: Dataset, programme: Programme = PROGRAMME, lang: Any = "ja", **case: Any) -> list[str]:
    found = evaluate(a_consultation(**{"client_id": "C1", **case}), data, programme, ON, lang=lang)
    assert found.mask.all()
    return list(found.warnings)


def test_a_registered_client_with_visits_left_is_not_warned_of():
    assert warned(data_with([a_dispatch(visits=2.0, decided_on=DAY)])) == []


def test_three_visits_in_the_fiscal_year_are_used_up():
    (text,) = warned(data_with([a_dispatch(visits=1.0, decided_on=DAY), a_dispatch(visits=2.0, decided_on=ON)]))
    assert text == "相談者の 2025 年度の無料派遣（3 回）は使い切りです: 記録上 3 回"


def test_it_consultations_may_have_five():
    data = data_with([a_dispatch(visits=4.0, decided_on=DAY)])
    assert warned(data, category="digital.security") == []
    assert len(warned(data, category="sales")) == 1


@pytest.mark.parametrize(
    ("day", "counted"), [("2025-03-31", False), ("2025-04-01", True), ("2026-03-10", True), ("2026-03-11", False)]
)
def test_only_visits_of_the_fiscal_year_up_to_the_day_count(day, counted):
    data = data_with([a_dispatch(visits=3.0, decided_on=pd.Timestamp(day))])
    assert len(warned(data)) == counted


def test_the_fiscal_year_begins_where_the_programme_says():
    data = data_with([a_dispatch(visits=3.0, decided_on=DAY)])
    assert warned(data, replace(PROGRAMME, fiscal_year_start_month=1)) == []
    assert len(warned(data, replace(PROGRAMME, fiscal_year_start_month=10))) == 1


def test_visits_of_other_clients_and_undated_ones_do_not_count():
    rows = [a_dispatch(consultation_id="K2", visits=3.0, decided_on=DAY), a_dispatch(visits=3.0)]
    assert warned(data_with(rows)) == []


@pytest.mark.parametrize(
    ("status", "visits"), [("accepted", 3), ("completed", 3), ("offered", 2), ("declined", 2), ("cancelled", 2)]
)
def test_a_dispatch_without_a_count_is_one_visit_where_it_took_place(status, visits):
    data = data_with([a_dispatch(visits=2.0, decided_on=DAY), a_dispatch(status=status, decided_on=DAY)])
    texts = warned(data)
    assert len(texts) == (visits == 3)
    assert all("うち回数不明の派遣 1 件は 1 回と数えました" in text for text in texts)


def test_held_out_dispatches_are_not_counted():
    rows = [a_dispatch(visits=2.0, decided_on=DAY, split=split) for split in ("train", "test")]
    assert warned(data_with(rows)) == []


def test_a_client_who_is_not_registered_is_warned_of():
    assert warned(data_with([], {"client_id": "C1", "registered": 0.0}), lang="en") == [
        "the client is not registered (registration is a condition of the programme)"
    ]


@pytest.mark.parametrize("client", [{"client_id": "C1"}, {"client_id": "C9", "registered": 1.0}])
def test_an_unknown_registration_is_said_as_unknown(client):
    (text,) = warned(data_with([], client))
    assert text.startswith("相談者が制度に登録済みかは不明です")


def test_no_client_given_is_said_as_not_checked():
    texts = warned(data_with([]), client_id=None)
    assert [text.split("、")[1] for text in texts] == [
        "無料派遣の残り回数は確認していません",
        "登録は確認していません",
    ]


def test_checks_switched_off_say_nothing():
    off = replace(PROGRAMME, rules={**PROGRAMME.rules, "free_visits": False, "registration": False})
    assert warned(data_with([], {"client_id": "C1", "registered": 0.0}), off) == []


def test_an_unknown_category_is_the_users_error():
    with pytest.raises(UnknownValueError, match="category 'sails'"):
        warned(data_with([]), category="sails")
