"""Experts by HTTP: found however a word is written, a dossier that names no client, notes of the own hub."""

from datetime import date

import pytest
from fastapi.testclient import TestClient

from service.store.pseudonyms import pseudonym
from service.store.schema import audit
from tests.service.builders import a_client, a_filled_database, a_key
from tests.service.store.builders import a_client as client_row
from tests.service.store.builders import a_consultation, a_dispatch, an_expert


@pytest.fixture
def served(with_models):
    with a_client(database=with_models) as client:
        yield client


@pytest.fixture
def written(served):
    """Three experts; the first with cases of three clients in finance and of one in sales."""
    with served.app.state.store.write() as tx:
        an_expert(tx, "E1", name="髙橋 花子", kana="タカハシ ハナコ", categories=["finance"], capacity_per_month=2)
        an_expert(tx, "E2", name="佐藤", categories=["sales.web"], prefecture_code="13", status="retired")
        an_expert(tx, "E3", name="鈴木", qualifications=["中小企業診断士"], service_prefectures=["13"])
        for number, category in enumerate(["finance", "finance", "finance", "sales.web", "sales.web", "sales.web"]):
            client_row(tx, f"C{number}", name=f"秘密{number}")
            place = {"client_id": f"C{number}", "hub_id": "H1", "category": category, "prefecture_code": "13"}
            a_consultation(tx, f"K{number}", **place, description="秘密の相談")
            a_dispatch(tx, f"D{number}", consultation_id=f"K{number}", resolved=number < 2, decided_on=date(2026, 4, 1))
    return served


def coordinator_of(client, hub_id="H1"):
    return TestClient(client.app, headers=a_key(client.app.state.store, "coordinator", hub_id))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"name": "ﾀｶﾊｼ"}, ["E1"]),
        ({"name": "たかはしはな"}, ["E1"]),
        ({"category": "sales"}, ["E2"]),
        ({"category": "Web・SNS・EC活用"}, ["E2"]),
        ({"prefecture": "東京"}, ["E2", "E3"]),
        ({"prefecture": "東京", "status": "active"}, ["E3"]),
        ({"qualification": "診断士"}, ["E3"]),
        ({"text": "e3"}, ["E3"]),
        ({"text": "%"}, []),
    ],
)
def test_experts_are_found_however_the_words_are_written(written, asked, found):
    answer = written.get("/v1/experts", params=asked).json()
    assert [row["expert_id"] for row in answer["items"]] == found


