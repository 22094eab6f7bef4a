"""Small datasets on disk: each test writes only what it is about."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from matcher.errors import Fault
from matcher.reading import check_dataset

AS_OF = pd.Timestamp("2026-11-24")
EXPERTS = "expert_id,name\nE1,山田 花子\nE2,佐藤 次郎\n"
CONSULTATIONS = "consultation_id,category,received_on\nC1,sales,2026-04-01\n"


def a_folder(folder: Path, *, encoding: str = "utf-8", **tables: str | bytes) -> Path:
    """A dataset of CSV files; experts are added when the test names none."""
    for table, content in ({"experts": EXPERTS} | tables).items():
        data = content if isinstance(content, bytes) else content.encode(encoding)
        (folder / f"{table}.csv").write_bytes(data)
    return folder


def experts_with(folder: Path, column: str, *cells: str) -> Path:
    """One expert a cell, all else as required."""
    rows = "".join(f"E{i},専門家{i},{cell}\n" for i, cell in enumerate(cells))
    return a_folder(folder, experts=f"expert_id,name,{column}\n{rows}")


def a_workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    """An .xlsx with real date cells where the values are dates."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "default_date_format": "yyyy/mm/dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return path


def faults(path: Path) -> tuple[Fault, ...]:
    return check_dataset(path, as_of=AS_OF).faults


def places(path: Path) -> list[tuple[str, int, str, str]]:
    """File, row, column, value of every fault."""
    return [(fault.file, fault.row, fault.column, fault.value) for fault in faults(path)]
