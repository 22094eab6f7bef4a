"""Which column of a file is which column of the contract."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from matcher.columns import DISPATCHES, SPLIT_CHOICES, SPLIT_PATTERN, Column, Kind, Table
from matcher.errors import Fault
from matcher.reading.raw import HEADER_ROW, RawTable
from matcher.reference.spelling import search_key


@dataclass(frozen=True)
class Header:
    """`known` maps a declared column to its place in the file; `unknown` keeps the others' names as written."""

    known: Mapping[Column, int]
    unknown: Mapping[str, int]
    faults: tuple[Fault, ...]


def match_header(raw: RawTable, table: Table) -> Header:
    """Reads the header loosely (blanks around, capitals, full-width letters); names no column twice."""
    known: dict[Column, int] = {}
    unknown: dict[str, int] = {}
    faults = []
    for place, cell in enumerate(raw.header):
        column = _column(cell, table)
        name = column.name if column else cell.strip()
        if not name and raw.columns[place].null_count == len(raw.columns[place]):
            continue
        if column in known or name in unknown:
            faults.append(raw.fault(HEADER_ROW, name, cell, "1 列に 1 つの見出し (each column once)"))
        elif column:
            known[column] = place
        else:
            unknown[name or f"#{place + 1}"] = place
    missing = [column for column in table.columns if column.required and column not in known]
    wanted = f"必須列 (required columns): {', '.join(c.name for c in table.columns if c.required)}"
    seen = ", ".join(raw.header)
    faults += [raw.fault(HEADER_ROW, column.name, seen, wanted) for column in missing]
    return Header(known, unknown, tuple(faults))


def _column(cell: str, table: Table) -> Column | None:
    name = search_key(cell)
    if table is DISPATCHES and re.fullmatch(SPLIT_PATTERN, name):
        return Column(name, Kind.CHOICE, required=True, choices=SPLIT_CHOICES)
    return table.by_name.get(name)
