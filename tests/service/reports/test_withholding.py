from dataclasses import dataclass

import pytest

from service.reports.withholding import told


@dataclass(frozen=True)
class Owned:
    client_id: str | None


def of(*clients):
    return [Owned(client) for client in clients]


def test_groups_of_three_clients_and_their_sum_are_told():
    assert told({"A": of("1", "2", "3"), "B": of("4", "5", "6", "6")}, len) == (7, {"A": 3, "B": 4})


def test_no_row_is_a_figure():
    assert told({"A": of("1", "2", "3"), "B": []}, len) == (3, {"A": 3, "B": 0})


@pytest.mark.parametrize("few", [["4"], ["4", "5"], ["4", "4", "4"], [None, None, None]])
def test_a_group_of_fewer_clients_is_withheld_and_the_sum_with_it(few):
    assert told({"A": of("1", "2", "3"), "B": of(*few)}, len) == (None, {"A": 3, "B": None})


def test_the_sum_is_told_where_what_is_withheld_is_of_three_clients_together():
    groups = {"A": of("1", "2", "3"), "B": of("4", "5"), "C": of("6")}
    assert told(groups, len) == (6, {"A": 3, "B": None, "C": None})


def test_the_same_client_at_two_hubs_is_one():
    assert told({"A": of("1", "2"), "B": of("1", "2")}, len) == (None, {"A": None, "B": None})
