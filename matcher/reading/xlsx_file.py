"""Sheets of an .xlsx workbook as tables of text, after a look at the archive that keeps bombs and wrecks out."""

import re
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from python_calamine import CalamineError, CalamineWorkbook

from matcher.reading.raw import HEADER_ROW, RawTable, text_column, text_of

MAX_UNPACKED_BYTES = 500_000_000
# Worksheets shrink about tenfold; a bomb a thousandfold.
MAX_RATIO = 200
_SMALL_BYTES = 10_000_000
_OLE = b"\xd0\xcf\x11\xe0"
_ERROR_CELL = re.compile(rb'<c [^>]*?r="([A-Z]+[0-9]+)"[^>]*? t="e"')
_CHUNK = 1 << 20


class UnreadableWorkbookError(ValueError):
    """A workbook that is refused before its cells are read: `value` is what is wrong, `accepted` what is not."""

    def __init__(self, value: str, accepted: str) -> None:
        super().__init__(f"{value}; accepted: {accepted}")
        self.value = value
        self.accepted = accepted


class Workbook:
    """An opened .xlsx: its sheets by name. Raises `UnreadableWorkbookError`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.error_cells = _inspect(path)
        try:
            self._workbook = CalamineWorkbook.from_path(str(path))
        except CalamineError as error:
            raise _broken(str(error)) from None

    @property
    def sheets(self) -> list[str]:
        """Sheet names in order."""
        return list(self._workbook.sheet_names)

    def read(self, sheet: str, table: str, file: str) -> RawTable:
        """One sheet as a table; merged cells refuse it."""
        empty = RawTable(table, file, encoding="xlsx", warnings=self._warnings())
        try:
            found = self._workbook.get_sheet_by_name(sheet)
            merged = found.merged_cell_ranges or []
            cells = found.to_python(skip_empty_area=False)
        except CalamineError as error:
            return empty.refused(0, str(error), "壊れていないシート (an intact sheet)")
        for (top, left), (bottom, right) in merged:
            area = f"{_letters(left)}{top + 1}:{_letters(right)}{bottom + 1}"
            empty = empty.refused(top + 1, area, f"結合のないセル (no merged cells; unmerge them in sheet {sheet})")
        return empty if merged else _table(empty, cells)

    def _warnings(self) -> tuple[str, ...]:
        if not self.error_cells:
            return ()
        count, first = len(self.error_cells), self.error_cells[0]
        text = f"エラー値のセル {count} 個は空欄とみなす、最初は {first} (cells with #N/A etc. count as blank)"
        return (f"{self.path.name}: {text}",)


def _table(empty: RawTable, cells: list[list[Any]]) -> RawTable:
    if not cells:
        return empty.refused(0, "", "見出し行のある表 (a table with a header row; the sheet is empty)")
    header = tuple(text_of(cell) or "" for cell in cells[0])
    if not any(cell.strip() for cell in header):
        return empty.refused(HEADER_ROW, "", "1 行目に見出し (column names in the first row; it is blank)")
    columns = tuple(text_column([row[i] for row in cells[1:]]) for i in range(len(header)))
    rows = np.arange(HEADER_ROW + 1, HEADER_ROW + len(cells))
    return replace(empty, header=header, columns=columns, rows=rows).without_blank_rows()


def _inspect(path: Path) -> list[str]:
    """Unpacks every part once in bounded memory, checks sizes and sums; returns the cells that hold errors."""
    with path.open("rb") as file:
        if file.read(4) == _OLE:
            raise UnreadableWorkbookError("", "パスワードのない .xlsx (an .xlsx without password, not an old .xls)")
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_bomb(archive)
            parts = [part for part in archive.infolist() if not part.is_dir()]
            return [cell for part in parts for cell in _unpack(archive, part)]
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise _broken(str(error)) from None


def _refuse_bomb(archive: zipfile.ZipFile) -> None:
    unpacked = sum(part.file_size for part in archive.infolist())
    packed = max(1, sum(part.compress_size for part in archive.infolist()))
    if unpacked > MAX_UNPACKED_BYTES or (unpacked > _SMALL_BYTES and unpacked > MAX_RATIO * packed):
        limit = f"{MAX_UNPACKED_BYTES // 1_000_000} MB"
        raise UnreadableWorkbookError(
            f"{unpacked:,} bytes unpacked, {packed:,} packed",
            f"展開後 {limit} まで、圧縮率 {MAX_RATIO} 倍まで ({limit} unpacked, {MAX_RATIO} times packed at most)",
        )


def _unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> list[str]:
    cells: list[str] = []
    with archive.open(part) as content:
        while chunk := content.read(_CHUNK):
            if part.filename.startswith("xl/worksheets/"):
                cells += [cell.decode() for cell in _ERROR_CELL.findall(chunk)]
    return cells


def _broken(reason: str) -> UnreadableWorkbookError:
    return UnreadableWorkbookError(reason, "Excel が開ける .xlsx (an intact .xlsx workbook)")


def _letters(column: int) -> str:
    """A column's letters: 0 is A, 26 is AA."""
    letters = ""
    while column >= 0:
        column, letter = divmod(column, 26)
        letters = chr(ord("A") + letter) + letters
        column -= 1
    return letters
