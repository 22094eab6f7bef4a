import pytest
import sqlalchemy as sa

from service.store import audit
from service.store.engine import Store
from service.store.schema import audit as entries
from tests.service.commands import call_of


@pytest.fixture
def database(tmp_path):
    return f"sqlite:///{tmp_path / 'x.sqlite'}"


@pytest.fixture
def call(monkeypatch, capsys, database):
    return call_of(monkeypatch, capsys, {"MATCHER_DATABASE": database})


def test_a_whole_trail_is_told_by_its_length_and_head_and_a_broken_one_by_exit_code_1(call, database):
    call("keys", "create", "--role", "batch", "--name", "x")
    store = Store.open(database)
    with store.write() as tx:
        audit.append(tx, "read")
    with store.read() as tx:
        head = audit.verify(tx).head
    code, said, errors = call("audit", "verify")
    assert (code, errors) == (0, "")
    assert "(sound): 2" in said
    assert head in said
    with store.write() as tx:
        tx.connection.exec_driver_sql("DROP TRIGGER audit_no_delete")
        tx.execute(sa.delete(entries).where(entries.c.number == 1))
    store.close()
    code, _, errors = call("audit", "verify")
    assert code == 1
    assert "entry 1" in errors
