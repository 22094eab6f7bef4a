"""What an upload says, over the data that is there: its faults, or its rows and what they would change."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from matcher.columns import TABLES, Kind
from matcher.dataset import Dataset
from matcher.errors import DataError, Fault
from matcher.reading import Report
from matcher.reading.overlay import Overlay, read_overlay, tables_needed
from service.imports.upload import unpacked
from service.store import erasures
from service.store.dataset import read_frame
from service.store.engine import Tx
from service.store.loading import Difference, difference
from service.store.schema import CONTRACT

MOST_SHOWN = 1000  # faults, and ids of rows
_PERSONS = {"expert_id": "expert", "client_id": "client"}
_GONE = "消去された人の番号は使えません (the id of a person who was erased; a new registration needs a new id)"


@dataclass(frozen=True, eq=False)
class Checked:
    """`data` None where the upload has faults; `changes` is what its `tables` would do to the store."""

    report: Report
    data: Dataset | None
    tables: tuple[str, ...]
    changes: dict[str, Difference] | None


def check(tx: Tx, content: bytes, source: str, *, on: pd.Timestamp) -> Checked:
    """Reads the upload over the store. Raises `InvalidValueError` for a benchmark's data."""
    try:
        with unpacked(content, source) as path:
            there = {name: read_frame(tx, name) for name in CONTRACT if name in tables_needed(path)}
            overlay = read_overlay(path, there, as_of=on)
    except DataError as error:
        return Checked(_refused(source, error.faults, on), None, (), None)
    report = replace(overlay.report, path=source)
    data = overlay.data
    if data is None:
        return Checked(report, None, overlay.tables, None)
    gone = tuple(_gone(tx, data, overlay))
    if gone:
        return Checked(replace(report, faults=gone), None, overlay.tables, None)
    data, warnings = _without_stopped(tx, data)
    report = replace(report, warnings=(*report.warnings, *warnings))
    return Checked(report, data, overlay.tables, difference(tx, data, overlay.tables))


def report_in_json(report: Report) -> dict[str, Any]:
    """The report with as many faults as are shown, and how many there are."""
    shown = replace(report, faults=report.faults[:MOST_SHOWN]).to_json()
    return {**shown, "ok": report.ok, "fault_count": len(report.faults)}


def changes_in_json(changes: dict[str, Difference]) -> dict[str, Any]:
    """Counts by table, and the ids of as many rows as are shown."""
    return {
        name: {
            "added": len(one.added),
            "changed": len(one.changed),
            "unchanged": one.same,
            "only_here": one.only_here,
            "added_ids": list(one.added[:MOST_SHOWN]) if TABLES[name].key else [],
            "changed_columns": {i: list(columns) for i, columns in list(one.changed.items())[:MOST_SHOWN]},
        }
        for name, one in changes.items()
    }


def _gone(tx: Tx, data: Dataset, overlay: Overlay) -> Iterator[Fault]:
    """A fault for each row's id of somebody who was erased."""
    for name in overlay.tables:
        for column in (column for column in TABLES[name].columns if column.kind is Kind.ID and column.name in _PERSONS):
            ids = data.table(name)[column.name].dropna().unique().tolist()
            for one in erasures.erased(tx, _PERSONS[column.name], ids):
                yield Fault(name, name, 0, column.name, one, _GONE)


def _without_stopped(tx: Tx, data: Dataset) -> tuple[Dataset, list[str]]:
    """Persons whose use was stopped stay stopped, whatever the file says; a warning tells of them."""
    frames: dict[str, Any] = {}
    warnings = []
    for kind, column, stopped in (("expert", "status", "suspended"), ("client", "registered", 0.0)):
        name, frame = f"{kind}s", data.table(f"{kind}s")
        ids = erasures.stopped(tx, kind, frame[f"{kind}_id"].tolist())
        if ids:
            kept = frame[column].mask(frame[f"{kind}_id"].isin(ids), stopped)
            frames[name] = frame.assign(**{column: kept})
            warnings.append(f"{name}: 利用停止中の {len(ids)} 件は停止のまま (use stays stopped)")
    return replace(data, **frames), warnings


def _refused(source: str, faults: tuple[Fault, ...], on: pd.Timestamp) -> Report:
    return Report(source, on.date().isoformat(), {}, {}, {}, (), faults)
