"""After an erasure a canary is found nowhere: neither in the database nor in any file, models included."""

from datetime import date
from pathlib import Path

import pytest

from service.models.retraining import retrain
from service.privacy.erasing import erase, files_with
from service.store import audit, erasures, idempotency, imports, models, notes, persons, shortlists
from service.store.clients import CLIENTS
from service.store.conflicts import CONFLICTS
from service.store.consultations import CONSULTATIONS
from service.store.dispatches import DISPATCHES
from service.store.errors import MissingError
from service.store.experts import EXPERTS
from service.store.idempotency import KeptAnswer
from service.store.loading import load
from service.store.persons import NOBODY
from service.store.pseudonyms import pseudonym
from service.store.schema import metadata
from tests.service.builders import ON, a_dataset
from tests.service.store.builders import a_client, a_consultation, a_dispatch, a_shortlist, an_expert

WHO, NAME = "KANARIA-77", "金糸雀 歌子"
MARKS = (WHO, NAME, "金糸雀歌子", "かなりあ", "秘密の相談")


def everything_in(store):
    """Every cell of every table, as text."""
    with store.read() as tx:
        return {
            table.name: " ".join(
                cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)
                for row in tx.execute(table.select())
                for cell in row
            )
            for table in metadata.sorted_tables
        }


def found_in(store):
    return {(name, mark) for name, text in everything_in(store).items() for mark in MARKS if mark in text}


def a_life(tx, kind):
    """A person who left traces in all tables, and a bystander in each."""
    an_expert(tx, "E1", name="佐藤", introduction=f"{NAME}先生の弟子")
    an_expert(tx, WHO if kind == "expert" else "E2", name=NAME, kana="かなりあ", introduction="自己紹介 金糸雀歌子")
    expert = WHO if kind == "expert" else "E1"
    client = WHO if kind == "client" else "C1"
    for one in {client, "C1"}:
        a_client(tx, one, name="金糸雀 歌子" if one == WHO else "株式会社")
    for number, one in enumerate([client, "C1"]):
        place = {"client_id": one, "hub_id": "H1", "received_on": date(2026, 3, 1), "municipality": "新宿区"}
        a_consultation(
            tx, f"K{number}", **place, description=f"{NAME}の秘密の相談" if one == WHO else f"{NAME}先生希望"
        )
        a_dispatch(tx, f"D{number}", consultation_id=f"K{number}", expert_id=expert, comment=f"{NAME}は良い")
        answer = f'{{"items":[{{"expert_id":"{expert}","name":"{NAME}"}}],"text":"秘密の相談"}}'
        a_shortlist(tx, f"K{number}", experts=(expert,), answer=answer, asked={"description": "秘密の相談"})
    a_shortlist(tx, "K1", experts=("E1",), answer=f'{{"excluded":[{{"expert_ids":["{expert}"]}}]}}')
    CONFLICTS.create(tx, {"expert_id": expert, "client_id": client, "kind": "family"})
    notes.create(tx, "E1", f"{NAME}の紹介", principal_id="P", hub_id="H1")
    notes.create(tx, expert, "かなりあ" if kind == "expert" else "x", principal_id="P", hub_id="H1")


def a_change_of_all(tx, kind):
    """So that there are earlier states."""
    if kind == "expert":
        EXPERTS.change(tx, WHO, {"capacity_per_month": 2})
    else:
        CLIENTS.change(tx, WHO, {"registered": False})
    CONSULTATIONS.change(tx, "K0", {"status": "closed"})
    DISPATCHES.change(tx, "D0", {"resolved": True})


def kept_elsewhere(tx):
    answer = KeptAnswer("h", 201, {}, f'{{"name":"{NAME}"}}'.encode())
    idempotency.claim(tx, "P", "key", "h", keep=date(2026, 1, 2) - date(2026, 1, 1))
    idempotency.keep_answer(tx, "P", "key", answer)
    report = {"faults": [{"value": NAME}]}
    imports.create(tx, f"{WHO},{NAME}".encode(), principal_id="P", source="experts.csv", report=report, difference={})
    audit.append(tx, "expert read", subject=pseudonym(tx, "expert", WHO))


@pytest.mark.parametrize("kind", ["expert", "client"])
def test_nothing_of_an_erased_person_is_left_in_any_table(store, tmp_path, kind):
    with store.write() as tx:
        a_life(tx, kind)
        if kind == "client":  # the canary's words as expert are a bystander's here
            EXPERTS.change(tx, "E2", {"name": "別人", "kana": None, "introduction": None})
    with store.write() as tx:
        a_change_of_all(tx, kind)
        kept_elsewhere(tx)
    assert {name for name, _ in found_in(store)} >= {"row_versions", "idempotency", "imports", "shortlists", "notes"}
    done = erase(store, tmp_path, kind, WHO, on=ON)
    left = {(name, mark) for name, mark in found_in(store) if mark != "かなりあ" or kind == "expert"}
    assert left == set()
    assert done.found_in == ()
    with store.read() as tx:
        assert audit.verify(tx).broken is None
        assert persons.find(tx, kind, WHO) is None
        assert erasures.erased(tx, kind, [WHO, "other"]) == [WHO]


