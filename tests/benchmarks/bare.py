"""What a database takes when nothing but the rows of one stored shortlist is written: the driver alone."""

import threading
import time
from itertools import count
from typing import Any
from uuid import uuid4

from psycopg.types.json import Json

from service.store import audit
from service.store.engine import Store

TABLES = ("shortlists", "impressions", "audit")
_OF_SHORTLIST = "SELECT * FROM {} WHERE shortlist_id = '{}'"
_OF_AUDIT = "SELECT * FROM audit WHERE subject = 'shortlist:{1}' AND action = 'shortlist made'"


def rate(store: Store, shortlist_id: str, *, writers: int, seconds: float) -> float:
    """Commits a second of so many threads, each on a connection of its own as the store opens them."""
    done, start, until = count(), threading.Barrier(writers), time.perf_counter() + seconds
    with store.read() as tx:
        numbers = count(audit.entries(tx, limit=1)[0]["number"] + 1)
    threads = [
        threading.Thread(target=_write, args=(store, shortlist_id, numbers, done, start, until)) for _ in range(writers)
    ]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return next(done) / (time.perf_counter() - begun)


def _write(store: Store, shortlist_id: str, numbers: Any, done: Any, start: threading.Barrier, until: float) -> None:
    connection = store.engine.raw_connection()
    cursor = connection.cursor()
    kept = {name: _rows(cursor, name, shortlist_id) for name in TABLES}
    connection.rollback()
    is_file = store.engine.dialect.name == "sqlite"
    if is_file:
        cursor.execute("PRAGMA query_only=OFF")
    mark = "?" if is_file else "%s"
    statements = {
        name: f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({', '.join([mark] * len(columns))})"
        for name, (columns, _) in kept.items()
    }
    start.wait()
    while time.perf_counter() < until:
        if is_file:
            cursor.execute("BEGIN IMMEDIATE")
        made = uuid4().hex
        for name, (columns, rows) in kept.items():
            cursor.executemany(statements[name], [_anew(columns, row, made, numbers) for row in rows])
        connection.commit() if not is_file else cursor.execute("COMMIT")
        next(done)
    connection.close()


def _rows(cursor: Any, name: str, shortlist_id: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    cursor.execute((_OF_AUDIT if name == "audit" else _OF_SHORTLIST).format(name, shortlist_id))
    rows = cursor.fetchall()
    assert rows, name
    return [column[0] for column in cursor.description], rows


def _anew(columns: list[str], row: tuple[Any, ...], made: str, numbers: Any) -> tuple[Any, ...]:
    """The row under other ids."""
    ids = {"shortlist_id": made, "number": next(numbers), "impression_id": uuid4().hex}
    cells = (ids.get(name, cell) for name, cell in zip(columns, row, strict=True))
    return tuple(Json(cell) if isinstance(cell, dict | list) else cell for cell in cells)
