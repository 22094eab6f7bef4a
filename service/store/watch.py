"""The newest revision of each kind of change, told in microseconds: what a request asks before it believes a memory."""

import sqlite3
import threading
import time
from typing import Any, Protocol

import psycopg
import sqlalchemy as sa

from service.store.engine import CHANNEL, Store
from service.store.schema import Change, revisions

_PATIENCE = 1.0  # seconds for which a file may be locked by a commit
_BEAT, _DEAF = 5, 15  # seconds between looks at a silent server, and after which silence is no answer any more
_WAKE = 0.2  # seconds after which a listener sees that it is to stop
_NEVER = float("-inf")
_SINCE = "SELECT kind, max(number) FROM revisions WHERE number > ? GROUP BY kind"


class Watch(Protocol):
    """One for each process. Safe to share among threads."""

    def newest(self, kind: Change) -> int | None:
        """The newest revision of the kind, 0 before the first; None where that cannot be told just now."""

    def latest(self) -> int | None:
        """The newest revision of any kind; None where that cannot be told just now."""

    def close(self) -> None:
        """Stops watching."""


def watch(store: Store) -> Watch:
    """The watch of the store's kind of database."""
    return _FileWatch(store) if store.engine.dialect.name == "sqlite" else _ServerWatch(store)


class _FileWatch:
    """Reads the file's newest number at each question (4 us) and the kinds only when it has changed."""

    def __init__(self, store: Store) -> None:
        path = str(store.engine.url.database)
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
        self._number = 0
        self._kinds: dict[str, int] = {}

    def newest(self, kind: Change) -> int | None:
        """As the protocol says; None while the file is locked."""
        return None if self.latest() is None else self._kinds.get(kind, 0)

    def latest(self) -> int | None:
        """As the protocol says; None while the file is locked."""
        try:
            with self._lock:
                number = self._connection.execute("SELECT max(number) FROM revisions").fetchone()[0] or 0
                if number != self._number:
                    self._kinds |= dict(self._connection.execute(_SINCE, (self._number,)).fetchall())
                    self._number = number
        except sqlite3.Error:
            return None
        return int(number)

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()


class _ServerWatch:
    """Is told by the server of each commit (LISTEN), milliseconds after it; asking costs nothing."""

    def __init__(self, store: Store) -> None:
        self._engine = store.engine
        self._kinds: dict[str, int] = {}
        self._heard = _NEVER
        self._stopped = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="revisions", daemon=True)
        self._thread.start()
        self._ready.wait(_BEAT)

    def newest(self, kind: Change) -> int | None:
        """As the protocol says; None while the server is silent."""
        return None if self._is_deaf else self._kinds.get(kind, 0)

    def latest(self) -> int | None:
        """As the protocol says; None while the server is silent."""
        return None if self._is_deaf else max(self._kinds.values(), default=0)

    @property
    def _is_deaf(self) -> bool:
        return time.monotonic() - self._heard > _DEAF

    def close(self) -> None:
        """Waits until the connection is given back."""
        self._stopped.set()
        self._thread.join(_BEAT)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.exec_driver_sql(f"LISTEN {CHANNEL}")
                    self._listen(connection)
            except (sa.exc.SQLAlchemyError, psycopg.Error):
                self._heard = _NEVER  # so that nothing is believed until the server speaks again
                self._stopped.wait(1)

    def _listen(self, connection: sa.Connection) -> None:
        driver: Any = connection.connection.driver_connection
        everything = sa.select(revisions.c.kind, sa.func.max(revisions.c.number)).group_by(revisions.c.kind)
        while not self._stopped.is_set():
            self._hear({row[0]: row[1] for row in connection.execute(everything)})
            self._ready.set()
            silent_at = time.monotonic() + _BEAT
            while time.monotonic() < silent_at and not self._stopped.is_set():
                for told in driver.notifies(timeout=_WAKE, stop_after=1):
                    number, *kinds = told.payload.split()
                    self._hear(dict.fromkeys(kinds, int(number)))

    def _hear(self, kinds: dict[str, int]) -> None:
        self._kinds |= kinds
        self._heard = time.monotonic()
