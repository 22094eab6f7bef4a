"""A shortlist as CSV: one row an expert, the contract's column names, safe to open in a spreadsheet."""

import csv
import io

from matcher.render.columns import COLUMNS, Cell
from matcher.shortlist.model import Shortlist

# What spreadsheets read as the beginning of a formula. OWASP, "CSV Injection".
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def render(shortlist: Shortlist) -> str:
    """Lines end in CR LF; unknown is empty. A text that a spreadsheet would run as a formula begins with '."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(column.name for column in COLUMNS)
    for item in shortlist.items:
        writer.writerow(_safe(column.value(item)) for column in COLUMNS)
    return out.getvalue()


def _safe(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