@pytest.mark.parametrize("asked", ["text", "name", "qualification"])
def test_what_cannot_be_written_cannot_be_searched(written, asked):
    answer = written.get("/v1/experts", params={asked: "a\0b"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "text")


@pytest.mark.parametrize("asked", [{"category": "恋愛"}, {"prefecture": "関東"}, {"status": "gone"}, {"limit": 0}])
def test_what_names_nothing_is_told_and_not_echoed(written, asked):
    answer = written.get("/v1/experts", params=asked)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == next(iter(asked))
    assert not {"恋愛", "関東", "gone"} & set(answer.text.split('"'))


def test_pages_meet_every_expert_once(written):
    first = written.get("/v1/experts", params={"limit": 2}).json()
    rest = written.get("/v1/experts", params={"limit": 2, "cursor": first["next"]}).json()
    assert [row["expert_id"] for row in first["items"] + rest["items"]] == ["E1", "E2", "E3"]
    assert rest["next"] is None


def test_a_dossier_puts_records_beside_claims_and_the_load_beside_the_capacity(written):
    answer = written.get("/v1/experts/E1", params={"consultation_id": "K0"})
    made = answer.json()
    assert answer.headers["etag"] == f'"{made["expert"]["revision"]}"'
    assert [(row["category"], row["claimed"], row["cases"]) for row in made["categories"]] == [
        ("finance", True, 3),
        ("sales.web", False, 3),
    ]
    assert (made["record"]["resolved"]["yes"], made["record"]["resolved"]["known"]) == (2, 6)
    assert made["load"] == {"month": "2026-04", "used": 6, "capacity": 2, "left": 0}
    assert made["similar"] == {
        "consultation_id": "K0",
        "same_category": {"cases": 3, "withheld": False},
        "same_industry": None,
        "same_prefecture": {"cases": 6, "withheld": False},
    }


@pytest.mark.parametrize("other", [{"industry": "56"}, {"prefecture_code": "27"}, {"category": "legal"}])
def test_similar_cases_less_other_figures_of_a_dossier_tell_of_no_single_client(written, other):
    with written.app.state.store.write() as tx:
        client_row(tx, "C9", name="秘密")
        a_consultation(tx, "K9", client_id="C9", **{"category": "finance", "prefecture_code": "13"} | other)
        a_dispatch(tx, "D9", consultation_id="K9", resolved=False, decided_on=date(2026, 4, 1))
    made = written.get("/v1/experts/E1", params={"consultation_id": "K0"}).json()["similar"]
    assert made["same_category"] == made["same_prefecture"] == {"cases": None, "withheld": True}


def test_a_dossier_names_no_client_and_repeats_no_words(written):
    answer = coordinator_of(written).get("/v1/experts/E1", params={"consultation_id": "K0"})
    assert answer.status_code == 200
    assert "秘密" not in answer.text
    assert "C0" not in answer.text


def test_an_expert_without_cases_has_a_record_of_none(written):
    made = written.get("/v1/experts/E3").json()
    assert made["record"]["cases"] == 0
    assert made["load"]["left"] is None


def test_another_hubs_consultation_is_compared_with_nothing(written):
    other = coordinator_of(written, "H2")
    assert other.get("/v1/experts/E1", params={"consultation_id": "K0"}).status_code == 404
    assert other.get("/v1/experts/nobody").status_code == 404


def test_who_looked_at_whom_is_on_the_trail_as_a_pseudonym(written):
    written.get("/v1/experts/E1")
    with written.app.state.store.read() as tx:
        entry = tx.execute(audit.select().where(audit.c.action == "expert read")).mappings().one()
        assert entry["subject"] == pseudonym(tx, "expert", "E1")


def test_a_status_is_changed_by_who_has_read_it(written):
    tag = {"If-Match": written.get("/v1/experts/E1").headers["etag"]}
    changed = written.patch("/v1/experts/E1/status", json={"status": "suspended"}, headers=tag)
    assert (changed.status_code, changed.json()["status"]) == (200, "suspended")
    assert written.patch("/v1/experts/E1/status", json={"status": "active"}, headers=tag).status_code == 412
    assert written.patch("/v1/experts/E1/status", json={"status": "active"}).status_code == 428
    assert written.get("/v1/experts", params={"status": "suspended"}).json()["items"][0]["expert_id"] == "E1"


def test_a_note_is_read_changed_and_removed_by_its_hub_alone(written):
    own, other = coordinator_of(written), coordinator_of(written, "H2")
    key = {"Idempotency-Key": "once"}
    made = [own.post("/v1/experts/E1/notes", json={"text": "丁寧"}, headers=key) for _ in range(2)]
    assert made[0].json() == made[1].json()
    address, tag = f"/v1/notes/{made[0].json()['note_id']}", {"If-Match": made[0].headers["etag"]}
    assert len(own.get("/v1/experts/E1/notes").json()["items"]) == len(own.get("/v1/experts/E1").json()["notes"]) == 1
    assert other.get("/v1/experts/E1/notes").json()["items"] == other.get("/v1/experts/E1").json()["notes"] == []
    assert other.patch(address, json={"text": "x"}, headers=tag).status_code == 404
    assert other.delete(address, headers=tag).status_code == 404
    changed = own.patch(address, json={"text": "とても丁寧"}, headers=tag)
    assert changed.json()["text"] == "とても丁寧"
    assert own.delete(address, headers=tag).status_code == 412
    assert own.delete(address, headers={"If-Match": changed.headers["etag"]}).status_code == 204
    assert own.get("/v1/experts/E1/notes").json()["items"] == []


def test_a_suspension_holds_from_the_next_request_on():
    with a_client(database=a_filled_database()) as client:
        asked = {"category": "finance", "k": 1}
        best = client.post("/v1/rank", json=asked).json()["items"][0]["expert_id"]
        tag = {"If-Match": client.get(f"/v1/experts/{best}").headers["etag"]}
        client.patch(f"/v1/experts/{best}/status", json={"status": "suspended"}, headers=tag)
        made = client.post("/v1/rank", json=asked).json()
        assert best != made["items"][0]["expert_id"]
        assert best in next(rule["expert_ids"] for rule in made["excluded"] if rule["rule"] == "status")
