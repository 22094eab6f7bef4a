"""`matcher-service privacy ...` as it is typed."""

import json
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from service.access.accounts import create_user
from service.models.retraining import retrain
from service.privacy.retention import apply_retention
from service.settings import Settings
from service.store import audit, erasures, imports, models, notes, shortlists
from service.store.clients import CLIENTS
from service.store.consultations import CONSULTATIONS
from service.store.dispatches import DISPATCHES
from service.store.engine import Store
from service.store.experts import EXPERTS
from service.store.loading import load
from service.store.schema import sessions, users
from tests.service.builders import ON, a_dataset
from tests.service.commands import call_of
from tests.service.store.builders import a_client, a_consultation, a_dispatch, a_shortlist, an_expert


@pytest.fixture
def store(tmp_path):
    made = Store.open(f"sqlite:///{tmp_path / 'service.sqlite'}")
    made.migrate()
    with made.write() as tx:
        an_expert(tx, "E1", name="山田 花子", capacity_per_month=1)
        a_client(tx, "C1", name="株式会社みほん")
        a_consultation(tx, "K1", client_id="C1", description="秘密", status="closed", received_on=date(2019, 4, 1))
        a_dispatch(tx, "D1", comment="良い")
        a_shortlist(tx, "K1", experts=("E1",))
        notes.create(tx, "E1", "丁寧", principal_id="P", hub_id="H1")
        create_user(tx, login="tanaka", name="田中", password="a long enough password", role="batch", hub_id=None)
    yield made
    made.close()


@pytest.fixture
def call(monkeypatch, capsys, tmp_path, store):
    return call_of(monkeypatch, capsys, {"MATCHER_HOME": str(tmp_path)})


def read(store, question):
    with store.read() as tx:
        return question(tx)


def test_the_notice_says_what_is_kept_and_how_long(call):
    code, said, _ = call("privacy", "notice")
    assert code == 0
    assert "1825" in said
    assert len(said.splitlines()) == 9


def test_a_disclosure_is_everything_on_the_person_and_nothing_on_others(call, store):
    with store.write() as tx:
        an_expert(tx, "E2", name="他人")
        EXPERTS.change(tx, "E1", {"capacity_per_month": 3})
    _, said, _ = call("privacy", "disclose", "E1", "--kind", "expert")
    told = json.loads(said)
    assert told["experts"][0]["name"] == "山田 花子"
    assert told["notes"][0]["text"] == "丁寧"
    assert told["earlier"][0]["payload"]["capacity_per_month"] == 1
    assert (len(told["dispatches"]), len(told["impressions"])) == (1, 1)
    assert "他人" not in said
    assert "みほん" not in said
    again = json.loads(call("privacy", "disclose", "E1", "--kind", "expert")[1])
    assert [entry["action"] for entry in again["audit"]] == ["person disclosed"]


def test_a_disclosure_of_a_client_and_of_a_user(call):
    told = json.loads(call("privacy", "disclose", "C1", "--kind", "client")[1])
    assert [row["description"] for row in told["consultations"]] == ["秘密"]
    assert "answer" not in told["shortlists"][0]
    told = json.loads(call("privacy", "disclose", "tanaka", "--kind", "user")[1])
    assert told["users"][0]["name"] == "田中"
    assert "password_hash" not in told["users"][0]
    assert [entry["action"] for entry in told["audit"]] == ["user created"]


def test_a_correction_is_read_as_files_are(call, store):
    cells = ("--set", "prefecture_code=東京", "--set", "categories=Web・SNS・EC活用; finance", "--set", "kana=")
    assert call("privacy", "correct", "E1", "--kind", "expert", *cells)[0] == 0
    row = read(store, lambda tx: EXPERTS.read(tx, "E1"))
    assert (row["prefecture_code"], row["categories"], row["kana"]) == ("13", ["sales.web", "finance"], None)
    assert call("privacy", "correct", "tanaka", "--kind", "user", "--set", "name=田中 次郎")[0] == 0
    assert read(store, lambda tx: tx.execute(sa.select(users.c.name)).scalar()) == "田中 次郎"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("disclose", "E9", "--kind", "expert"), "expert"),
        (("disclose", "E1", "--kind", "king"), "king"),
        (("correct", "E1", "--kind", "expert", "--set", "expert_id=E2"), "expert_id"),
        (("correct", "E1", "--kind", "expert", "--set", "remote=多分"), "remote"),
        (("correct", "E1", "--kind", "expert", "--set", "remote"), "COLUMN=VALUE"),
        (("correct", "E9", "--kind", "expert", "--set", "remote=yes"), "expert"),
        (("stop-use", "tanaka", "--kind", "user"), "user"),
        (("stop-use", "E1", "--kind", "expert", "--lift"), "use"),
        (("erase", "E9", "--kind", "expert"), "expert"),
    ],
)
def test_a_mistake_is_one_clear_line(call, arguments, named):
    code, _, errors = call("privacy", *arguments)
    assert (code, errors.count("\n")) == (2, 1)
    assert named in errors


