"""One database behind one URL: how connections are opened, and what a transaction of ours is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Self

import sqlalchemy as sa

from service.store import connections, migrations
from service.store.errors import BusyError, UnreachableError
from service.store.schema import Change, revisions

_REVISION_LOCK, AUDIT_LOCK, _MIGRATION_LOCK = 1, 2, 3
CHANNEL = "matcher_revisions"  # on which PostgreSQL tells other processes of a commit: "number kind kind"


def utc_now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


class Tx:
    """One transaction: everything in it is of one moment, and is kept or undone together."""

    def __init__(self, connection: sa.Connection, now: datetime) -> None:
        self.connection = connection
        self.now = now
        self._revision: int | None = None
        self._changes: set[Change] = set()
        self._last: list[Callable[[], None]] = []

    def execute(self, statement: sa.Executable, rows: Any = None) -> sa.CursorResult[Any]:
        """The statement's result; `rows` are its parameters, a list of them for many rows."""
        return self.connection.execute(statement, rows)

    def revision(self) -> int:
        """The newest revision that this transaction sees; 0 before the first change."""
        return int(self.connection.scalar(sa.select(sa.func.max(revisions.c.number))) or 0)

    def revise(self, *changes: Change) -> int:
        """The revision of all changes of this transaction, one number whatever it changes."""
        if self._revision is None:
            self.hold()
            self._revision = self.revision() + 1
        new = [change for change in dict.fromkeys(changes) if change not in self._changes]
        if new:
            self._changes.update(new)
            rows = [{"number": self._revision, "kind": str(change), "at": self.now} for change in new]
            self.execute(sa.insert(revisions), rows)
            self._announce(f"{self._revision} {' '.join(new)}")
        return self._revision

    @property
    def revised(self) -> int:
        """The revision of this transaction's own changes, 0 where it has none."""
        return self._revision or 0

    def _announce(self, revision: str) -> None:
        """Tells those who listen (`service.store.watch`), once this is committed; a file needs no telling."""
        if self.connection.dialect.name == "postgresql":
            self.execute(sa.select(sa.func.pg_notify(CHANNEL, revision)))

    def hold(self) -> None:
        """Lets all others who want to change data wait until the end. Call it before reading what to change."""
        self.lock(_REVISION_LOCK)

    def lock(self, number: int) -> None:
        """Waits until no other transaction holds this lock; a writing transaction of SQLite is alone anyway."""
        if self.connection.dialect.name == "postgresql":
            self.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))

    def at_the_end(self, work: Callable[[], None]) -> None:
        """Work for just before the commit, so that what it locks is held for the shortest time."""
        self._last.append(work)

    def finish(self) -> None:
        """Does what was left for the end."""
        for work in self._last:
            work()


class Store:
    """The database. Safe to share among threads; a process that forks opens its own."""

    def __init__(self, engine: sa.Engine, now: Callable[[], datetime]) -> None:
        self.engine = engine
        self.now = now
        self.written = 0  # the newest revision that this process itself has committed

    @classmethod
    def open(cls, url: str, *, now: Callable[[], datetime] = utc_now) -> Self:
        """Connects when first used. Raises `InvalidValueError` for a URL of another kind of database."""
        return cls(connections.engine_for(url), now)

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A transaction that sees the database as of one moment and changes nothing. Raises `BusyError`."""
        with self._begin(connections.READING) as tx:
            yield tx

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """A transaction that is committed at the end, and undone by an exception. Raises `BusyError`."""
        with self._begin(connections.WRITING) as tx:
            yield tx
            tx.finish()
        self.written = max(self.written, tx.revised)

    def migrate(self) -> None:
        """Creates the database's tables, or brings them up to date; once, if several processes ask at a time."""
        connections.create_file(self.engine.url)
        with self.write() as tx:
            tx.lock(_MIGRATION_LOCK)
            connections.without_time_limit(tx.connection)
            migrations.upgrade(tx.connection)

    def migrated(self) -> bool:
        """Whether the database has the tables that this program needs, neither older nor newer ones."""
        with self.read() as tx:
            return migrations.reached(tx.connection) == migrations.newest()

    def compact(self) -> None:
        """Writes the database anew, so that its files hold nothing that was deleted."""
        connections.compact(self.engine)

    def close(self) -> None:
        """Closes all connections."""
        self.engine.dispose()

    def _connection(self, options: connections.Options) -> sa.Connection:
        return self.engine.connect().execution_options(**options[self.engine.dialect.name])

    @contextmanager
    def _begin(self, options: connections.Options) -> Iterator[Tx]:
        try:
            with self._connection(options) as connection, connection.begin():
                yield Tx(connection, self.now())
        except (sa.exc.DatabaseError, sa.exc.TimeoutError) as error:
            if connections.is_busy(error):
                raise BusyError from error
            if connections.is_unusable(error):
                raise UnreachableError(str(error.orig).partition("\n")[0]) from error
            raise
