"""How a connection of either database is opened: durable, bounded in time, and one writer at a time on SQLite."""

import json
import sqlite3
from pathlib import Path
from typing import Any, TypeGuard

import psycopg
import sqlalchemy as sa

from matcher.errors import InvalidValueError
from service.store.cell_types import UnstorableError, is_storable
from service.store.errors import UnreachableError
from service.store.search import teach

Options = dict[str, dict[str, Any]]

BUSY_SECONDS = 10
STATEMENT_SECONDS = 30
# What a transaction is begun with, by the database's name.
READING: Options = {
    "sqlite": {"begin": ("PRAGMA query_only=ON", "BEGIN")},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}
WRITING: Options = {
    "sqlite": {"begin": ("PRAGMA query_only=OFF", "BEGIN IMMEDIATE")},
    "postgresql": {"isolation_level": "READ COMMITTED"},
}
_URLS = "sqlite:///PATH or postgresql+psycopg://USER:PASSWORD@HOST:PORT/NAME"
# lock_not_available, deadlock_detected, serialization_failure, too_many_connections, cannot_connect_now
_UNUSABLE = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}
_BUSY_STATES = {"55P03", "40P01", "40001", "53300", "57P03"}


def engine_for(url: str) -> sa.Engine:
    """The engine; it never tells what was written or read in an error. Raises `InvalidValueError`."""
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise InvalidValueError("database", "", _URLS) from None
    if parsed.drivername in ("sqlite", "sqlite+pysqlite") and parsed.database not in (None, "", ":memory:"):
        return _sqlite(parsed)
    if parsed.drivername == "postgresql+psycopg" and parsed.database:
        return _postgresql(parsed)
    raise InvalidValueError("database", parsed.render_as_string(hide_password=True), _URLS)


def _sqlite(url: sa.URL) -> sa.Engine:
    # A thread that waits for a connection waits no longer than for the lock.
    engine = _create(url, pool_size=8, max_overflow=32, connect_args={"timeout": BUSY_SECONDS})
    sa.event.listen(engine, "connect", _set_pragmas)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _postgresql(url: sa.URL) -> sa.Engine:
    limits = {
        "statement_timeout": STATEMENT_SECONDS * 1000,
        "lock_timeout": BUSY_SECONDS * 1000,
        "idle_in_transaction_session_timeout": 2 * STATEMENT_SECONDS * 1000,
        "timezone": "UTC",
    }
    options = " ".join(f"-c {name}={value}" for name, value in limits.items())
    arguments = {"connect_timeout": 5, "options": options, "tcp_user_timeout": STATEMENT_SECONDS * 1000}
    return _create(url, pool_size=5, max_overflow=5, pool_pre_ping=True, connect_args=arguments)


def _create(url: sa.URL, **options: Any) -> sa.Engine:
    return sa.create_engine(url, hide_parameters=True, json_serializer=_to_json, pool_timeout=BUSY_SECONDS, **options)


def _to_json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    if "\\u0000" in text or not is_storable(text):
        raise UnstorableError
    return text


def _set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    teach(connection)
    journal = "WAL" if wal_is_safe(sqlite3.sqlite_version_info) else "DELETE"
    for pragma in ("foreign_keys=ON", f"journal_mode={journal}", "synchronous=FULL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite never loses a commit in WAL mode: fixed in 3.51.3, and in 3.50.7 and 3.44.6 of their lines.

    >>> [wal_is_safe(v) for v in [(3, 40, 1), (3, 44, 6), (3, 45, 0), (3, 50, 6), (3, 50, 7), (3, 51, 2), (3, 51, 3)]]
    [False, True, False, False, True, False, True]
    """
    fixed = {(3, 44): 6, (3, 50): 7}
    return version >= (3, 51, 3) or version[2] >= fixed.get(version[:2], version[2] + 1)


def _begin(connection: sa.Connection) -> None:
    for statement in connection.get_execution_options().get("begin") or WRITING["sqlite"]["begin"]:
        connection.exec_driver_sql(statement)


def without_time_limit(connection: sa.Connection) -> None:
    """Lets the statements of this transaction take as long as they need: a migration, an import."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SET LOCAL statement_timeout = 0"))


def compact(engine: sa.Engine) -> None:
    """Writes the database anew, so that no page or file of it holds what was deleted. Waits for others to finish."""
    if engine.dialect.name == "sqlite":
        connection = sqlite3.connect(str(engine.url.database), timeout=BUSY_SECONDS, isolation_level=None)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        connection.execute("VACUUM").close()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        connection.close()
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as session:
        for statement in ("SET statement_timeout = 0", "VACUUM FULL", "RESET statement_timeout"):
            session.exec_driver_sql(statement)


def is_busy(error: sa.exc.SQLAlchemyError) -> bool:
    """Whether the same may succeed in a moment."""
    if isinstance(error, sa.exc.TimeoutError):
        return True
    cause = getattr(error, "orig", None)
    if isinstance(cause, sqlite3.OperationalError):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return getattr(cause, "sqlstate", None) in _BUSY_STATES


def is_unusable(error: sa.exc.SQLAlchemyError) -> TypeGuard[sa.exc.DatabaseError]:
    """Whether there is no server that answers, or no file that can be opened and read as a database."""
    cause = getattr(error, "orig", None)
    if isinstance(cause, sqlite3.DatabaseError):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in _UNUSABLE
    return isinstance(cause, psycopg.OperationalError) and cause.sqlstate is None


def create_file(url: sa.URL) -> None:
    """An empty SQLite file that only its owner can read, where there is none yet; nothing for a server.

    Raises `UnreachableError` where it cannot be made.
    """
    if url.database is not None and url.drivername.startswith("sqlite"):
        path = Path(url.database)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
        except OSError as error:
            raise UnreachableError(error.strerror or "") from None
