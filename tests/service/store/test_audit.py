import threading
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from service.store import audit
from service.store.audit import NOTHING_BEFORE, Verdict
from service.store.engine import Store
from service.store.pseudonyms import pseudonym
from service.store.schema import audit as table


def a_trail(store, length=3):
    for number in range(length):
        with store.write() as tx:
            audit.append(tx, "shortlist", principal_id="K1", subject=f"shortlist:{number}", detail={"理由": [1, None]})


def tamper(store, *statements):
    """As somebody would who has the database to himself."""
    with store.write() as tx:
        if tx.connection.dialect.name == "postgresql":
            tx.connection.exec_driver_sql("ALTER TABLE audit DISABLE TRIGGER USER")
        else:
            tx.connection.exec_driver_sql("DROP TRIGGER audit_no_update")
            tx.connection.exec_driver_sql("DROP TRIGGER audit_no_delete")
        for statement in statements:
            tx.execute(statement)


def verdict(store):
    with store.read() as tx:
        return audit.verify(tx)


def test_an_empty_trail_is_sound(store):
    assert verdict(store) == Verdict(0, NOTHING_BEFORE, None)


def test_a_trail_is_sound_as_it_was_written_and_its_head_moves_on(store):
    a_trail(store)
    first = verdict(store)
    a_trail(store, 1)
    second = verdict(store)
    assert (first.sound, first.broken, second.sound, second.broken) == (3, None, 4, None)
    assert first.head != second.head


def test_two_entries_of_one_transaction_are_chained_in_their_order(store):
    with store.write() as tx:
        audit.append(tx, "first")
        audit.append(tx, "second")
    with store.read() as tx:
        assert [row["action"] for row in audit.entries(tx)] == ["second", "first"]
        assert audit.verify(tx).broken is None


def test_an_undone_transaction_leaves_no_entry(store):
    with pytest.raises(ZeroDivisionError):
        _fail(store)
    assert verdict(store).sound == 0


def _fail(store):
    with store.write() as tx:
        audit.append(tx, "rank")
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        (sa.update(table).where(table.c.number == 2).values(detail='{"理由":[2,null]}'), 2),
        (sa.update(table).where(table.c.number == 3).values(principal_id="K2"), 3),
        (sa.update(table).where(table.c.number == 1).values(at=datetime(2020, 1, 1, tzinfo=UTC)), 1),
        (sa.update(table).where(table.c.number == 2).values(subject=None), 2),
        (sa.delete(table).where(table.c.number == 2), 2),
        (sa.delete(table).where(table.c.number == 1), 1),
        (sa.update(table).where(table.c.number == 3).values(number=4), 3),
    ],
)
def test_the_first_broken_entry_is_named(store, change, broken):
    a_trail(store)
    tamper(store, change)
    assert (verdict(store).sound, verdict(store).broken) == (broken - 1, broken)


def test_an_entry_that_was_forged_with_its_own_hash_breaks_the_chain_behind_it(store):
    a_trail(store)
    with store.read() as tx:
        forged = dict(audit.entries(tx, limit=2)[1]) | {"principal_id": "K9"}
    forged["hash"] = audit._hash(forged)
    tamper(store, sa.update(table).where(table.c.number == 2).values(forged))
    assert verdict(store).broken == 3


@pytest.mark.parametrize("statement", [sa.update(table).values(action="x"), sa.delete(table)])
def test_the_database_itself_refuses_to_change_the_trail(store, statement):
    a_trail(store)
    with pytest.raises(sa.exc.DBAPIError, match="only ever added"), store.write() as tx:
        tx.execute(statement)
    assert verdict(store).broken is None


def test_the_trail_of_parallel_writers_is_one_chain(store):
    failed = []

    def write():
        mine = Store.open(store.engine.url.render_as_string(hide_password=False))
        try:
            a_trail(mine, 10)
        except Exception as error:
            failed.append(error)
        mine.close()

    writers = [threading.Thread(target=write) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failed == []
    assert (verdict(store).sound, verdict(store).broken) == (80, None)


def test_entries_are_found_by_principal_action_and_subject_newest_first_in_pages(store):
    a_trail(store)
    with store.write() as tx:
        audit.append(tx, "export", principal_id="K2", subject="shortlist:1")
    with store.read() as tx:
        assert [row["number"] for row in audit.entries(tx, subject="shortlist:1")] == [4, 2]
        assert [row["number"] for row in audit.entries(tx, principal_id="K1", action="shortlist")] == [3, 2, 1]
        assert [row["number"] for row in audit.entries(tx, after=(3,), limit=1)] == [2]


def test_a_person_has_one_pseudonym_which_is_another_in_another_database(store, databases):
    with store.read() as tx:
        names = [pseudonym(tx, *who) for who in [("expert", "E1"), ("expert", "E1"), ("client", "E1")]]
    assert names[0] == names[1] != names[2]
    assert "E1" not in names[0]
    with databases.empty("sqlite") as url:
        other = Store.open(url)
        other.migrate()
        with other.read() as tx:
            assert pseudonym(tx, "expert", "E1") != names[0]
        other.close()