def test_whose_use_was_stopped_is_neither_sent_nor_learned_from(call, store, tmp_path):
    data = a_dataset()
    expert, client = data.dispatches["expert_id"].iloc[0], data.clients["client_id"].iloc[0]
    with store.write() as tx:
        load(tx, data)
    first = retrain(store, tmp_path, on=ON).row["model_id"]
    assert call("privacy", "stop-use", expert, "--kind", "expert")[0] == 0
    assert read(store, lambda tx: EXPERTS.read(tx, expert))["status"] == "suspended"
    second = read(store, models.active)
    assert second["model_id"] != first
    assert expert.encode("utf-32-le") not in (tmp_path / second["file"]).read_bytes()
    assert call("privacy", "stop-use", expert, "--kind", "expert")[0] == 2
    assert call("privacy", "stop-use", client, "--kind", "client")[0] == 0
    assert read(store, lambda tx: CLIENTS.read(tx, client))["registered"] is False
    assert call("privacy", "stop-use", expert, "--kind", "expert", "--lift")[0] == 0
    assert read(store, lambda tx: erasures.stopped(tx, "expert", [expert])) == []


def test_an_erased_user_leaves_a_trail_without_a_name(call, store):
    user_id = read(store, lambda tx: tx.execute(sa.select(users.c.user_id)).scalar())
    code, said, errors = call("privacy", "erase", "tanaka", "--kind", "user")
    assert (code, errors) == (0, "")
    assert "users\t1" in said
    assert read(store, lambda tx: tx.execute(sa.select(users)).first()) is None
    assert read(store, lambda tx: tx.execute(sa.select(sessions)).first()) is None
    assert [row["action"] for row in read(store, lambda tx: audit.entries(tx, subject=f"user:{user_id}"))]
    assert read(store, audit.verify).broken is None


def test_an_erasure_tells_of_files_that_still_hold_the_person(call, tmp_path):
    (tmp_path / "old.csv").write_text("山田 花子", encoding="utf-8")
    code, _, errors = call("privacy", "erase", "E1", "--kind", "expert")
    assert code == 1
    assert "old.csv" in errors
    (tmp_path / "old.csv").unlink()
    assert call("privacy", "erase", "E1", "--kind", "expert")[0] == 0


def test_retention_takes_the_words_of_old_cases_and_nothing_else(call, store):
    with store.write() as tx:
        for name, status, day in [("K2", "open", date(2019, 4, 1)), ("K3", "closed", ON.date())]:
            a_consultation(tx, name, description="要る", status=status, received_on=day)
    code, said, _ = call("privacy", "retention")
    assert code == 0
    assert "consultations\t1" in said
    rows = {name: read(store, lambda tx, name=name: CONSULTATIONS.read(tx, name)) for name in ("K1", "K2", "K3")}
    assert {name: row["description"] for name, row in rows.items()} == {"K1": None, "K2": "要る", "K3": "要る"}
    assert read(store, lambda tx: DISPATCHES.read(tx, "D1"))["comment"] is None
    assert read(store, shortlists.page)[0]["erased_at"] is not None
    assert "consultations\t0" in call("privacy", "retention")[1]


def test_retention_keeps_what_is_young_and_lets_go_of_what_is_old(tmp_path, store):
    with store.write() as tx:
        made = imports.create(tx, b"x", principal_id="P", source="x.csv", report={"faults": []}, difference={})
        a_consultation(tx, "K4", status="open")
        a_shortlist(tx, "K4")
    settings = Settings(home=tmp_path)
    assert apply_retention(store, settings)["imports"] == 0
    later = Store(store.engine, lambda: store.now() + timedelta(days=31))
    assert apply_retention(later, settings)["imports"] == 1
    row = read(store, lambda tx: imports.read(tx, made["import_id"]))
    assert (row["content"], row["status"], row["difference"]) == (None, "expired", None)
    much_later = Store(store.engine, lambda: store.now() + timedelta(days=1900))
    assert apply_retention(much_later, settings)["shortlists"] == 1
