"""What an upload says, over the data that is there: its faults, or its rows and what they would change."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
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
from service.store.engine import Store, Tx
from service.store.loading import Difference, difference
from service.store.schema import CONTRACT

MOST_SHOWN = 1000  # faults, and ids of rows
_PERSONS = {"expert_id": "expert", "client_id": "client"}
_GONE = "消去された人の番号は使えません (the id of a person who was erased; a new registration needs a new id)"


@dataclass(frozen=True, eq=False)
class Parsed:
    """An upload over the store's rows as they were at `revision`; `overlay` None where nothing could be unpacked."""

    report: Report
    overlay: Overlay | None
    revision: int


@dataclass(frozen=True, eq=False)
class Checked:
    """`data` None where the upload has faults; `changes` is what its `tables` would do to the store."""

    report: Report
    data: Dataset | None
    tables: tuple[str, ...]
    changes: dict[str, Difference] | None


def parse(store: Store, content: bytes, source: str, *, on: pd.Timestamp) -> Parsed:
    """Reads the upload, which may take seconds, while nobody waits for the database."""
    return _parse(store.read, content, source, on)


def parse_again(tx: Tx, content: bytes, source: str, *, on: pd.Timestamp) -> Parsed:
    """The same in a transaction, where the store has changed since."""
    return _parse(lambda: nullcontext(tx), content, source, on)


def _parse(reading: Callable[[], AbstractContextManager[Tx]], content: bytes, source: str, on: pd.Timestamp) -> Parsed:
    try:
        with unpacked(content, source) as path:
            needed = tables_needed(path)
            with reading() as tx:
                there = {name: read_frame(tx, name) for name in CONTRACT if name in needed}
                revision = tx.revision()
            overlay = read_overlay(path, there, as_of=on)
    except DataError as error:
        return Parsed(_refused(source, error.faults, on), None, 0)
    return Parsed(replace(overlay.report, path=source), overlay, revision)


def check(tx: Tx, parsed: Parsed) -> Checked:
    """What the upload would change. Raises `InvalidValueError` for a benchmark's data."""
    overlay = parsed.overlay
    if overlay is None or overlay.data is None:
        return Checked(parsed.report, None, () if overlay is None else overlay.tables, None)
    gone = tuple(_gone(tx, overlay.data, overlay))
    if gone:
        return Checked(replace(parsed.report, faults=gone), None, overlay.tables, None)
    data, warnings = _without_stopped(tx, overlay.data)
    report = replace(parsed.report, warnings=(*parsed.report.warnings, *warnings))
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
