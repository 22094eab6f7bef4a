"""What of a record is told, and what three clients are needed for."""

from datetime import date

import pytest

from service.experts.record import counted, numbers, share, tallies, tally
from service.store.cases import Case


def a_case(client="C1", **values):
    blank = dict.fromkeys(("prefecture_code", "industry", "decided_on", "resolved", "report_on_time"))
    return Case(**{"client_id": client, "category": "finance", "status": "completed"} | blank | values)


def of_clients(*clients, **values):
    return [a_case(client, **values) for client in clients]


@pytest.mark.parametrize("yes", [0, 1, 5, 9, 10])
def test_a_shares_interval_holds_the_share_and_lies_between_0_and_1(yes):
    made = share(yes, 10)
    assert 0 <= made.lower <= made.share <= made.upper <= 1


def test_nothing_known_is_no_share_and_more_known_is_a_narrower_one():
    assert share(0, 0) is None
    few, many = share(3, 6), share(30, 60)
    assert many.upper - many.lower < few.upper - few.lower


def test_a_tally_of_three_clients_tells_cases_outcomes_and_the_last_month():
    found = of_clients("A", "B", "C", resolved=True, decided_on=date(2026, 2, 3))
    told = tally([*found, a_case("A", resolved=False, decided_on=date(2026, 3, 9))])
    assert (told.cases, told.clients, told.last_month, told.withheld) == (4, 3, "2026-03", False)
    assert (told.resolved.yes, told.resolved.known) == (3, 4)
    assert told.on_time is None


@pytest.mark.parametrize(
    "clients", [["A"], ["A", "B"], ["A", "A", "B", "B"], [None, None, None, None], ["A", "B", None]]
)
def test_fewer_clients_are_told_of_by_nothing_but_that_there_are_cases(clients):
    told = tally(of_clients(*clients, resolved=True, decided_on=date(2026, 3, 9)))
    assert told.withheld
    assert {value for name, value in vars(told).items() if name != "withheld"} == {None}


def test_outcomes_of_fewer_clients_are_withheld_where_the_cases_are_not():
    told = tally([*of_clients("A", "B", "C"), a_case("A", resolved=True)])
    assert (told.cases, told.resolved, told.withheld) == (4, None, True)


def test_the_whole_does_not_tell_by_subtraction_what_a_part_hides():
    found = [*of_clients("A", "B", "C"), *of_clients("D", category="sales")]
    whole, parts = tallies(found, lambda case: case.category)
    assert (whole.cases, parts["finance"].cases, parts["sales"].cases) == (None, 3, None)
    whole, _ = tallies([*found, *of_clients("E", "F", category="legal")], lambda case: case.category)
    assert whole.cases == 6


def test_outcomes_of_the_whole_do_not_tell_those_that_a_part_hides():
    found = [*of_clients("A", "B", "C", resolved=True), *of_clients("A", "B", "C", category="sales")]
    whole, _ = tallies([*found, a_case("A", category="sales", resolved=False)], lambda case: case.category)
    assert (whole.cases, whole.resolved, whole.withheld) == (7, None, True)


def by_category(case):
    return case.category


def by_place(case):
    return case.prefecture_code


def test_parts_are_numbered_in_every_way():
    found = [*of_clients("A", "B", "C", prefecture_code="13"), *of_clients("A", "B", "D", "E", category="sales")]
    assert numbers(found, by_category, by_place) == [{"finance": 3, "sales": 4}, {"13": 3, None: 4}]
    assert numbers([], by_category) == [{}]


@pytest.mark.parametrize("few", [["D"], ["D", "E"], [None, None, None]])
def test_no_way_to_part_cases_is_told_where_one_hides_too_few_clients(few):
    found = [*of_clients("A", "B", "C"), *of_clients(*few, prefecture_code="13")]
    assert numbers(found, by_category, by_place) == [None, None]
    assert numbers(found, by_category) == [{"finance": 3 + len(few)}]


def test_parts_of_few_clients_are_hidden_among_each_other():
    found = [*of_clients("A", "B", "C"), *of_clients("D", category="sales"), *of_clients("E", "F", category="legal")]
    assert numbers(found, by_category) == [{"finance": 3, "sales": None, "legal": None}]


def test_declined_and_cancelled_dispatches_are_no_cases():
    found = [a_case(status=status) for status in ("offered", "accepted", "completed", None, "declined", "cancelled")]
    assert [case.status for case in counted(found)] == ["offered", "accepted", "completed", None]
