import threading
import time
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from matcher.errors import InvalidValueError
from service.store import connections
from service.store.cell_types import Moment
from service.store.engine import Store
from service.store.errors import BusyError, UnreachableError
from service.store.experts import EXPERTS
from service.store.schema import Change, revisions
from tests.service.store.builders import an_expert, in_parallel


def names(tx):
    return [row["expert_id"] for row in EXPERTS.page(tx)]


def test_a_transaction_is_kept_whole_or_undone_whole(store):
    with store.write() as tx:
        an_expert(tx, "E1")
    with pytest.raises(ZeroDivisionError):
        _fail(store)
    with store.read() as tx:
        assert names(tx) == ["E1"]
        assert tx.revision() == 1


def _fail(store):
    with store.write() as tx:
        an_expert(tx, "E2")
        raise ZeroDivisionError


def test_a_reader_sees_one_moment_however_long_he_reads(store):
    done = threading.Event()

    def write():
        with store.write() as tx:
            an_expert(tx, "E1")
        done.set()

    with store.read() as tx:
        assert names(tx) == []
        writer = threading.Thread(target=write)
        writer.start()
        if tx.connection.dialect.name == "postgresql":
            assert done.wait(5)
        assert names(tx) == []
    writer.join()
    with store.read() as tx:
        assert names(tx) == ["E1"]


def test_a_reading_transaction_cannot_write(store):
    with pytest.raises(sa.exc.DBAPIError, match=r"read-?only"), store.read() as tx:
        an_expert(tx)
    with store.write() as tx:
        an_expert(tx)


def test_parallel_writers_get_revisions_without_gap_or_repeat_and_none_is_locked_out(store):
    def work(name):
        def write(mine):
            for number in range(5):
                with mine.write() as tx:
                    an_expert(tx, f"{name}-{number}")

        return write

    assert in_parallel(store, [work(name) for name in "abcdefgh"]) == [None] * 8
    with store.read() as tx:
        assert tx.execute(sa.select(revisions.c.number).order_by(revisions.c.number)).scalars().all() == [*range(1, 41)]


def test_a_higher_revision_is_never_seen_before_a_lower_one(store):
    """Else a worker that has renewed itself up to the higher one would miss the lower one for ever."""
    late = []

    def slow(mine):
        with mine.write() as tx:
            tx.revise(Change.EXPERTS)
            time.sleep(0.3)

    def quick(mine):
        time.sleep(0.1)
        with mine.write() as tx:
            late.append(tx.revise(Change.EXPERTS))

    assert in_parallel(store, [slow, quick]) == [None, None]
    assert late == [2]


def test_who_waits_too_long_is_told_so(store, monkeypatch):
    monkeypatch.setattr(connections, "BUSY_SECONDS", 0.2)
    other = Store.open(store.engine.url.render_as_string(hide_password=False))
    with store.write() as tx:
        tx.hold()
        with pytest.raises(BusyError), other.write() as theirs:
            theirs.hold()
    other.close()


def test_a_database_that_cannot_be_used_is_the_operators_to_mend(tmp_path):
    (tmp_path / "letter.db").write_text("Dear all, " * 1000)
    (tmp_path / "file").touch()
    closed = "postgresql+psycopg://u@127.0.0.1:1/d"
    for url in (f"sqlite:///{tmp_path}/letter.db", f"sqlite:///{tmp_path}/file/x.db", closed):
        store = Store.open(url)
        with pytest.raises(UnreachableError):
            store.migrate()
        store.close()


def test_moments_are_kept_in_utc_and_need_a_zone(store):
    moment = datetime(2026, 4, 1, 9, 30, 0, 123456, tzinfo=UTC)
    fixed = Store(store.engine, lambda: moment.astimezone(datetime.now().astimezone().tzinfo))
    with fixed.write() as tx:
        tx.revise(Change.MODEL)
    with store.read() as tx:
        assert tx.execute(sa.select(revisions.c.at)).scalar_one() == moment
    with pytest.raises(InvalidValueError, match="zone"):
        Moment().process_bind_param(datetime(2026, 4, 1), store.engine.dialect)


@pytest.mark.parametrize(
    "url", ["", "x", "sqlite://", "sqlite:///:memory:", "mysql://a/b", "postgresql+psycopg2://u:hidden@h/d"]
)
def test_another_kind_of_database_is_refused_without_its_password(url):
    with pytest.raises(InvalidValueError, match="postgresql\\+psycopg://") as caught:
        Store.open(url)
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 9), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), True),
        ((4, 0, 0), True),
    ],
)
def test_the_journal_is_chosen_by_the_version_of_sqlite(version, safe):
    assert connections.wal_is_safe(version) == safe


def test_sqlite_is_durable_and_holds_to_references(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path}/x.db")
    store.migrate()
    with store.read() as tx:
        pragmas = {
            name: tx.connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("foreign_keys", "synchronous", "journal_mode", "secure_delete")
        }
    store.close()
    wal = connections.wal_is_safe(__import__("sqlite3").sqlite_version_info)
    assert pragmas == {
        "foreign_keys": 1,
        "synchronous": 2,
        "journal_mode": "wal" if wal else "delete",
        "secure_delete": 1,
    }


def test_what_was_written_is_in_no_error_of_the_database(store):
    with pytest.raises(sa.exc.IntegrityError) as caught, store.write() as tx:
        tx.execute(sa.text("INSERT INTO experts (expert_id, name) VALUES (:i, NULL)"), {"i": "秘密"})
    assert "parameters hidden" in str(caught.value)
