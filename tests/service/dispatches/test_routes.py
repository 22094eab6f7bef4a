from datetime import date

import pytest

from service.store import audit
from service.store.dispatches import DISPATCHES
from service.store.experts import EXPERTS
from tests.service.calls import CONSULTATION, DISPATCH, EXPERT

ADDRESS = f"/v1/dispatches/{DISPATCH}"
OUTCOME = {
    "visits": "２",
    "completed_on": "令和8年3月31日",
    "resolved": "はい",
    "satisfaction": 4,
    "report_on_time": False,
    "comment": "SECRET",
}


def tagged(client, headers, address=ADDRESS):
    return {**headers, "If-Match": client.get(address, headers=headers).headers["etag"]}


def moved(client, headers, status, address=ADDRESS):
    return client.patch(address, json={"status": status}, headers=tagged(client, headers, address))


def told(client, headers, outcome=OUTCOME):
    return client.post(f"{ADDRESS}/outcome", json=outcome, headers=tagged(client, headers))


def rows(client, headers, address="/v1/dispatches", **params):
    answer = client.get(address, params=params, headers=headers)
    assert answer.status_code == 200, answer.text
    return [row["dispatch_id"] for row in answer.json()["items"]]


@pytest.mark.parametrize(
    "path",
    [("accepted", "completed"), ("declined",), ("cancelled",), ("accepted", "cancelled")],
    ids="-".join,
)
def test_a_dispatch_goes_from_one_status_to_the_next(hubs, ours, path):
    assert [moved(hubs, ours, status).json()["status"] for status in path] == list(path)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ((), "completed"),
        (("declined",), "accepted"),
        (("accepted", "completed"), "offered"),
        (("cancelled",), "offered"),
    ],
)
def test_a_status_that_does_not_follow_is_refused(hubs, ours, path, status):
    for before in path:
        assert moved(hubs, ours, before).status_code == 200
    answer = moved(hubs, ours, status)
    assert answer.status_code == 409
    assert answer.json()["errors"][0]["field"] == "status"


def test_what_was_changed_meanwhile_is_not_overwritten(hubs, ours):
    tag = tagged(hubs, ours)
    assert hubs.patch(ADDRESS, json={"status": "accepted"}, headers=ours).status_code == 428
    assert hubs.patch(ADDRESS, json={"status": "accepted"}, headers=tag).status_code == 200
    assert hubs.patch(ADDRESS, json={"status": "cancelled"}, headers=tag).status_code == 412
    assert hubs.post(f"{ADDRESS}/outcome", json=OUTCOME, headers=tag).status_code == 412
    assert hubs.post(f"{ADDRESS}/outcome", json=OUTCOME, headers=ours).status_code == 428


def test_an_outcome_is_read_as_in_files_and_completes_the_dispatch(hubs, ours):
    answer = told(hubs, ours)
    assert answer.status_code == 200, answer.text
    understood = {name: answer.json()[name] for name in (*OUTCOME, "status")}
    assert understood == {
        "visits": 2,
        "completed_on": "2026-03-31",
        "resolved": True,
        "satisfaction": 4,
        "report_on_time": False,
        "comment": "SECRET",
        "status": "completed",
    }
    read = hubs.get(ADDRESS, headers=ours)
    assert (read.json(), read.headers["etag"]) == (answer.json(), answer.headers["etag"])


def test_an_outcome_is_corrected_field_by_field(hubs, ours):
    told(hubs, ours)
    body = told(hubs, ours, {"resolved": None, "visits": 3}).json()
    assert (body["resolved"], body["visits"], body["satisfaction"]) == (None, 3, 4)


@pytest.mark.parametrize("outcome", [{"satisfaction": 6}, {"visits": -1}, {"resolved": "SECRET"}, {"votes": 1}])
def test_what_is_no_outcome_is_refused(hubs, ours, outcome):
    answer = told(hubs, ours, outcome)
    assert answer.status_code == 422
    assert "SECRET" not in answer.text


