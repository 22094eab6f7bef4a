"""Cells of the contract's tables as somebody typed them, read by the parsers that files are read by."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from matcher.columns import Column, Kind, Table
from matcher.errors import DataError, Fault
from matcher.reading.cells import parser_of
from matcher.reading.raw import text_of
from matcher.reading.unreadable import UnreadableError
from matcher.reference.taxonomy import Taxonomy

_AS_KEPT: dict[Kind, Callable[[Any], Any]] = {Kind.INTEGER: int, Kind.FLAG: bool}


def read_cells(
    table: Table, typed: Mapping[str, Any], *, today: date, taxonomy: Taxonomy | None = None
) -> dict[str, Any]:
    """The cells as the store keeps them, blank ones None or an empty list; without a taxonomy no category is checked.

    Raises `DataError` with every fault; a date after `today` is one.
    """
    cells, faults = {}, []
    for name, value in typed.items():
        try:
            cells[name] = _cell(table.by_name[name], value, today, taxonomy)
        except UnreadableError as error:
            faults.append(Fault(table.name, "", 0, name, "", error.accepted))
    if faults:
        raise DataError(faults)
    return cells


def _cell(column: Column, value: Any, today: date, taxonomy: Taxonomy | None) -> Any:
    text = text_of(value)
    if text is None or not text.strip():
        return [] if column.many else None
    parsed = parser_of(column, taxonomy)(text)
    if column.many:
        return list(parsed)
    if column.kind is Kind.DATE and parsed > today:
        raise UnreadableError(f"{today:%Y-%m-%d} まで (not after that day)")
    return _AS_KEPT.get(column.kind, lambda cell: cell)(parsed)
