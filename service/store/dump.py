"""All rows of all tables as plain JSON, and back: the same for SQLite and PostgreSQL."""

import base64
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from service.store import connections
from service.store.engine import Tx
from service.store.history import Row
from service.store.schema import metadata, row_versions, secrets

TABLES: dict[str, sa.Table] = {table.name: table for table in metadata.sorted_tables}
_PER_STATEMENT = 500
_MADE_BY_MIGRATION = {secrets.name}


def rows_of(tx: Tx, name: str) -> Iterator[Row]:
    """The table's rows as plain JSON, in the order of their keys."""
    table = TABLES[name]
    chosen = sa.select(table).order_by(*table.primary_key.columns).execution_options(yield_per=1000)
    with tx.execute(chosen) as rows:
        for row in rows.mappings():
            yield {column.name: _plain(row[column.name]) for column in table.c if column is not _counted(table)}


def is_empty(tx: Tx) -> bool:
    """Whether no table holds anything but what a migration puts there."""
    return not any(
        tx.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first()
        for name, table in TABLES.items()
        if name not in _MADE_BY_MIGRATION
    )


def insert(tx: Tx, name: str, rows: Iterator[Row]) -> int:
    """Inserts rows as `rows_of` gave them, in place of what a migration put there; how many."""
    table, count = TABLES[name], 0
    connections.without_time_limit(tx.connection)
    if name in _MADE_BY_MIGRATION:
        tx.execute(sa.delete(table))
    part: list[Row] = []
    for row in rows:
        part.append({column: _typed(table.c[column], cell) for column, cell in row.items()})
        if len(part) == _PER_STATEMENT:
            count += _insert(tx, table, part)
            part = []
    return count + _insert(tx, table, part)


def _insert(tx: Tx, table: sa.Table, rows: list[Row]) -> int:
    if rows:
        tx.execute(sa.insert(table), rows)
    return len(rows)


def _counted(table: sa.Table) -> sa.Column[Any] | None:
    """The key that the database counts up itself, which nothing refers to: it is given anew."""
    return row_versions.c.version_id if table is row_versions else None


def _plain(cell: Any) -> Any:
    if isinstance(cell, bytes):
        return base64.b64encode(cell).decode()
    return cell.isoformat() if isinstance(cell, date) else cell


def _typed(column: sa.Column[Any], cell: Any) -> Any:
    if cell is None:
        return None
    kind = column.type.impl if isinstance(column.type, sa.TypeDecorator) else column.type
    if isinstance(kind, sa.LargeBinary):
        return base64.b64decode(cell)
    if isinstance(kind, sa.DateTime):
        return datetime.fromisoformat(cell)
    return date.fromisoformat(cell) if isinstance(kind, sa.Date) else cell