def test_an_outcome_of_what_never_took_place_is_refused(hubs, ours):
    moved(hubs, ours, "declined")
    assert told(hubs, ours).status_code == 409


def test_the_same_outcome_again_has_one_effect(hubs, ours):
    tag = {**tagged(hubs, ours), "Idempotency-Key": "one"}
    first, second = (hubs.post(f"{ADDRESS}/outcome", json=OUTCOME, headers=tag) for _ in range(2))
    assert (first.status_code, first.content, first.headers["etag"]) == (
        second.status_code,
        second.content,
        second.headers["etag"],
    )


def test_another_hubs_dispatch_does_not_exist(hubs, ours, theirs):
    there, nowhere = (hubs.get(f"/v1/dispatches/{name}", headers=theirs) for name in (DISPATCH, "X"))
    assert (there.status_code, there.json()) == (404, nowhere.json())
    headers = {**theirs, "If-Match": '"1"'}
    assert hubs.patch(ADDRESS, json={"status": "accepted"}, headers=headers).status_code == 404
    assert hubs.post(f"{ADDRESS}/outcome", json=OUTCOME, headers=headers).status_code == 404
    moved(hubs, ours, "accepted")
    for address in ("/v1/dispatches", "/v1/follow-ups"):
        assert rows(hubs, theirs, address) == []
    assert rows(hubs, theirs, expert_id=EXPERT) == []


def test_the_list_is_filtered_and_paged(hubs, ours):
    with hubs.app.state.store.write() as tx:
        EXPERTS.create(tx, {"expert_id": "E-2", "name": "鈴木"})
        place = {"consultation_id": CONSULTATION, "expert_id": "E-2", "status": "accepted"}
        for day in (1, 2):
            DISPATCHES.create(tx, {"dispatch_id": f"D{day}", "decided_on": date(2026, 3, day), **place})
    first = hubs.get("/v1/dispatches", params={"limit": 1}, headers=ours).json()
    rest = hubs.get("/v1/dispatches", params={"cursor": first["next"]}, headers=ours).json()
    assert [row["dispatch_id"] for row in first["items"] + rest["items"]] == ["D2", "D1", DISPATCH]
    assert rows(hubs, ours, expert_id="E-2") == ["D2", "D1"]
    assert rows(hubs, ours, status="offered") == [DISPATCH]
    assert rows(hubs, ours, consultation_id="X") == []


def test_outcomes_are_due_some_days_after_the_decision_until_they_are_known(hubs, ours):
    with hubs.app.state.store.write() as tx:
        place = {"consultation_id": CONSULTATION, "expert_id": EXPERT, "status": "accepted"}
        for day in (1, 25):  # today is April 1st
            DISPATCHES.create(tx, {"dispatch_id": f"D{day}", "decided_on": date(2026, 3, day), **place})
    assert rows(hubs, ours, "/v1/follow-ups") == ["D1"]
    assert rows(hubs, ours, "/v1/follow-ups", days=7) == ["D25", "D1"]
    tag = tagged(hubs, ours, "/v1/dispatches/D1")
    assert hubs.post("/v1/dispatches/D1/outcome", json={"resolved": "いいえ"}, headers=tag).status_code == 200
    assert rows(hubs, ours, "/v1/follow-ups") == []


def test_changes_are_on_the_trail_without_the_words(hubs, ours):
    moved(hubs, ours, "accepted")
    told(hubs, ours)
    with hubs.app.state.store.read() as tx:
        entries = audit.entries(tx, subject=f"dispatch:{DISPATCH}")
        assert audit.verify(tx).broken is None
    changes = {entry["action"]: entry["detail"] for entry in entries}
    assert changes["dispatch changed"] == '{"from":"offered","to":"accepted"}'
    assert '"resolved"' in changes["outcome recorded"]
    assert not any("SECRET" in detail for detail in changes.values())
