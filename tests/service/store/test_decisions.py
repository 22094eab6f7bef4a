import pandas as pd
import pytest

from matcher.eligibility import Programme, Register
from matcher.errors import InvalidValueError
from service.store import decisions, dispatches
from service.store.conflicts import CONFLICTS
from service.store.consultations import CONSULTATIONS
from service.store.dataset import read_dataset
from service.store.decisions import Kind
from service.store.dispatches import DISPATCHES
from service.store.errors import MissingError, TakenError
from service.store.experts import EXPERTS
from service.store.rules import RulesError
from tests.service.store.builders import ON, a_client, a_consultation, a_dispatch, a_shortlist, an_expert, in_parallel

PROGRAMME = Programme.default()


def decide(tx, shortlist_id, expert_id="E1", kind=Kind.EXPERT, on=ON, **values):
    given = {"principal_id": "P1", "programme": PROGRAMME, "on": on, "expert_id": expert_id} | values
    return decisions.decide(tx, shortlist_id, kind, **given)


def refused(tx, shortlist_id, **values):
    """The rules that stand against it."""
    with pytest.raises(RulesError) as caught:
        decide(tx, shortlist_id, **values)
    return [refusal.rule for refusal in caught.value.refusals]


def test_a_decision_for_an_expert_offers_a_dispatch_and_says_at_which_rank(store):
    with store.write() as tx:
        for name in ("E1", "E2"):
            an_expert(tx, name)
        a_consultation(tx)
        shortlist = a_shortlist(tx, experts=("E1", "E2"))
    with store.write() as tx:
        made = decide(tx, shortlist["shortlist_id"], "E2", reason="近い")
    with store.read() as tx:
        assert decisions.find(tx, shortlist["shortlist_id"]) == made
        offered = DISPATCHES.read(tx, made["dispatch_id"])
    assert (made["rank"], made["reason"]) == (2, "近い")
    assert (offered["status"], offered["expert_id"], offered["decided_on"]) == ("offered", "E2", ON.date())


def test_an_expert_who_was_not_on_the_shortlist_may_be_sent(store):
    with store.write() as tx:
        an_expert(tx, "E1")
        an_expert(tx, "E2")
        a_consultation(tx)
        assert decide(tx, a_shortlist(tx)["shortlist_id"], "E2")["rank"] is None


@pytest.mark.parametrize(("kind", "status"), [(Kind.SOLVED_WITHOUT, "closed"), (Kind.NOBODY, "open")])
def test_a_case_without_an_expert_makes_no_dispatch(store, kind, status):
    with store.write() as tx:
        an_expert(tx)
        a_consultation(tx, status="open")
        made = decide(tx, a_shortlist(tx)["shortlist_id"], None, kind)
        assert (made["dispatch_id"], made["rank"]) == (None, None)
        assert CONSULTATIONS.read(tx, "K1")["status"] == status
        assert dispatches.page(tx) == []


@pytest.mark.parametrize(("kind", "expert_id"), [(Kind.NOBODY, "E1"), (Kind.EXPERT, None)])
def test_an_expert_is_named_where_one_is_sent_and_only_there(store, kind, expert_id):
    with store.write() as tx, pytest.raises(InvalidValueError, match="expert_id"):
        decide(tx, "s", expert_id, kind)


def test_a_shortlist_is_decided_once(store):
    with store.write() as tx:
        an_expert(tx)
        a_consultation(tx)
        shortlist_id = a_shortlist(tx)["shortlist_id"]
        decide(tx, shortlist_id)
        with pytest.raises(TakenError, match="decision"):
            decide(tx, shortlist_id)


def test_what_is_not_there_cannot_be_decided(store):
    with store.write() as tx:
        an_expert(tx)
        a_consultation(tx)
        shortlist_id = a_shortlist(tx)["shortlist_id"]
        with pytest.raises(MissingError, match="shortlist"):
            decide(tx, "s_0")
        with pytest.raises(MissingError, match="expert"):
            decide(tx, shortlist_id, "E2")


def test_each_rule_on_the_expert_refuses_and_says_how_in_both_languages(store):
    with store.write() as tx:
        an_expert(tx, "suspended", status="suspended")
        an_expert(tx, "bound")
        CONFLICTS.create(tx, {"expert_id": "bound", "client_id": "C1", "kind": "family"})
        an_expert(tx, "full", capacity_per_month=1)
        an_expert(tx, "far", service_prefectures=["47"], prefecture_code="47")
        a_client(tx)
        a_consultation(tx, client_id="C1", prefecture_code="13", mode="onsite")
        a_dispatch(tx, expert_id="full", consultation_id=a_consultation(tx, "K2")["consultation_id"])
        shortlist_id = a_shortlist(tx, experts=("bound", "full"))["shortlist_id"]
        rules = {name: refused(tx, shortlist_id, expert_id=name) for name in ("suspended", "bound", "full", "far")}
        with pytest.raises(RulesError, match="suspended") as caught:
            decide(tx, shortlist_id, "suspended")
    assert rules == {"suspended": ["status"], "bound": ["conflict"], "full": ["capacity"], "far": ["region"]}
    assert caught.value.refusals[0].detail == {"ja": "休止中", "en": "suspended"}


