"""What rows were before they changed: a shortlist can be made again as of its revision, until a person is erased."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from service.store.engine import Tx
from service.store.schema import ROW_ID, row_versions

Row = dict[str, Any]
_PER_STATEMENT = 500  # well below the databases' limits on parameters


def key_of(table: sa.Table) -> sa.Column[str]:
    """The column that names a row of a contract table."""
    key: sa.Column[str] = table.c[ROW_ID[table.name]]
    return key


def keep(tx: Tx, table: sa.Table, rows: Sequence[Row]) -> None:
    """Keeps rows as they were before the transaction's revision. Call it before they are changed or removed."""
    number, key = tx.revise(), key_of(table).name
    versions = [
        {
            "table_name": table.name,
            "row_id": row[key],
            "payload": {name: _plain(cell) for name, cell in row.items()},
            "from_revision": row["revision"],
            "to_revision": number,
        }
        for row in rows
        if row["revision"] < number  # what this transaction itself wrote was never seen by anybody
    ]
    if versions:
        tx.execute(sa.insert(row_versions), versions)


def rows_at(tx: Tx, table: sa.Table, revision: int) -> list[Row]:
    """The table's rows as they were at the revision, by their ids."""
    now = tx.execute(sa.select(table).where(table.c.revision <= revision)).mappings()
    old = tx.execute(
        sa.select(row_versions.c.payload).where(
            row_versions.c.table_name == table.name,
            row_versions.c.from_revision <= revision,
            row_versions.c.to_revision > revision,
        )
    ).scalars()
    rows = [*(dict(row) for row in now), *(_typed(table, payload) for payload in old)]
    key = key_of(table).name
    return sorted(rows, key=lambda row: str(row[key]))


def forget(tx: Tx, table: sa.Table, row_ids: Iterable[str]) -> int:
    """Deletes all earlier versions of the rows; how many there were."""
    names = list(row_ids)
    parts = (names[start : start + _PER_STATEMENT] for start in range(0, len(names), _PER_STATEMENT))
    statement = sa.delete(row_versions).where(row_versions.c.table_name == table.name)
    return sum(tx.execute(statement.where(row_versions.c.row_id.in_(part))).rowcount for part in parts)


def _plain(cell: Any) -> Any:
    return cell.isoformat() if isinstance(cell, date) else cell


def _typed(table: sa.Table, payload: Row) -> Row:
    days = {column.name for column in table.c if isinstance(column.type, sa.Date)}
    return {name: date.fromisoformat(cell) if name in days and cell else cell for name, cell in payload.items()}
