"""Imports by HTTP: nothing is written by a look, everything or nothing by an application, and nothing is lost."""

import io
import zipfile

import pytest
import xlsxwriter

from service.imports.checking import parse
from service.imports.upload import CSV, XLSX, ZIP
from service.store import erasures
from service.store.consultations import CONSULTATIONS
from service.store.experts import EXPERTS
from service.store.schema import experts, imports
from tests.service.builders import a_client
from tests.service.store.builders import a_consultation, an_expert


@pytest.fixture
def served(with_models):
    """Over two experts and a consultation."""
    with a_client(database=with_models, max_body_bytes=1000) as client:
        with client.app.state.store.write() as tx:
            an_expert(tx, "E1", name="山田", introduction="長い紹介", capacity_per_month=3, remote=True)
            an_expert(tx, "E2", name="佐藤")
            a_consultation(tx, "K1", description="相談")
        yield client


def upload(client, content, kind=CSV, **params):
    content = content.encode() if isinstance(content, str) else content
    return client.post("/v1/imports", content=content, headers={"Content-Type": kind}, params=params)


def apply(client, made):
    return client.post(f"/v1/imports/{made['import_id']}/apply")


def a_zip(**files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(f"folder/{name}.csv", text)
    return target.getvalue()


def stored(client):
    with client.app.state.store.read() as tx:
        return {row["expert_id"]: row["name"] for row in EXPERTS.page(tx)}, tx.revision()


FILE = "expert_id,name\nE1,山田 改\nE2,佐藤\nE3,鈴木\n"


def test_a_look_tells_the_difference_and_writes_no_data(served):
    before = stored(served)
    answer = upload(served, FILE)
    made = answer.json()
    assert (answer.status_code, made["status"]) == (201, "checked")
    changes = made["difference"]["experts"]
    assert (changes["added"], changes["changed"], changes["unchanged"], changes["only_here"]) == (1, 1, 1, 0)
    assert (changes["added_ids"], changes["changed_columns"]) == (["E3"], {"E1": ["name"]})
    assert list(made["difference"]) == ["experts"]
    assert stored(served) == before
    assert served.get(f"/v1/imports/{made['import_id']}").json() == made


def test_an_application_writes_what_the_file_says_and_loses_nothing_else(served):
    done = apply(served, upload(served, FILE).json())
    assert (done.status_code, done.json()["status"]) == (200, "applied")
    assert stored(served)[0] == {"E1": "山田 改", "E2": "佐藤", "E3": "鈴木"}
    with served.app.state.store.read() as tx:
        row = EXPERTS.read(tx, "E1")
        assert (row["introduction"], row["capacity_per_month"], row["remote"]) == ("長い紹介", 3, True)
        assert CONSULTATIONS.read(tx, "K1")["description"] == "相談"
        assert tx.execute(imports.select()).mappings().one()["content"] is None
    assert apply(served, done.json()).status_code == 409


def test_the_same_application_twice_has_one_effect(served):
    made = upload(served, FILE).json()
    key = {"Idempotency-Key": "k"}
    answers = [served.post(f"/v1/imports/{made['import_id']}/apply", headers=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()


def test_a_file_whose_rows_were_changed_since_it_was_looked_at_is_not_applied(served):
    made, other = upload(served, FILE).json(), upload(served, "expert_id,name\nE2,別\n").json()
    with served.app.state.store.write() as tx:
        EXPERTS.change(tx, "E1", {"status": "suspended"})
    before = stored(served)
    assert apply(served, made).status_code == 412
    assert stored(served) == before
    assert apply(served, other).status_code == 200


def test_a_file_that_has_become_faulty_is_not_applied(served):
    made = upload(served, "dispatch_id,consultation_id,expert_id\nD1,K1,E2\n", table="dispatches").json()
    with served.app.state.store.write() as tx:
        EXPERTS.remove(tx, "E2")
    assert apply(served, made).status_code == 409


def test_every_fault_is_told_by_its_cell_and_the_content_is_not_kept(served):
    answer = upload(served, "expert_id,name,prefecture_code,registered_on\nE3,鈴木,東今日,令和8年4月1日\nE4,,13,x\n")
    made = answer.json()
    assert (answer.status_code, made["status"], made["difference"]) == (201, "refused", None)
    places = [(fault["row"], fault["column"], fault["value"]) for fault in made["report"]["faults"]]
    assert places == [(2, "prefecture_code", "東今日"), (3, "name", ""), (3, "registered_on", "x")]
    assert made["report"]["fault_count"] == 3
    assert apply(served, made).status_code == 409
    with served.app.state.store.read() as tx:
        assert tx.execute(imports.select()).mappings().one()["content"] is None


def test_several_tables_come_as_a_zip_or_a_workbook(served):
    tables = {"experts": "expert_id,name\nE3,鈴木\n", "hubs": "hub_id,name\nH1,拠点\n"}
    made = upload(served, a_zip(**tables), ZIP).json()
    assert {name: one["added"] for name, one in made["difference"].items()} == {"experts": 1, "hubs": 1}
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True}) as workbook:
        for name, text in tables.items():
            sheet = workbook.add_worksheet(name)
            for number, line in enumerate(text.split()):
                sheet.write_row(number, 0, line.split(","))
    again = upload(served, book.getvalue(), XLSX).json()
    assert again["difference"] == made["difference"]
    assert apply(served, again).status_code == 200


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_old_encodings_and_era_dates_are_read(served, encoding):
    made = upload(served, "expert_id,name,registered_on\nE3,髙橋,令和7年4月1日\n".encode(encoding)).json()
    apply(served, made)
    with served.app.state.store.read() as tx:
        row = EXPERTS.read(tx, "E3")
    assert (row["name"], str(row["registered_on"])) == ("髙橋", "2025-04-01")


BOMB = a_zip(experts="0" * 50_000_000)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", CSV),
        (b"", XLSX),
        (b"", ZIP),
        (b"PK\x03\x04 nonsense", ZIP),
        (b"nonsense", XLSX),
        (BOMB, ZIP),
        (BOMB, XLSX),
        (a_zip(**{"../../experts": FILE, "other/experts": FILE}), ZIP),
        (a_zip(**{f"t{number}": "x" for number in range(60)}), ZIP),
        (a_zip(truth="x"), ZIP),
        (b"a,b\n\xff\xfe\x00", CSV),
    ],
    ids=list("abcdefghijk"),
)
def test_what_is_no_data_is_refused_with_its_reason(served, content, kind):
    made = upload(served, content, kind).json()
    assert made["status"] == "refused"
    assert made["report"]["fault_count"] >= 1


