"""The whole store as the matcher's dataset, as it is or was; and a checked dataset into the store."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from matcher.columns import TABLES, Column, Kind
from matcher.dataset import Dataset
from service.store.engine import Tx
from service.store.history import key_of, rows_at
from service.store.schema import CONTRACT, impressions, metadata

_NUMBERS = (Kind.NUMBER, Kind.INTEGER, Kind.FLAG)


def read_dataset(tx: Tx, *, logged: bool = False) -> Dataset:
    """All data. `logged` adds the impressions that the service itself logged, for evaluation: no ranking reads them."""
    where = {} if logged else {"impressions": impressions.c.revision.is_not(None)}
    return Dataset.from_tables({name: read_frame(tx, name, where.get(name)) for name in CONTRACT})


def dataset_at(tx: Tx, revision: int) -> Dataset:
    """All data as it was at the revision, logged impressions apart; an erased person is not in it."""
    frames = {}
    for name in CONTRACT:
        columns = TABLES[name].columns
        rows = rows_at(tx, metadata.tables[name], revision)
        frames[name] = _frame(columns, [tuple(row[column.name] for column in columns) for row in rows])
    return Dataset.from_tables(frames)


def read_frame(tx: Tx, name: str, where: sa.ColumnElement[bool] | None = None) -> pd.DataFrame:
    """One table's rows by their ids, typed as `matcher.columns` says; those that `where` holds for."""
    table, columns = metadata.tables[name], TABLES[name].columns
    chosen = sa.select(*(table.c[column.name] for column in columns)).order_by(key_of(table))
    return _frame(columns, tx.execute(chosen if where is None else chosen.where(where)).all())


def _frame(columns: Sequence[Column], rows: Sequence[Any]) -> pd.DataFrame:
    cells: Iterable[Sequence[Any]] = zip(*rows, strict=True) if rows else [()] * len(columns)
    return pd.DataFrame({column.name: _series(column, held) for column, held in zip(columns, cells, strict=True)})


def _series(column: Column, cells: Sequence[Any]) -> "pd.Series[Any]":
    if column.many:
        lists = np.empty(len(cells), dtype=object)
        lists[:] = [tuple(cell) for cell in cells]
        return pd.Series(lists, dtype=object)
    if column.kind is Kind.DATE:
        return pd.Series(np.array(cells, dtype="datetime64[D]").astype("datetime64[s]"))
    if column.kind in _NUMBERS:
        return pd.Series(np.array(cells, dtype=np.float64))
    return pd.Series(cells, dtype="str")


def plain_rows(frame: pd.DataFrame, name: str) -> list[dict[str, Any]]:
    """The frame's records as the store keeps them."""
    columns = TABLES[name].columns
    cells = [_plain(column, frame[column.name]) for column in columns]
    names = [column.name for column in columns]
    return [dict(zip(names, record, strict=True)) for record in zip(*cells, strict=True)]


def _plain(column: Column, series: "pd.Series[Any]") -> list[Any]:
    if column.many:
        return [list(cell) for cell in series]
    unknown = series.isna().to_numpy()
    kinds: dict[Kind, Any] = {Kind.INTEGER: int, Kind.FLAG: bool, Kind.NUMBER: float, Kind.DATE: date.fromisoformat}
    values = series.dt.strftime("%Y-%m-%d") if column.kind is Kind.DATE else series
    as_kept = kinds.get(column.kind, str)
    return [None if is_unknown else as_kept(value) for value, is_unknown in zip(values, unknown, strict=True)]
