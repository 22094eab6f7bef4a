"""A table as found becomes a table of the contract: typed columns, unknown ones aside, every fault of its own."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from matcher.columns import Table
from matcher.dataset import complete
from matcher.errors import Fault
from matcher.reading.column_reading import read_column, text_series
from matcher.reading.header import match_header
from matcher.reading.raw import RawTable
from matcher.reference.taxonomy import Taxonomy


@dataclass(frozen=True, eq=False)
class TypedTable:
    """`frame` has all declared columns, unreadable cells unknown; `present` names those that the file has.

    `extras` holds unknown columns as text. `raw` keeps the rows' places, its cells are dropped.
    """

    raw: RawTable
    frame: pd.DataFrame
    extras: pd.DataFrame
    present: frozenset[str]
    faults: tuple[Fault, ...]

    def fault(self, position: int, column: str, accepted: str) -> Fault:
        """A fault at a record's cell, with the value as it was read."""
        value = self.frame[column].iloc[position]
        shown = f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)
        return self.raw.fault(self.raw.rows[position], column, shown, accepted)


def typed(raw: RawTable, table: Table, taxonomy: Taxonomy | None) -> TypedTable:
    """Reads every declared column of the table."""
    header = match_header(raw, table)
    columns: dict[str, pd.Series] = {}
    faults = [*raw.faults, *header.faults]
    for column, place in header.known.items():
        columns[column.name], bad = read_column(raw.columns[place], column, taxonomy)
        faults += [raw.fault(raw.rows[cell.position], column.name, cell.value, cell.accepted) for cell in bad]
    frame = complete(pd.DataFrame(columns, index=pd.RangeIndex(len(raw.rows))), table)
    extras = pd.DataFrame({name: text_series(raw.columns[place]) for name, place in header.unknown.items()})
    bare = RawTable(raw.name, raw.file, raw.encoding, raw.header, (), raw.rows, warnings=raw.warnings)
    result = TypedTable(bare, frame, extras, frozenset(column.name for column in header.known), ())
    faults += [fault for key in table.key for fault in _repeated(result, key)]
    return TypedTable(bare, frame, extras, result.present, tuple(faults))


def _repeated(table: TypedTable, key: str) -> Iterator[Fault]:
    values = table.frame[key]
    again = values.duplicated() & values.notna()
    if not again.any():
        return
    first = values[values.isin(values[again]) & ~values.duplicated()]
    row_of = dict(zip(first, table.raw.rows[first.index], strict=True))
    for position in again.to_numpy().nonzero()[0]:
        row = row_of[values.iloc[position]]
        yield table.fault(int(position), key, f"表で 1 度だけの値 (unique; first seen in row {row})")
