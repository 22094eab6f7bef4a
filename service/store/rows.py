"""The rows of a contract table, one at a time: read, listed in pages, created, changed and removed with a history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from matcher.errors import InvalidValueError
from service.store.cell_types import Moment
from service.store.engine import Tx
from service.store.errors import MissingError, StaleError, TakenError
from service.store.history import Row, keep, key_of
from service.store.schema import Change

Key = Sequence[str | int]
Order = sa.ColumnElement[Any]


def new_id(prefix: str) -> str:
    """An id of our own."""
    return f"{prefix}_{uuid4().hex}"


def page(
    tx: Tx, chosen: sa.Select[Any], order: Sequence[Order], *, after: Key | None, limit: int, newest: bool = False
) -> list[Row]:
    """Up to `limit` rows behind the key `after`, ordered by the columns, descending where the newest come first.

    The last column must be unique, none may be NULL.
    """
    if after is not None:
        bound = sa.tuple_(*(sa.literal(_typed(part, by), by.type) for part, by in zip(after, order, strict=True)))
        here = sa.tuple_(*order)
        chosen = chosen.where(here < bound if newest else here > bound)
    ordered = chosen.order_by(*(by.desc() if newest else by for by in order)).limit(limit)
    return [dict(row) for row in tx.execute(ordered).mappings()]


def _typed(part: str | int, by: Order) -> Any:
    """The part as its column has it. Raises `InvalidValueError` for a key that cannot be of this list."""
    try:
        if isinstance(by.type, sa.Date):
            return date.fromisoformat(str(part))
        if isinstance(by.type, Moment):
            return datetime.fromisoformat(str(part)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidValueError("key of a page", "", "the key of a row of this list") from None
    return part


@dataclass(frozen=True)
class Rows:
    """One contract table. `also` names columns whose change is a change of another kind, too.

    A row is a mapping of its columns to `str`, `float`, `int`, `bool`, `date`, a list of `str`, or None for unknown.
    """

    table: sa.Table
    kind: str
    change_of: Change
    also: Mapping[str, Change] = field(default_factory=dict)

    @property
    def key(self) -> sa.Column[str]:
        """The column that names a row."""
        return key_of(self.table)

    def find(self, tx: Tx, row_id: str) -> Row | None:
        """The row, None where there is none."""
        row = tx.execute(sa.select(self.table).where(self.key == row_id)).mappings().one_or_none()
        return None if row is None else dict(row)

    def read(self, tx: Tx, row_id: str) -> Row:
        """The row. Raises `MissingError`."""
        row = self.find(tx, row_id)
        if row is None:
            raise MissingError(self.kind)
        return row

    def page(self, tx: Tx, *where: sa.ColumnElement[bool], after: Key | None = None, limit: int = 50) -> list[Row]:
        """Up to `limit` rows behind the id in `after`, by their ids."""
        return page(tx, sa.select(self.table).where(*where), [self.key], after=after, limit=limit)

    def create(self, tx: Tx, values: Mapping[str, Any]) -> Row:
        """The new row, unknown where `values` say nothing. Raises `TakenError`, and `MissingError` for a reference."""
        revision = tx.revise(self.change_of)
        row: Row = {column.name: [] if isinstance(column.type, sa.JSON) else None for column in self.table.c}
        row |= {self.key.name: new_id(self.kind[0]), "revision": revision} | dict(values)
        if self.find(tx, row[self.key.name]) is not None:
            raise TakenError(self.kind)
        self._check_references(tx, row)
        tx.execute(sa.insert(self.table), row)
        return row

    def change(self, tx: Tx, row_id: str, values: Mapping[str, Any], *, expected: int | None = None) -> Row:
        """The row with the values; as it was where they say nothing new.

        Raises `MissingError` (the row, or one it is to refer to), and `StaleError` where it is at another revision
        than `expected` (None: whatever it is now, for what comes after nobody's reading).
        """
        old = self._held(tx, row_id, expected)
        new = {name: value for name, value in values.items() if old[name] != value}
        if not new:
            return old
        self._check_references(tx, new)
        keep(tx, self.table, [old])
        new["revision"] = tx.revise(self.change_of, *(self.also[name] for name in new if name in self.also))
        tx.execute(sa.update(self.table).where(self.key == row_id).values(new))
        return old | new

    def remove(self, tx: Tx, row_id: str, *, expected: int | None = None) -> None:
        """Removes the row; its earlier states stay. Raises `MissingError`, `StaleError`."""
        keep(tx, self.table, [self._held(tx, row_id, expected)])
        tx.revise(self.change_of, *self.also.values())
        tx.execute(sa.delete(self.table).where(self.key == row_id))

    def _held(self, tx: Tx, row_id: str, expected: int | None) -> Row:
        """The row, which nobody else can change until the transaction ends."""
        tx.hold()
        row = self.read(tx, row_id)
        if expected is not None and row["revision"] != expected:
            raise StaleError(self.kind, row["revision"])
        return row

    def _check_references(self, tx: Tx, values: Mapping[str, Any]) -> None:
        for reference in self.table.foreign_keys:
            name, target = reference.parent.name, reference.column
            if name in values and not tx.execute(sa.select(target).where(target == values[name])).first():
                raise MissingError(target.table.name.removesuffix("s"))


def is_one_of(column: sa.ColumnElement[Any], member: str) -> sa.ColumnElement[bool]:
    """Whether a list cell, which is kept as JSON, holds the member."""
    quoted = '"' + member.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return sa.cast(column, sa.Text).contains(quoted, autoescape=True)
