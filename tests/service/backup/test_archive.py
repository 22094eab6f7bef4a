"""A backup holds everything, comes back on either database, and what is damaged does not come back at all."""

import hashlib
import json
import shutil
import zipfile

import pytest

from service.backup.archive import BackupError, back_up, restore
from service.shortlists.batch import rerank
from service.shortlists.reproducing import reproduce
from service.store import audit, dump, shortlists
from service.store.engine import Store
from service.store.experts import EXPERTS
from service.store.loading import load
from tests.databases import DATABASES
from tests.service.builders import ON, Programme, a_dataset, a_home, a_key, a_trained_model, activate_model


@pytest.fixture
def home(tmp_path):
    a_trained_model()
    return shutil.copytree(a_home(), tmp_path / "home")


@pytest.fixture
def filled(store, home):
    """Rows in most tables, an earlier state of one among them."""
    with store.write() as tx:
        load(tx, a_dataset())
    with store.write() as tx:
        activate_model(tx)
        EXPERTS.change(tx, a_dataset().experts["expert_id"].iloc[0], {"status": "suspended"})
    a_key(store)
    rerank(store, home, Programme.default(), k=2, lang="ja", on=ON)
    return store


@pytest.fixture(params=DATABASES)
def empty(databases, request):
    with databases.migrated(request.param) as url:
        store = Store.open(url)
        yield store
        store.close()


def rows(store) -> dict[str, list]:
    with store.read() as tx:
        return {name: list(dump.rows_of(tx, name)) for name in dump.TABLES}


def test_everything_comes_back_on_either_database(filled, empty, home, tmp_path):
    back_up(filled, home, tmp_path / "backup.zip")
    restore(empty, tmp_path / "other", tmp_path / "backup.zip")
    assert rows(empty) == rows(filled)
    file = a_trained_model().file
    assert (tmp_path / "other" / file).read_bytes() == (home / file).read_bytes()


def test_what_came_back_goes_on(filled, empty, home, tmp_path):
    back_up(filled, home, tmp_path / "backup.zip")
    restore(empty, tmp_path / "other", tmp_path / "backup.zip")
    with empty.read() as tx:
        shortlist_id = shortlists.page(tx, limit=1)[0]["shortlist_id"]
    assert reproduce(empty, tmp_path / "other", shortlist_id).is_same
    with empty.write() as tx:
        EXPERTS.change(tx, a_dataset().experts["expert_id"].iloc[0], {"status": "retired"})
        audit.append(tx, "after")
    with empty.read() as tx:
        assert audit.verify(tx).broken is None


def test_only_its_owner_can_read_it(filled, home, tmp_path):
    back_up(filled, home, tmp_path / "backup.zip")
    assert (tmp_path / "backup.zip").stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.zip", "home"]


def test_a_database_that_holds_something_is_left_alone(filled, home, tmp_path):
    back_up(filled, home, tmp_path / "backup.zip")
    before = rows(filled)
    with pytest.raises(BackupError, match="holds something"):
        restore(filled, home, tmp_path / "backup.zip")
    assert rows(filled) == before


def changed(path, name, change) -> None:
    """The archive with one member changed."""
    with zipfile.ZipFile(path) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    members[name] = change(members[name])
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in members.items():
            archive.writestr(member, content)


def with_fitting_hash(path, name, change) -> None:
    """The same, its hash in the manifest, too: what somebody would do who knows the form."""
    changed(path, name, change)
    with zipfile.ZipFile(path) as archive:
        digest = hashlib.sha256(archive.read(name)).hexdigest()
    changed(path, "manifest.json", lambda text: _with(json.loads(text), name, digest))


def _with(manifest, name, digest) -> bytes:
    manifest["members"][name] = digest
    return json.dumps(manifest).encode()


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (lambda path: changed(path, "tables/experts.jsonl", lambda text: text[:-10]), "tables/experts.jsonl"),
        (lambda path: changed(path, a_trained_model().file, lambda _: b"torn"), a_trained_model().file),
        (
            lambda path: with_fitting_hash(path, "tables/audit.jsonl", lambda text: text.replace(b"batch", b"nobody")),
            "audit",
        ),
        (lambda path: with_fitting_hash(path, a_trained_model().file, lambda _: b"torn"), a_trained_model().file),
        (lambda path: with_fitting_hash(path, "tables/experts.jsonl", lambda text: text + b"{"), "backup"),
        (lambda path: path.write_bytes(b"no archive"), "backup"),
        (lambda path: path.unlink(), "backup"),
    ],
    ids=["a row", "a model", "the trail", "another model", "half a row", "no archive", "no file"],
)
def test_what_is_damaged_does_not_come_back_at_all(filled, databases, home, tmp_path, damage, named):
    path = tmp_path / "backup.zip"
    back_up(filled, home, path)
    damage(path)
    with databases.migrated("sqlite") as url:
        store = Store.open(url)
        with pytest.raises(BackupError, match=named):
            restore(store, tmp_path / "other", path)
        with store.read() as tx:
            assert dump.is_empty(tx)
        store.close()


def test_a_model_that_is_not_the_registered_one_is_not_backed_up(filled, home, tmp_path):
    (home / a_trained_model().file).write_bytes(b"torn")
    with pytest.raises(BackupError, match=a_trained_model().file):
        back_up(filled, home, tmp_path / "backup.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_a_folder_that_is_not_there_is_one_clear_error(filled, home, tmp_path):
    with pytest.raises(BackupError, match="existing folder"):
        back_up(filled, home, tmp_path / "nowhere" / "backup.zip")


def test_writers_are_not_kept_waiting_by_a_backup(filled, home, tmp_path, monkeypatch):
    """A change that is made while the rows are read is committed, and is not in the backup."""
    read = dump.rows_of

    def slow(tx, name):
        if name == "experts":
            with filled.write() as other:
                EXPERTS.create(other, {"expert_id": "A-meanwhile", "name": "新人"})
        return read(tx, name)

    monkeypatch.setattr(dump, "rows_of", slow)
    back_up(filled, home, tmp_path / "backup.zip")
    with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
        assert b"A-meanwhile" not in archive.read("tables/experts.jsonl")
    with filled.read() as tx:
        assert EXPERTS.find(tx, "A-meanwhile")