def test_a_file_that_is_no_table_is_of_another_media_type(served):
    answer = upload(served, b"{}", "application/json")
    assert answer.status_code == 415
    assert XLSX in answer.headers["accept"]


def test_a_file_may_be_larger_than_other_bodies_and_not_too_large(served):
    assert upload(served, FILE + "\n" * 2000).status_code == 201
    with a_client(max_body_bytes=1000, max_import_bytes=1000) as client:
        assert upload(client, FILE + "\n" * 2000).status_code == 413


def test_a_benchmark_is_no_register(served):
    answer = upload(served, a_zip(experts=FILE, candidates="expert_id\nE1\n"), ZIP)
    assert answer.status_code == 422


def test_a_file_does_not_bring_back_who_was_erased(served):
    with served.app.state.store.write() as tx:
        erasures.note(tx, "expert", "E9", principal_id=None, counts={})
    made = upload(served, "expert_id,name\nE9,山田\n").json()
    assert (made["status"], made["report"]["faults"][0]["column"]) == ("refused", "expert_id")


def test_imports_are_listed_without_what_was_in_them(served):
    upload(served, FILE)
    [row] = served.get("/v1/imports").json()["items"]
    assert row["source"] == "experts.csv"
    assert "difference" not in row


def test_an_import_that_fails_half_way_leaves_nothing(served, monkeypatch):
    made = upload(served, a_zip(experts=FILE, hubs="hub_id\nH1\n"), ZIP).json()
    before = stored(served)
    monkeypatch.setattr("service.imports.routes.imports.applied", lambda *_, **__: 1 / 0)
    assert apply(served, made).status_code == 500
    assert stored(served) == before
    with served.app.state.store.read() as tx:
        assert len(tx.execute(experts.select()).all()) == 2


def test_what_changed_between_the_reading_and_the_application_is_seen(served, monkeypatch):
    """The file is read while nobody waits; rows written meanwhile count."""
    made = upload(served, "expert_id,name\nE2,改\n").json()

    def meanwhile(*given, **more):
        found = parse(*given, **more)
        with served.app.state.store.write() as tx:
            EXPERTS.change(tx, "E2", {"kana": "さとう"})
        return found

    monkeypatch.setattr("service.imports.routes.parse", meanwhile)
    assert apply(served, made).status_code == 412


def test_a_person_whose_use_was_stopped_stays_stopped(served):
    with served.app.state.store.write() as tx:
        EXPERTS.change(tx, "E1", {"status": "suspended"})
        erasures.note(tx, "expert stopped", "E1", principal_id=None, counts={})
    made = upload(served, "expert_id,name,status\nE1,山田,active\n").json()
    assert made["report"]["warnings"]
    apply(served, made)
    with served.app.state.store.read() as tx:
        assert EXPERTS.read(tx, "E1")["status"] == "suspended"
    tag = {"If-Match": served.get("/v1/experts/E1").headers["etag"]}
    assert served.patch("/v1/experts/E1/status", json={"status": "active"}, headers=tag).status_code == 409