def test_what_is_not_the_persons_stays(store, tmp_path):
    with store.write() as tx:
        a_life(tx, "expert")
    erase(store, tmp_path, "expert", WHO, on=ON)
    with store.read() as tx:
        assert EXPERTS.read(tx, "E1")["introduction"] == "〔消去〕先生の弟子"
        assert CONSULTATIONS.read(tx, "K1")["description"] == "〔消去〕先生希望"
        row = DISPATCHES.read(tx, "D0")
        assert (row["expert_id"], row["comment"], row["consultation_id"]) == (NOBODY, None, "K0")
        assert EXPERTS.read(tx, NOBODY)["status"] == "retired"
        assert CLIENTS.read(tx, "C1")["name"] == "株式会社"


def test_shortlists_that_showed_the_person_are_empty_and_say_so(store, tmp_path):
    with store.write() as tx:
        a_life(tx, "expert")
        an_expert(tx, "E5", name="第三者")
        a_client(tx, "C5")
        a_consultation(tx, "K5", client_id="C5")
        other = a_shortlist(tx, "K5", experts=("E5",))["shortlist_id"]
    erase(store, tmp_path, "expert", WHO, on=ON)
    with store.read() as tx:
        rows = [shortlists.read(tx, row["shortlist_id"]) for row in shortlists.page(tx)]
    assert {row["shortlist_id"] for row in rows if row["erased_at"] is None} == {other}
    assert all((row["answer"] is None) == (row["erased_at"] is not None) for row in rows)


def test_a_clients_cases_still_count_for_the_expert(store, tmp_path):
    with store.write() as tx:
        a_life(tx, "client")
    erase(store, tmp_path, "client", WHO, on=ON)
    with store.read() as tx:
        row = CONSULTATIONS.read(tx, "K0")
        assert (row["client_id"], row["description"], row["municipality"]) == (None, None, None)
        assert (row["category"], row["received_on"]) == ("sales.web", date(2026, 3, 1))
        assert DISPATCHES.read(tx, "D0")["expert_id"] == "E1"


def test_nobody_is_erased_who_is_not_there(store, tmp_path):
    with pytest.raises(MissingError):
        erase(store, tmp_path, "expert", WHO, on=ON)


@pytest.fixture(scope="module")
def learned():
    """The small world with a canary among its experts, who was sent often."""
    data = a_dataset()
    busiest = data.dispatches["expert_id"].value_counts().index[0]

    def renamed(frame):
        return frame.assign(expert_id=frame["expert_id"].replace(busiest, WHO)) if "expert_id" in frame else frame

    experts = renamed(data.experts)
    experts["name"] = experts["name"].mask(experts["expert_id"] == WHO, NAME)
    tables = {"experts": experts, "dispatches": renamed(data.dispatches), "conflicts": renamed(data.conflicts)}
    return type(data).from_tables(
        {
            name: tables.get(name, data.table(name))
            for name in ("experts", "dispatches", "conflicts", "consultations", "clients", "hubs", "categories")
        }
    )


def test_no_file_remembers_the_person_and_the_new_model_serves(store, tmp_path, learned):
    with store.write() as tx:
        load(tx, learned)
    old = retrain(store, tmp_path, on=ON).row
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert list(files_with([WHO], files)), "a model that knows no expert proves nothing"
    done = erase(store, tmp_path, "expert", WHO, on=ON)
    assert done.found_in == ()
    assert done.model_id != old["model_id"]
    assert found_in(store) == set()
    assert [path.name for path in (tmp_path / "models").iterdir()] == [f"{_fingerprint(store)}.npz"]
    with store.read() as tx:
        assert models.active(tx)["model_id"] == done.model_id
        assert models.read(tx, old["model_id"])["refused_because"] == models.ERASED
    if store.engine.dialect.name == "sqlite":
        database = Path(store.engine.url.database)
        assert not list(files_with([WHO, NAME], database.parent.glob(f"{database.name}*")))


def _fingerprint(store):
    with store.read() as tx:
        return models.active(tx)["fingerprint"]


def test_what_was_left_behind_in_a_file_is_found(store, tmp_path):
    with store.write() as tx:
        an_expert(tx, WHO, name=NAME)
    left = tmp_path / "export.csv"
    left.write_text(NAME, encoding="cp932")
    assert erase(store, tmp_path, "expert", WHO, on=ON).found_in == (left.resolve(),)


def test_an_erasure_that_failed_half_way_may_be_run_again(store, tmp_path, monkeypatch):
    with store.write() as tx:
        an_expert(tx, WHO, name=NAME)
    with monkeypatch.context() as patch:
        patch.setattr(type(store), "compact", lambda _self: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            erase(store, tmp_path, "expert", WHO, on=ON)
    assert erase(store, tmp_path, "expert", WHO, on=ON).found_in == ()
