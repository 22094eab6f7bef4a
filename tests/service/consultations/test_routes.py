from concurrent.futures import ThreadPoolExecutor

import pytest

from service.http.once import REPLAYED
from service.store import audit
from service.store.consultations import CONSULTATIONS
from service.store.dispatches import DISPATCHES
from tests.service.calls import CANARY, CLIENT, CONSULTATION, EXPERT, HUB_A, HUB_B

TYPED = {
    "category": "Web・SNS・EC活用",
    "prefecture_code": "東京",
    "employees": "５",
    "received_on": "令和8年3月2日",
    "mode": "どちらでも",
    "description": "客が来ない",
}


def created(client, headers, /, **asked):
    answer = client.post("/v1/consultations", json={**TYPED, **asked}, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer


def listed(client, headers, /, **params):
    answer = client.get("/v1/consultations", params=params, headers=headers)
    assert answer.status_code == 200, answer.text
    return [row["consultation_id"] for row in answer.json()["items"]]


def entries(client, **wanted):
    with client.app.state.store.read() as tx:
        return audit.entries(tx, **wanted)


def test_what_is_typed_is_read_as_in_files_and_belongs_to_the_own_hub(hubs, ours):
    answer = created(hubs, ours)
    body = answer.json()
    understood = {name: body[name] for name in (*TYPED, "hub_id", "client_id")}
    assert understood == {
        "category": "sales.web",
        "prefecture_code": "13",
        "employees": 5,
        "received_on": "2026-03-02",
        "mode": "either",
        "description": "客が来ない",
        "hub_id": HUB_A,
        "client_id": None,
    }
    assert answer.headers["etag"] == f'"{body["revision"]}"'
    read = hubs.get(f"/v1/consultations/{body['consultation_id']}", headers=ours)
    assert (read.json(), read.headers["etag"]) == (body, answer.headers["etag"])


def test_every_fault_is_listed(hubs, ours):
    wrong = {"category": "SECRET", "prefecture_code": "99", "received_on": "2099-01-01", "employees": "many"}
    answer = hubs.post("/v1/consultations", json=wrong, headers=ours)
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == set(wrong)
    assert "SECRET" not in answer.text


def test_a_new_client_is_kept_with_the_consultation(hubs, ours, theirs):
    body = created(hubs, ours, client={"name": "みほん", "employees": "１２", "registered": "はい"}).json()
    clients = {row["client_id"]: row for row in hubs.get("/v1/clients", headers=ours).json()["items"]}
    made = clients[body["client_id"]]
    assert (made["name"], made["employees"], made["registered"], made["prefecture_code"]) == ("みほん", 12, True, None)
    assert hubs.get("/v1/clients", headers=theirs).json()["items"] == []


def test_a_client_with_faults_leaves_nothing_behind(hubs, ours):
    answer = hubs.post("/v1/consultations", json={**TYPED, "client": {"registered": "maybe"}}, headers=ours)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "registered")
    assert listed(hubs, ours) == [CONSULTATION]


def test_a_coordinator_names_clients_of_the_own_hub_alone(hubs, ours, theirs):
    assert created(hubs, ours, client_id=CLIENT).json()["client_id"] == CLIENT
    unknown = [
        hubs.post("/v1/consultations", json={**TYPED, "client_id": name}, headers=theirs) for name in (CLIENT, "X")
    ]
    assert [answer.status_code for answer in unknown] == [404, 404]
    assert unknown[0].json() == unknown[1].json()


def test_either_a_known_client_or_a_new_one(hubs, ours):
    both = {**TYPED, "client_id": CLIENT, "client": {"name": "x"}}
    assert hubs.post("/v1/consultations", json=both, headers=ours).status_code == 422


def test_only_those_who_see_all_hubs_choose_ids_and_hubs(hubs, ours):
    assert created(hubs, {}, consultation_id="C-1", hub_id=HUB_B).json()["consultation_id"] == "C-1"
    taken = [
        hubs.post("/v1/consultations", json={**TYPED, "consultation_id": name}, headers=ours) for name in ("C-1", "C-2")
    ]
    assert [answer.status_code for answer in taken] == [422, 422]
    assert taken[0].json() == taken[1].json()
    assert hubs.post("/v1/consultations", json={**TYPED, "consultation_id": "C-1"}).status_code == 409
    assert hubs.post("/v1/consultations", json={**TYPED, "hub_id": "no hub"}).status_code == 422


def test_another_hubs_consultation_does_not_exist(hubs, ours, theirs):
    mine = created(hubs, theirs).json()["consultation_id"]
    assert listed(hubs, theirs) == [mine]
    assert set(listed(hubs, ours)) == {CONSULTATION}
    assert set(listed(hubs, {})) == {CONSULTATION, mine}
    assert listed(hubs, theirs, client_id=CLIENT) == []
    there, nowhere = (hubs.get(f"/v1/consultations/{name}", headers=theirs) for name in (CONSULTATION, "X"))
    assert (there.status_code, there.json()) == (404, nowhere.json())
    change = hubs.patch(
        f"/v1/consultations/{CONSULTATION}", json={"status": "closed"}, headers={**theirs, "If-Match": '"1"'}
    )
    assert change.status_code == 404


