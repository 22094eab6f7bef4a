"""A table as found, before any meaning: header cells, columns of text, and each record's spreadsheet row."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from matcher.errors import Fault

MAX_CELL_BYTES = 1_000_000
SHOWN_CHARACTERS = 80
HEADER_ROW = 1


def clipped(value: str) -> str:
    """At most `SHOWN_CHARACTERS` of the value, the rest as an ellipsis."""
    return value if len(value) <= SHOWN_CHARACTERS else value[: SHOWN_CHARACTERS - 1] + "…"


@dataclass(frozen=True, eq=False)
class RawTable:
    """`columns` are arrow `large_string` arrays of equal length, blank cells null, one for each `header` cell.

    `rows` are the records' rows in a spreadsheet (the header is row 1; a cell with line breaks is one row).
    A file that could not be read has no header, and its `faults` say why.
    """

    name: str
    file: str
    encoding: str = ""
    header: tuple[str, ...] = ()
    columns: tuple[Any, ...] = ()
    rows: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    faults: tuple[Fault, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def readable(self) -> bool:
        """Whether there is a header to go on with."""
        return bool(self.header)

    def fault(self, row: int, column: str, value: str, accepted: str) -> Fault:
        """A fault of this table."""
        return Fault(self.name, self.file, int(row), column, clipped(value), accepted)

    def refused(self, row: int, value: str, accepted: str) -> "RawTable":
        """The same table with one more fault of the file itself."""
        return replace(self, faults=(*self.faults, self.fault(row, "", value, accepted)))

    def without_blank_rows(self) -> "RawTable":
        """The table without records that have no cell filled in."""
        if not self.columns or any(column.null_count == 0 for column in self.columns):
            return self
        filled = pc.is_valid(self.columns[0])
        for column in self.columns[1:]:
            filled = pc.or_(filled, pc.is_valid(column))
        kept = tuple(column.filter(filled) for column in self.columns)
        return replace(self, columns=kept, rows=self.rows[filled.to_numpy()])


def text_of(value: Any) -> str | None:
    """A loose Python value as a cell's text; None for a missing one. Lists are joined by `;`.

    >>> text_of(13.0), text_of(date(2026, 3, 31)), text_of(("01", "13")), text_of(float("nan")), text_of(True)
    ('13', '2026-03-31', '01;13', None, 'true')
    """
    if isinstance(value, str):
        return value or None
    if isinstance(value, (list, tuple, set, frozenset, np.ndarray)):
        items = sorted(value) if isinstance(value, (set, frozenset)) else value
        return ";".join(filter(None, map(text_of, items))) or None
    if value is None or pd.isna(value):
        return None
    if isinstance(value, (bool, np.bool_)):
        return str(value).lower()
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, (date, time, timedelta)):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)
    return str(value)


def text_column(values: Iterable[Any]) -> Any:
    """An arrow column of the loose values' texts."""
    return pa.chunked_array([pa.array([text_of(value) for value in values], pa.large_string())])
