import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from service.http.once import REPLAYED
from service.problems import MEDIA_TYPE
from service.store import audit, dispatches
from service.store.clients import CLIENTS
from service.store.consultations import CONSULTATIONS
from service.store.experts import EXPERTS
from service.store.pseudonyms import pseudonym
from tests.service.calls import EXPERT, HUB_A, SHORTLIST

EXPERT_SENT = {"kind": "expert", "expert_id": EXPERT}


def decided(client, headers, shortlist_id=SHORTLIST, **asked):
    return client.post(f"/v1/shortlists/{shortlist_id}/decision", json=asked or EXPERT_SENT, headers=headers)


def shortlists_for(client, headers, count, **consultation):
    """Of new consultations, an id each."""
    asked = {"consultation": {"category": "finance", **consultation}, "k": 1}
    answers = [client.post("/v1/shortlists", json=asked, headers=headers) for _ in range(count)]
    return [answer.json()["shortlist_id"] for answer in answers]


def all_at_once(client, headers, names):
    with ThreadPoolExecutor(len(names)) as pool:
        return list(pool.map(lambda name: decided(client, headers, name), names))


def dispatched(client, **wanted):
    with client.app.state.store.read() as tx:
        return dispatches.page(tx, **wanted)


def test_an_expert_of_any_rank_is_offered_the_case(hubs, ours):
    shown = hubs.post("/v1/shortlists", json={"consultation": {"category": "finance"}, "k": 5}, headers=ours).json()
    expert_id = shown["shortlist"]["items"][-1]["expert_id"]
    answer = decided(hubs, ours, shown["shortlist_id"], kind="expert", expert_id=expert_id, reason="近いから")
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert (body["rank"], body["reason"], body["hub_id"]) == (
        shown["shortlist"]["items"][-1]["rank"],
        "近いから",
        HUB_A,
    )
    dispatch = hubs.get(f"/v1/dispatches/{body['dispatch_id']}", headers=ours).json()
    assert (dispatch["status"], dispatch["expert_id"], dispatch["decided_on"]) == ("offered", expert_id, "2026-04-01")
    assert hubs.get(f"/v1/shortlists/{shown['shortlist_id']}", headers=ours).json()["decision"] == body


@pytest.mark.parametrize(("kind", "status"), [("solved_without_expert", "closed"), ("nobody_suitable", None)])
def test_a_case_without_an_expert(hubs, ours, kind, status):
    body = decided(hubs, ours, kind=kind, reason="電話で解決").json()
    assert (body["kind"], body["dispatch_id"]) == (kind, None)
    read = hubs.get(f"/v1/consultations/{body['consultation_id']}", headers=ours).json()
    assert read["status"] == status


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"kind": "expert"}, 422),
        ({"kind": "nobody_suitable", "expert_id": EXPERT}, 422),
        ({"kind": "somebody"}, 422),
        ({"kind": "expert", "expert_id": "X"}, 404),
    ],
)
def test_what_is_no_decision(hubs, ours, asked, status):
    assert decided(hubs, ours, **asked).status_code == status
    assert decided(hubs, ours).status_code == 201


def test_a_rule_that_stands_against_it_is_named_in_both_languages(hubs, ours):
    with hubs.app.state.store.write() as tx:
        EXPERTS.change(tx, EXPERT, {"status": "suspended"})
    answer = decided(hubs, ours)
    assert (answer.status_code, answer.headers["content-type"]) == (409, MEDIA_TYPE)
    (refusal,) = answer.json()["refusals"]
    assert refusal["rule"] == "status"
    assert set(refusal["label"]) == set(refusal["detail"]) == {"ja", "en"}
    assert refusal["detail"]["en"].isascii()
    assert dispatched(hubs, status="offered", expert_id=EXPERT)[1:] == []


def test_a_shortlist_is_decided_once(hubs, ours):
    assert decided(hubs, ours).status_code == 201
    again = decided(hubs, ours)
    assert again.status_code == 409
    assert "refusals" not in again.json()


def test_another_hubs_shortlist_is_decided_by_nobody_else(hubs, theirs):
    there, nowhere = decided(hubs, theirs), decided(hubs, theirs, "X")
    assert (there.status_code, there.json()) == (404, nowhere.json())


def test_of_16_parallel_requests_one_has_an_effect_and_all_have_its_answer(hubs, ours):
    before = len(dispatched(hubs))
    answers = all_at_once(hubs, {**ours, "Idempotency-Key": "the-same"}, [SHORTLIST] * 16)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum(REPLAYED not in answer.headers for answer in answers) == 1
    assert len(dispatched(hubs)) == before + 1


def test_8_parallel_decisions_never_oversell_a_capacity(hubs, ours):
    with hubs.app.state.store.write() as tx:
        EXPERTS.create(tx, {"expert_id": "E-3", "name": "鈴木", "capacity_per_month": 3})
    names = shortlists_for(hubs, ours, 8)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda name: decided(hubs, ours, name, kind="expert", expert_id="E-3"), names))
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 5
    rules = [refusal["rule"] for answer in answers for refusal in answer.json().get("refusals", ())]
    assert rules == ["capacity"] * 5
    assert len(dispatched(hubs, expert_id="E-3")) == 3


def test_8_parallel_decisions_never_take_a_clients_last_free_visit_twice(hubs, ours):
    with hubs.app.state.store.write() as tx:
        CLIENTS.create(tx, {"client_id": "CL-9", "registered": True})
        CONSULTATIONS.create(tx, {"category": "finance", "hub_id": HUB_A, "client_id": "CL-9"})
    names = shortlists_for(hubs, ours, 8, client_id="CL-9")
    answers = all_at_once(hubs, ours, names)
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 5
    rules = [refusal["rule"] for answer in answers for refusal in answer.json().get("refusals", ())]
    assert rules == ["free_visits"] * 5


def test_who_decided_is_on_the_trail_with_the_expert_as_a_pseudonym(hubs, ours):
    decided(hubs, ours, kind="expert", expert_id=EXPERT, reason="SECRET")
    with hubs.app.state.store.read() as tx:
        entry = audit.entries(tx, action="shortlist decided")[0]
        name = pseudonym(tx, "expert", EXPERT)
    detail = json.loads(entry["detail"])
    assert (entry["subject"], detail["expert"], detail["rank"]) == (f"shortlist:{SHORTLIST}", name, 1)
    assert "SECRET" not in entry["detail"]