def test_the_list_is_filtered_and_paged_newest_first(hubs, ours):
    days = ("2026-03-01", "2026-03-03", None)
    made = [created(hubs, ours, received_on=day, category="finance").json()["consultation_id"] for day in days]
    first = hubs.get("/v1/consultations", params={"limit": 2}, headers=ours).json()
    rest = hubs.get("/v1/consultations", params={"cursor": first["next"]}, headers=ours).json()
    names = [row["consultation_id"] for page in (first, rest) for row in page["items"]]
    assert names == [made[1], CONSULTATION, made[0], made[2]]
    assert rest["next"] is None
    assert listed(hubs, ours, since="2026-03-02") == [made[1], CONSULTATION]
    assert listed(hubs, ours, until="2026-03-01") == [made[0]]
    assert listed(hubs, ours, status="closed") == []
    assert set(listed(hubs, ours, category="finance")) == {CONSULTATION, *made}


@pytest.mark.parametrize("day", ["0", "20260301", "2026-03-01T00:00:00", "2026-02-30"])
def test_a_day_is_written_out(hubs, ours, day):
    answer = hubs.get("/v1/consultations", params={"since": day}, headers=ours)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["since"]


def test_of_16_parallel_requests_one_has_an_effect_and_all_have_its_answer(hubs, ours):
    before = listed(hubs, ours)
    headers = {**ours, "Idempotency-Key": "the-same"}
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: created(hubs, headers), range(16)))
    assert len({answer.content for answer in answers}) == 1
    assert sum(REPLAYED not in answer.headers for answer in answers) == 1
    assert sorted(listed(hubs, ours)) == sorted([*before, answers[0].json()["consultation_id"]])


def test_a_change_needs_the_tag_that_was_read(hubs, ours):
    address = f"/v1/consultations/{CONSULTATION}"
    tag = hubs.get(address, headers=ours).headers["etag"]
    assert hubs.patch(address, json={"status": "closed"}, headers=ours).status_code == 428
    first = hubs.patch(address, json={"mode": "オンライン"}, headers={**ours, "If-Match": tag})
    assert (first.status_code, first.json()["mode"], first.json()["client_id"]) == (200, "online", CLIENT)
    lost = hubs.patch(address, json={"status": "終了"}, headers={**ours, "If-Match": tag})
    assert lost.status_code == 412
    second = hubs.patch(address, json={"status": "終了"}, headers={**ours, "If-Match": first.headers["etag"]})
    assert (second.json()["status"], second.json()["mode"]) == ("closed", "online")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"category": None}, 422),
        ({"employees": "many"}, 422),
        ({"hub_id": HUB_B}, 422),
        ({"consultation_id": "other"}, 422),
        ({"client_id": "X"}, 404),
        ({"client_id": CLIENT, "description": None}, 200),
        ({}, 200),
    ],
)
def test_what_can_be_changed(hubs, ours, change, status):
    address = f"/v1/consultations/{CONSULTATION}"
    tag = hubs.get(address, headers=ours).headers["etag"]
    answer = hubs.patch(address, json=change, headers={**ours, "If-Match": tag})
    assert answer.status_code == status, answer.text
    if status == 200:
        assert {name: answer.json()[name] for name in change} == change


@pytest.mark.parametrize("change", [{"client_id": None}, {"category": "finance"}])
@pytest.mark.parametrize(("dispatched", "status"), [("offered", 409), (None, 409), ("declined", 200)])
def test_the_client_and_the_area_stay_as_they_were_decided_on(hubs, ours, change, dispatched, status):
    made = created(hubs, ours, client_id=CLIENT)
    name = made.json()["consultation_id"]
    with hubs.app.state.store.write() as tx:
        DISPATCHES.create(tx, {"consultation_id": name, "expert_id": EXPERT, "status": dispatched})
    address, headers = f"/v1/consultations/{name}", {**ours, "If-Match": made.headers["etag"]}
    answer = hubs.patch(address, json=change, headers=headers)
    assert answer.status_code == status, answer.text
    if status == 409:
        assert [error["field"] for error in answer.json()["errors"]] == list(change)
        same = {"client_id": CLIENT, "category": TYPED["category"], "mode": "online"}
        assert hubs.patch(address, json=same, headers=headers).status_code == 200


def test_who_looked_and_changed_is_on_the_trail_without_the_words(hubs, ours):
    name = created(hubs, ours, description=CANARY, client={"name": CANARY}).json()["consultation_id"]
    hubs.get(f"/v1/consultations/{name}", headers=ours)
    listed(hubs, ours)
    told = entries(hubs, subject=f"consultation:{name}")
    assert [entry["action"] for entry in told] == ["consultation read", "consultation created"]
    assert entries(hubs, action="consultations listed")[0]["detail"] == '{"rows":2}'
    assert not any(CANARY in entry["detail"] for entry in entries(hubs))


def test_the_same_again_keeps_one_consultation(hubs, ours):
    again = {**ours, "Idempotency-Key": "one"}
    first, second = created(hubs, again, client={"name": "x"}), created(hubs, again, client={"name": "x"})
    assert first.content == second.content
    with hubs.app.state.store.read() as tx:
        assert len(CONSULTATIONS.page(tx)) == 2