def test_a_rule_that_the_programme_does_not_have_refuses_nobody(store, tmp_path):
    limits = tmp_path / "own.toml"
    limits.write_text("[rules]\nstatus = false\n")
    with store.write() as tx:
        an_expert(tx, status="retired")
        a_consultation(tx)
        decide(tx, a_shortlist(tx)["shortlist_id"], programme=Programme.read(limits))


def test_a_client_known_not_to_be_registered_is_sent_nobody_and_an_unknown_one_is_not_refused(store):
    with store.write() as tx:
        an_expert(tx)
        a_client(tx, "C0", registered=False)
        a_client(tx, "C1", registered=None)
        for number, client_id in enumerate(["C0", "C1", "C2", None]):
            a_consultation(tx, f"K{number}", client_id=client_id)
        lists = [a_shortlist(tx, f"K{number}")["shortlist_id"] for number in range(4)]
        assert refused(tx, lists[0]) == ["registration"]
        for shortlist_id in lists[1:]:
            decide(tx, shortlist_id)


@pytest.mark.parametrize(("category", "allowed"), [("sales.web", 3), ("digital.adoption", 5)])
def test_open_offers_hold_free_visits_until_they_are_declined(store, category, allowed):
    with store.write() as tx:
        an_expert(tx)
        a_client(tx)
        lists = []
        for number in range(allowed + 1):
            a_consultation(tx, f"K{number}", client_id="C1", category=category)
            lists.append(a_shortlist(tx, f"K{number}")["shortlist_id"])
        made = [decide(tx, shortlist_id) for shortlist_id in lists[:allowed]]
        assert refused(tx, lists[-1]) == ["free_visits"]
        dispatches.change_status(tx, made[0]["dispatch_id"], "declined", expected=None, programme=PROGRAMME, on=ON)
        decide(tx, lists[-1])


def test_a_fiscal_year_that_is_over_counts_no_more(store):
    with store.write() as tx:
        an_expert(tx)
        a_client(tx)
        a_consultation(tx, client_id="C1")
        a_dispatch(tx, visits=3, decided_on=pd.Timestamp("2026-03-31").date(), status="completed")
        decide(tx, a_shortlist(tx)["shortlist_id"])


def test_the_rules_see_what_the_matcher_sees_in_the_whole_data(store):
    with store.write() as tx:
        an_expert(tx, capacity_per_month=2)
        a_client(tx)
        a_client(tx, "C2")
        a_consultation(tx, client_id="C1")
        a_consultation(tx, "K2", client_id="C2")
        a_dispatch(tx, "D1", consultation_id="K2", status="accepted")
        decide(tx, a_shortlist(tx)["shortlist_id"])
    with store.read() as tx:
        register = Register(read_dataset(tx), PROGRAMME, ON)
    assert register.used.tolist() == [2]
    assert register.visits("C2").total == 1


def _a_rush(store, writers):
    """As many shortlists as writers, one a consultation; each writer decides his own for E1."""
    with store.read() as tx:
        lists = {row["consultation_id"]: row["shortlist_id"] for row in decisions.shortlists.page(tx, limit=writers)}

    def work(shortlist_id):
        def decide_it(mine):
            with mine.write() as tx:
                return decide(tx, shortlist_id)

        return decide_it

    return in_parallel(store, [work(shortlist_id) for shortlist_id in lists.values()])


@pytest.mark.parametrize("capacity", [1, 3])
def test_eight_writers_never_oversell_one_capacity(store, capacity):
    with store.write() as tx:
        an_expert(tx, capacity_per_month=capacity)
        for number in range(8):
            a_consultation(tx, f"K{number}")
            a_shortlist(tx, f"K{number}")
    came = _a_rush(store, 8)
    assert [type(one) for one in came].count(dict) == capacity
    assert [one.refusals[0].rule for one in came if isinstance(one, Exception)] == ["capacity"] * (8 - capacity)
    with store.read() as tx:
        assert len(dispatches.page(tx, expert_id="E1")) == capacity


def test_eight_writers_never_give_a_client_more_free_visits_than_there_are(store):
    with store.write() as tx:
        an_expert(tx)
        a_client(tx)
        for number in range(8):
            a_consultation(tx, f"K{number}", client_id="C1")
            a_shortlist(tx, f"K{number}")
    came = _a_rush(store, 8)
    assert [one.refusals[0].rule for one in came if isinstance(one, Exception)] == ["free_visits"] * 5


def test_one_shortlist_is_decided_once_whoever_comes_together(store):
    with store.write() as tx:
        an_expert(tx)
        a_consultation(tx)
        shortlist_id = a_shortlist(tx)["shortlist_id"]

    def work(mine):
        with mine.write() as tx:
            return decide(tx, shortlist_id)

    came = in_parallel(store, [work] * 8)
    assert sorted(type(one).__name__ for one in came) == ["TakenError"] * 7 + ["dict"]


def test_a_suspension_stops_the_very_next_decision(store):
    with store.write() as tx:
        an_expert(tx)
        a_consultation(tx)
        shortlist_id = a_shortlist(tx)["shortlist_id"]
    with store.write() as tx:
        EXPERTS.change(tx, "E1", {"status": "suspended"})
    with store.write() as tx:
        assert refused(tx, shortlist_id) == ["status"]
