import csv
import hashlib
import io
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from python_calamine import CalamineWorkbook

from service.http.once import REPLAYED, as_json
from service.shortlists.schema import StoredShortlist
from service.store import audit, shortlists
from service.store.consultations import CONSULTATIONS
from tests.service.calls import CANARY, CLIENT, CONSULTATION, HUB_A, HUB_B, SHORTLIST

STORED = {"consultation_id": CONSULTATION, "k": 4}
NEW = {"consultation": {"category": "finance", "client": {"name": "みほん", "registered": "はい"}}, "k": 2}


def made(client, headers, asked=STORED):
    answer = client.post("/v1/shortlists", json=asked, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


def stored(client):
    with client.app.state.store.read() as tx:
        return shortlists.page(tx), [row["consultation_id"] for row in CONSULTATIONS.page(tx)]


def test_it_is_the_ranking_of_that_consultation(hubs, ours):
    body = made(hubs, ours)
    read = hubs.get(f"/v1/consultations/{CONSULTATION}", headers=ours).json()
    del read["revision"]
    rules = body["shortlist"]["excluded"]
    excluded = [{name: cell for name, cell in rule.items() if name != "details"} for rule in rules]
    ranked = hubs.post("/v1/rank", json=read | {"k": 4}, headers=ours).json()
    assert body["shortlist"] | {"excluded": excluded} == ranked | {
        "data": body["shortlist"]["data"]  # the ranking came later, after the reading was audited
    }
    assert body["shortlist"]["consultation"] == read
    assert (body["hub_id"], body["consultation_id"], body["k"], body["decision"]) == (HUB_A, CONSULTATION, 4, None)


def test_all_that_it_rests_on_is_kept(hubs, ours):
    body = made(hubs, ours)
    with hubs.app.state.store.read() as tx:
        row = shortlists.read(tx, body["shortlist_id"])
        showed = shortlists.showed(tx, body["shortlist_id"])
        entry = audit.entries(tx, subject=f"shortlist:{body['shortlist_id']}")[0]
    assert json.loads(row["answer"]) == body["shortlist"]
    assert hashlib.sha256(row["answer"].encode()).hexdigest() == row["answer_sha256"] == body["answer_sha256"]
    assert row["asked"] == {"consultation": body["shortlist"]["consultation"], "risk": "neutral"}
    assert row["model_fingerprint"] == body["shortlist"]["model"]["fingerprint"] == body["model_fingerprint"]
    assert row["programme"]["rules"]["capacity"] is True
    assert row["as_of"].isoformat() == body["shortlist"]["as_of"] == "2026-04-01"
    ranks = [(item["expert_id"], item["rank"]) for item in body["shortlist"]["items"]]
    assert [(one["expert_id"], one["rank_shown"]) for one in showed] == ranks
    assert {one["propensity"] for one in showed} == {1.0}
    assert json.loads(entry["detail"])["answer_sha256"] == row["answer_sha256"]
    assert CANARY not in entry["detail"]


def test_it_is_read_as_it_was_shown(hubs, ours):
    body = made(hubs, ours)
    read = hubs.get(f"/v1/shortlists/{body['shortlist_id']}", headers=ours)
    assert read.json() == body
    assert as_json(body["shortlist"]) in read.content
    StoredShortlist.model_validate_json(read.content, extra="forbid")


def test_a_new_consultation_is_kept_first_and_its_client_known(hubs, ours):
    body = made(hubs, ours, NEW)
    read = hubs.get(f"/v1/consultations/{body['consultation_id']}", headers=ours).json()
    assert (read["category"], read["hub_id"]) == ("finance", HUB_A)
    assert read["client_id"] == body["shortlist"]["consultation"]["client_id"]
    assert not [warning for warning in body["shortlist"]["warnings"] if "登録" in warning]
    assert len(body["shortlist"]["items"]) == 2


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 422),
        ({**STORED, **NEW}, 422),
        ({"consultation_id": "X"}, 404),
        ({**STORED, "k": 0}, 422),
        ({**STORED, "risk": "bold"}, 422),
        ({"consultation": {"category": "finance", "consultation_id": "mine"}}, 422),
        ({"consultation": {"category": "SECRET"}}, 422),
    ],
)
def test_what_cannot_be_asked_leaves_nothing_behind(hubs, ours, asked, status):
    before = stored(hubs)
    answer = hubs.post("/v1/shortlists", json=asked, headers=ours)
    assert answer.status_code == status, answer.text
    assert "SECRET" not in answer.text
    assert stored(hubs) == before


