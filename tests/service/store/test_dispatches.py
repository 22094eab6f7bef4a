from datetime import date

import pytest

from matcher.eligibility import Programme
from matcher.errors import InvalidValueError
from service.store import dispatches
from service.store.errors import MissingError, StaleError
from service.store.rules import RulesError
from tests.service.store.builders import ON, a_client, a_consultation, a_dispatch, an_expert, in_parallel

PROGRAMME = Programme.default()


def move(tx, status, dispatch_id="D1", expected=None, programme=PROGRAMME):
    return dispatches.change_status(tx, dispatch_id, status, expected=expected, programme=programme, on=ON)


def a_world(tx, **expert):
    an_expert(tx, **expert)
    a_client(tx)
    a_consultation(tx, hub_id="H1", client_id="C1")


def ids(rows):
    return [row["dispatch_id"] for row in rows]


def test_a_dispatch_says_whose_it_is(store):
    with store.write() as tx:
        a_world(tx)
        a_dispatch(tx)
        read = dispatches.read(tx, "D1")
    assert (read["hub_id"], read["client_id"], read["status"]) == ("H1", "C1", "offered")


@pytest.mark.parametrize("path", [("accepted", "completed"), ("accepted", "cancelled"), ("declined",), ("cancelled",)])
def test_a_dispatch_goes_its_way_and_then_no_further(store, path):
    with store.write() as tx:
        a_world(tx)
        a_dispatch(tx)
        for status in path:
            assert move(tx, status)["status"] == status
        with pytest.raises(InvalidValueError, match="final"):
            move(tx, "offered")


def test_an_offer_is_not_completed_before_it_is_accepted(store):
    with store.write() as tx:
        a_world(tx)
        a_dispatch(tx)
        with pytest.raises(InvalidValueError, match="accepted, declined, cancelled"):
            move(tx, "completed")


def test_a_status_of_another_revision_is_not_overwritten(store):
    with store.write() as tx:
        a_world(tx)
        read = a_dispatch(tx)["revision"]
    with store.write() as tx:
        move(tx, "accepted", expected=read)
    with store.write() as tx:
        with pytest.raises(StaleError):
            move(tx, "cancelled", expected=read)
        with pytest.raises(MissingError):
            move(tx, "cancelled", "D9")


def test_where_only_acceptance_uses_capacity_the_last_one_is_accepted_once(store, tmp_path):
    limits = tmp_path / "own.toml"
    limits.write_text('statuses_using_capacity = ["accepted", "completed"]\n')
    programme = Programme.read(limits)
    with store.write() as tx:
        an_expert(tx, capacity_per_month=1)
        a_consultation(tx)
        for number in range(4):
            a_dispatch(tx, f"D{number}")

    def work(dispatch_id):
        def accept(mine):
            with mine.write() as tx:
                return move(tx, "accepted", dispatch_id, programme=programme)

        return accept

    came = in_parallel(store, [work(f"D{number}") for number in range(4)])
    assert sum(isinstance(one, dict) for one in came) == 1
    assert sum(isinstance(one, RulesError) for one in came) == 3


def test_an_outcome_completes_the_dispatch_and_what_it_does_not_name_stays(store):
    with store.write() as tx:
        a_world(tx)
        a_dispatch(tx, status="accepted", comment="前の")
        done = dispatches.record_outcome(tx, "D1", {"visits": 2, "resolved": False, "split": "x"}, expected=None)
        again = dispatches.record_outcome(tx, "D1", {"satisfaction": 4.0}, expected=None)
    assert (done["status"], done["visits"], done["resolved"], done["comment"]) == ("completed", 2, False, "前の")
    assert (again["visits"], again["satisfaction"]) == (2, 4.0)


@pytest.mark.parametrize("status", ["declined", "cancelled"])
def test_what_never_took_place_has_no_outcome(store, status):
    with store.write() as tx:
        a_world(tx)
        a_dispatch(tx, status=status)
        with pytest.raises(InvalidValueError, match=status):
            dispatches.record_outcome(tx, "D1", {"resolved": True}, expected=None)


def test_dispatches_are_listed_newest_first_and_by_what_is_asked(store):
    with store.write() as tx:
        a_world(tx)
        an_expert(tx, "E2")
        a_consultation(tx, "K2", hub_id="H2")
        a_dispatch(tx, "old", decided_on=date(2025, 1, 1), status="completed")
        a_dispatch(tx, "undated", decided_on=None, status=None)
        a_dispatch(tx, "new", expert_id="E2", consultation_id="K2")
        a_dispatch(tx, "same", expert_id="E2")
    with store.read() as tx:
        everything = dispatches.page(tx)
        assert ids(everything) == ["same", "new", "old", "undated"]
        assert [ids(dispatches.page(tx, after=dispatches.key_of(row), limit=2)) for row in everything] == [
            ["new", "old"],
            ["old", "undated"],
            ["undated"],
            [],
        ]
        assert ids(dispatches.page(tx, hub_id="H2")) == ["new"]
        assert ids(dispatches.page(tx, expert_id="E2", consultation_id="K1")) == ["same"]
        assert ids(dispatches.page(tx, status="completed")) == ["old"]


def test_outcomes_are_due_of_what_took_place_long_enough_ago(store):
    day = date(2026, 3, 1)
    with store.write() as tx:
        a_world(tx)
        a_dispatch(tx, "due", status="accepted", decided_on=day)
        a_dispatch(tx, "completed", status="completed", decided_on=day, completed_on=day)
        a_dispatch(tx, "completed later", status="completed", decided_on=day, completed_on=date(2026, 4, 1))
        a_dispatch(tx, "known", status="completed", decided_on=day, resolved=False)
        a_dispatch(tx, "declined", status="declined", decided_on=day)
        a_dispatch(tx, "too new", status="accepted", decided_on=date(2026, 3, 2))
        assert ids(dispatches.page(tx, due_since=day)) == ["due", "completed"]
        assert dispatches.page(tx, due_since=day, hub_id="H2") == []
