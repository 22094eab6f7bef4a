"""A shortlist as a workbook of three sheets: the experts, the exclusions, what it rests on."""

import io
from datetime import datetime
from typing import Any

import xlsxwriter

from matcher.render.about import about
from matcher.render.columns import COLUMNS, Cell
from matcher.render.words import LABELS
from matcher.shortlist.model import Shortlist

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_LONGEST = 32_767  # letters that a cell of the format holds


def render(shortlist: Shortlist) -> bytes:
    """The file; the same shortlist gives the same bytes, its day standing as the day of creation."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        book.set_properties({"created": datetime.fromisoformat(shortlist.as_of)})
        _experts(book, shortlist)
        _exclusions(book, shortlist)
        _about(book, shortlist)
    return out.getvalue()


def _experts(book: Any, shortlist: Shortlist) -> None:
    lang = shortlist.lang
    sheet = _sheet(book, LABELS["shortlist"][lang], [column.label[lang] for column in COLUMNS])
    for i, column in enumerate(COLUMNS):
        form = book.add_format({"text_wrap": True, "valign": "top", "num_format": column.form or "General"})
        sheet.set_column(i, i, column.width, form)
        for row, item in enumerate(shortlist.items, start=1):
            _write(sheet, row, i, column.shown(item, lang), form)


def _exclusions(book: Any, shortlist: Shortlist) -> None:
    headers = [LABELS[key][shortlist.lang] for key in ("rule", "expert_id", "detail")]
    sheet = _sheet(book, LABELS["excluded"][shortlist.lang], headers)
    sheet.set_column(0, 1, 24)
    sheet.set_column(2, 2, 60)
    rows = [(rule.label, name, rule.details.get(name)) for rule in shortlist.excluded for name in rule.expert_ids]
    for row, cells in enumerate(rows, start=1):
        for i, cell in enumerate(cells):
            _write(sheet, row, i, cell)


def _about(book: Any, shortlist: Shortlist) -> None:
    sheet = book.add_worksheet(LABELS["about"][shortlist.lang])
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 90)
    for row, (label, text) in enumerate(about(shortlist)):
        _write(sheet, row, 0, label)
        _write(sheet, row, 1, text)


def _sheet(book: Any, name: str, headers: list[str]) -> Any:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    bold = book.add_format({"bold": True, "bottom": 1})
    for i, header in enumerate(headers):
        sheet.write_string(0, i, header, bold)
    return sheet


def _write(sheet: Any, row: int, column: int, cell: Cell, form: Any = None) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, column, cell[:_LONGEST], form)
    elif cell is not None:
        sheet.write_number(row, column, cell, form)