@pytest.mark.parametrize("asked", [STORED, NEW])
def test_of_16_parallel_requests_one_has_an_effect_and_all_have_its_answer(hubs, ours, asked):
    shown, entered = map(len, stored(hubs))
    headers = {**ours, "Idempotency-Key": "the-same"}
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: hubs.post("/v1/shortlists", json=asked, headers=headers), range(16)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum(REPLAYED not in answer.headers for answer in answers) == 1
    assert list(map(len, stored(hubs))) == [shown + 1, entered + ("consultation" in asked)]
    other = hubs.post("/v1/shortlists", json={**asked, "k": 1}, headers=headers)
    assert other.status_code == 422
    assert list(map(len, stored(hubs))) == [shown + 1, entered + ("consultation" in asked)]


def test_another_hubs_shortlist_does_not_exist(hubs, ours, theirs):
    assert hubs.get("/v1/shortlists", headers=theirs).json()["items"] == []
    assert hubs.get("/v1/shortlists", params={"consultation_id": CONSULTATION}, headers=theirs).json()["items"] == []
    for suffix in ("", ".xlsx", ".csv"):
        there, nowhere = (hubs.get(f"/v1/shortlists/{name}{suffix}", headers=theirs) for name in (SHORTLIST, "X"))
        assert (there.status_code, there.json()) == (404, nowhere.json())
    for asked in ({"consultation_id": CONSULTATION}, {"consultation": {"category": "finance", "client_id": CLIENT}}):
        assert hubs.post("/v1/shortlists", json=asked, headers=theirs).status_code == 404
    hub = {"consultation": {"category": "finance", "hub_id": HUB_B}}
    assert hubs.post("/v1/shortlists", json=hub, headers=ours).status_code == 404


def test_the_list_is_paged_newest_first_without_experts(hubs, ours):
    names = [made(hubs, ours)["shortlist_id"] for _ in range(2)]
    first = hubs.get("/v1/shortlists", params={"limit": 2}, headers=ours).json()
    rest = hubs.get("/v1/shortlists", params={"cursor": first["next"]}, headers=ours).json()
    assert [row["shortlist_id"] for row in first["items"] + rest["items"]] == [*reversed(names), SHORTLIST]
    assert "shortlist" not in first["items"][0]


def test_spreadsheets_hold_the_experts_and_exporting_is_on_the_trail(hubs, ours):
    body = made(hubs, ours)
    address = f"/v1/shortlists/{body['shortlist_id']}"
    names = [item["expert_id"] for item in body["shortlist"]["items"]]
    text = hubs.get(f"{address}.csv", headers=ours)
    assert [row["expert_id"] for row in csv.DictReader(io.StringIO(text.content.decode("utf-8-sig")))] == names
    assert text.headers["content-disposition"] == 'attachment; filename="shortlist.csv"'
    book = CalamineWorkbook.from_filelike(io.BytesIO(hubs.get(f"{address}.xlsx", headers=ours).content))
    rows = book.get_sheet_by_index(0).to_python()
    assert [name for row in rows for name in names if name in row] == names
    with hubs.app.state.store.read() as tx:
        told = audit.entries(tx, action="shortlist exported")
    assert [entry["detail"] for entry in told] == ['{"form":"xlsx"}', '{"form":"csv"}']


def test_one_that_tells_of_an_erased_person_is_gone(hubs, ours):
    with hubs.app.state.store.write() as tx:
        shortlists.erase(tx, [SHORTLIST])
    statuses = [
        hubs.get(f"/v1/shortlists/{SHORTLIST}{suffix}", headers=ours).status_code for suffix in ("", ".xlsx", ".csv")
    ]
    assert statuses == [410, 410, 410]
    assert hubs.get("/v1/shortlists", headers=ours).json()["items"][0]["erased_at"] is not None


def test_a_coordinator_ranks_for_clients_of_the_own_hub_alone(hubs, ours, theirs):
    answers = {}
    for name in (CLIENT, f" {CLIENT} ", "X"):
        answers[name] = hubs.post("/v1/rank", json={"category": "finance", "client_id": name}, headers=theirs)
    assert {answer.status_code for answer in answers.values()} == {404}
    assert len({answer.text for answer in answers.values()}) == 1
    for name in (CLIENT, " "):
        answer = hubs.post("/v1/rank", json={"category": "finance", "client_id": name}, headers=ours)
        assert answer.status_code == 200, answer.text
