"""Small typed datasets: each row names only what matters to its test, all else is unknown."""

from typing import Any

import pandas as pd

from matcher.columns import TABLES
from matcher.consultation import Consultation
from matcher.dataset import Dataset, empty_series

ON = pd.Timestamp("2026-03-10")
Row = dict[str, Any]


def an_expert(expert_id: str = "E1", **cells: Any) -> Row:
    return {"expert_id": expert_id, "name": f"専門家{expert_id}", **cells}


def a_dispatch(expert_id: str = "E1", consultation_id: str = "K1", **cells: Any) -> Row:
    return {"expert_id": expert_id, "consultation_id": consultation_id, "status": "accepted", **cells}


def a_consultation(**cells: Any) -> Consultation:
    return Consultation(**{"category": "sales.web", **cells})


def a_frame(table: str, rows: list[Row]) -> pd.DataFrame:
    columns = {}
    for column in TABLES[table].columns:
        blank = empty_series(column, len(rows))
        cells = [row.get(column.name, blank[i]) for i, row in enumerate(rows)]
        columns[column.name] = pd.Series(cells, dtype=blank.dtype)
    frame = pd.DataFrame(columns)
    return frame.assign(split=[row["split"] for row in rows]) if rows and "split" in rows[0] else frame


def a_dataset(**tables: list[Row]) -> Dataset:
    dispatches = [{"dispatch_id": f"D{i}", **row} for i, row in enumerate(tables.pop("dispatches", []))]
    return Dataset.from_tables(
        {name: a_frame(name, rows) for name, rows in {**tables, "dispatches": dispatches}.items()}
    )
