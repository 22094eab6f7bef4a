"""`backup`, `restore`, `rerank` and `shortlists reproduce` as they are typed."""

import re
import shutil

import pytest
import sqlalchemy as sa

from service.store import schema
from service.store.engine import Store
from tests.service.builders import a_filled_database, a_home, a_trained_model
from tests.service.commands import call_of


@pytest.fixture
def home(tmp_path):
    a_trained_model()
    return shutil.copytree(a_home(), tmp_path / "home")


@pytest.fixture
def database():
    return a_filled_database()


@pytest.fixture
def call(monkeypatch, capsys, home, database):
    return call_of(monkeypatch, capsys, {"MATCHER_HOME": str(home), "MATCHER_DATABASE": database})


def test_all_open_consultations_are_ranked_once_and_each_shortlist_is_made_again(call, database):
    code, said, _ = call("rerank", "-k", "3")
    assert code == 0
    made, skipped = map(int, re.findall(r"\d+", said))
    assert made > 0 == skipped
    assert f"(kept already): {made}" in call("rerank", "-k", "3")[1]
    store = Store.open(database)
    with store.read() as tx:
        shortlist_id = tx.execute(sa.select(schema.shortlists.c.shortlist_id)).scalars().first()
    assert call("shortlists", "reproduce", shortlist_id)[0] == 0
    with store.write() as tx:
        tx.execute(sa.update(schema.shortlists).values(answer_sha256="x"))
    store.close()
    code, _, errors = call("shortlists", "reproduce", shortlist_id)
    assert (code, errors.count("\n")) == (1, 1)


def test_a_backup_is_restored_into_an_empty_database(call, home, tmp_path, monkeypatch, capsys):
    path = str(tmp_path / "backup.zip")
    assert call("backup", path)[0] == 0
    code, _, errors = call("restore", path)
    assert (code, errors.count("\n")) == (2, 1)
    other = call_of(monkeypatch, capsys, {"MATCHER_HOME": str(tmp_path / "other")})
    head = re.search(r"head\) (\w+)", other("restore", path)[1])[1]
    assert head in other("audit", "verify")[1]
    assert other("models", "list")[1] == call("models", "list")[1]
