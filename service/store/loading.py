"""A checked dataset into the store: what is new is added, what differs is changed, nothing is removed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from matcher.columns import TABLES
from matcher.dataset import Dataset
from matcher.errors import InvalidValueError
from service.store import connections
from service.store.dataset import plain_rows
from service.store.engine import Tx
from service.store.history import Row, keep, key_of
from service.store.rows import new_id
from service.store.schema import CONTRACT, Change, impressions, metadata

_CHANGES: Mapping[str, tuple[Change, ...]] = {
    "categories": (Change.CATEGORIES,),
    "hubs": (Change.HUBS,),
    "clients": (Change.CLIENTS,),
    "experts": (Change.EXPERTS, Change.REGISTER),
    "consultations": (Change.CONSULTATIONS,),
    "dispatches": (Change.DISPATCHES,),
    "conflicts": (Change.REGISTER,),
    "impressions": (Change.IMPRESSIONS,),
}


@dataclass(frozen=True)
class Difference:
    """What a dataset would change in a table: the ids of new rows, and of changed ones with the columns that differ.

    `same` counts the rows that are there already, `only_here` those of the store that the dataset does not have.
    """

    added: tuple[str, ...]
    changed: Mapping[str, tuple[str, ...]]
    same: int
    only_here: int


def difference(tx: Tx, data: Dataset, tables: Collection[str] = CONTRACT) -> dict[str, Difference]:
    """What `load` would do, by table. Raises as it does."""
    _refuse_benchmarks(data)
    return {name: _compare(tx, data, name).difference for name in CONTRACT if name in tables}


def load(tx: Tx, data: Dataset, tables: Collection[str] = CONTRACT) -> dict[str, Difference]:
    """Adds and changes rows until the store says what the dataset says of these tables; what it did, by table.

    Raises `InvalidValueError` for a benchmark's data, which the store does not keep.
    """
    _refuse_benchmarks(data)
    tx.hold()
    connections.without_time_limit(tx.connection)
    return {name: _load_table(tx, data, name) for name in CONTRACT if name in tables}


def newest_revision(tx: Tx, data: Dataset, tables: Collection[str]) -> int:
    """The newest revision of the stored rows that the dataset has rows of; 0 where there is none."""
    newest = 0
    for name in (name for name in CONTRACT if name in tables and TABLES[name].key):
        table, ids = metadata.tables[name], set(data.table(name)[TABLES[name].key[0]])
        rows = tx.execute(sa.select(key_of(table), table.c.revision).where(table.c.revision > newest))
        newest = max((row.revision for row in rows if row[0] in ids), default=newest)
    return newest


@dataclass(frozen=True)
class _Compared:
    new: list[Row]
    old: list[Row]
    updates: list[Row]
    difference: Difference


def _load_table(tx: Tx, data: Dataset, name: str) -> Difference:
    compared, table = _compare(tx, data, name), metadata.tables[name]
    if compared.new or compared.updates:
        revision = tx.revise(*_CHANGES[name])
        keep(tx, table, compared.old)
        if compared.updates:
            _update(tx, table, [row | {"revision": revision} for row in compared.updates])
        if compared.new:
            tx.execute(sa.insert(table), [row | {"revision": revision} for row in compared.new])
    return compared.difference


def _update(tx: Tx, table: sa.Table, rows: list[Row]) -> None:
    key = key_of(table)
    values: Row = {name: sa.bindparam(f"new_{name}") for name in rows[0] if name != key.name}
    statement = sa.update(table).where(key == sa.bindparam("row_id")).values(values)
    named = [{f"new_{name}": cell for name, cell in row.items()} | {"row_id": row[key.name]} for row in rows]
    tx.connection.execute(statement, named)


def _compare(tx: Tx, data: Dataset, name: str) -> _Compared:
    table, wanted = metadata.tables[name], plain_rows(data.table(name), name)
    stored = sa.select(table)
    if name == "impressions":
        stored = stored.where(impressions.c.revision.is_not(None))
    here = [dict(row) for row in tx.execute(stored).mappings()]
    return _by_key(table, wanted, here) if TABLES[name].key else _by_content(table, wanted, here)


def _by_key(table: sa.Table, wanted: list[Row], here: list[Row]) -> _Compared:
    key = key_of(table).name
    kept = {row[key]: row for row in here}
    new = [row for row in wanted if row[key] not in kept]
    changed = {row[key]: row for row in wanted if row[key] in kept and not row.items() <= kept[row[key]].items()}
    columns = {i: tuple(c for c, cell in row.items() if kept[i][c] != cell) for i, row in changed.items()}
    same = len(wanted) - len(new) - len(changed)
    made = Difference(tuple(row[key] for row in new), columns, same, len(here) - same - len(changed))
    return _Compared(new, [kept[i] for i in changed], list(changed.values()), made)


def _by_content(table: sa.Table, wanted: list[Row], here: list[Row]) -> _Compared:
    """Rows without an id of their own are either there or not; the same row twice counts twice."""
    key = key_of(table).name
    left: dict[Any, int] = {}
    for row in here:
        content = tuple(row[name] for name in TABLES[table.name].names)
        left[content] = left.get(content, 0) + 1
    new = []
    for row in wanted:
        content = tuple(row.values())
        if left.get(content, 0):
            left[content] -= 1
        else:
            new.append({key: new_id(table.name[0]), **row})
    made = Difference(tuple(row[key] for row in new), {}, len(wanted) - len(new), sum(left.values()))
    return _Compared(new, [], [], made)


def _refuse_benchmarks(data: Dataset) -> None:
    found = [name for name in ("judgements", "candidates") if len(data.table(name))] + data.splits
    if found:
        raise InvalidValueError(
            "data", ", ".join(found), "a register's own data; a benchmark's is for `matcher evaluate`"
        )
