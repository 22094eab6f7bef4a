"""One CSV file as a table of text, or the reasons why it is none."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from matcher.errors import Fault
from matcher.reading.encoding import scan
from matcher.reading.raw import HEADER_ROW, MAX_CELL_BYTES, RawTable, text_column

# A record must fit into one block; the block is the reader's working memory.
_BLOCK_BYTES = 1 << 25
_TOO_LONG = (0, "", f"1 行 {_BLOCK_BYTES // 1_000_000} MB まで (rows of at most that size)")
_OTHER_DELIMITERS = {"\t": "タブ (tabs)", ";": "セミコロン (semicolons)", "|": "縦棒 (vertical bars)"}


def read_csv(path: Path, table: str, file: str) -> RawTable:
    """The file's records; a file that cannot be read has faults and no header."""
    empty = RawTable(table, file)
    if path.stat().st_size == 0:
        return empty.refused(0, "0 bytes", "見出し行のある表 (a table with a header row; the file is empty)")
    found = scan(path)
    if not found.encoding:
        place = f"byte {found.offset}" if found.row else ""
        return empty.refused(found.row, place, found.accepted)
    empty = replace(empty, encoding=found.encoding)
    if not found.even_quotes and (broken := _broken_record(path, empty)):
        return empty.refused(*broken)
    try:
        return _read(path, empty)
    except (pa.ArrowInvalid, csv.Error):
        return empty.refused(*(_broken_record(path, empty) or _TOO_LONG))


def _read(path: Path, empty: RawTable) -> RawTable:
    header, alone = _header(path, empty.encoding)
    if not any(cell.strip() for cell in header):
        return empty.refused(HEADER_ROW, "", "1 行目に見出し (column names in the first row; it is blank)")
    for sign, name in _OTHER_DELIMITERS.items():
        if len(header) == 1 and sign in header[0]:
            return empty.refused(HEADER_ROW, header[0], f"コンマ区切り (cells separated by commas, not {name})")
    if alone:
        return replace(empty, header=header, columns=tuple(text_column([]) for _ in header))
    cells, ragged = _records(path, empty, len(header))
    numbers = np.arange(HEADER_ROW, len(cells) + len(ragged) + HEADER_ROW)
    rows = np.setdiff1d(numbers, [fault.row for fault in ragged], assume_unique=True)[1:]
    columns = tuple(column.slice(1) for column in cells.columns)
    return replace(empty, header=header, columns=columns, rows=rows, faults=tuple(ragged)).without_blank_rows()


def _header(path: Path, encoding: str) -> tuple[tuple[str, ...], bool]:
    """The first record, and whether nothing follows it."""
    with path.open(encoding=encoding, newline="") as lines:
        return tuple(next(csv.reader(lines), ())), next(lines, None) is None


def _records(path: Path, empty: RawTable, width: int) -> tuple[pa.Table, Sequence[Fault]]:
    """All records of that width, the header as the first of them, and a fault for each of another width."""
    ragged: list[Fault] = []

    def skip(row: Any) -> str:
        wanted = f"見出しと同じ {width} 列 ({width} cells as in the header; {row.actual_columns} found)"
        ragged.append(empty.fault(row.number, "", row.text, wanted))
        return "skip"

    cells = arrow_csv.read_csv(
        path,
        read_options=arrow_csv.ReadOptions(
            use_threads=False,  # only the single-threaded reader knows the rows' numbers
            block_size=_BLOCK_BYTES,
            autogenerate_column_names=True,
            encoding="cp932" if empty.encoding == "cp932" else "utf8",
        ),
        parse_options=arrow_csv.ParseOptions(
            newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=skip
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types={f"f{place}": pa.large_string() for place in range(width)},
            strings_can_be_null=True,
            null_values=[""],
            check_utf8=False,  # the scan has done it
        ),
    )
    return cells, ragged


def _broken_record(path: Path, empty: RawTable) -> tuple[int, str, str] | None:
    """The first record with an unclosed quote or a giant cell: its row, what is seen, what is accepted."""
    row = HEADER_ROW
    limit = csv.field_size_limit(MAX_CELL_BYTES)
    try:
        with path.open(encoding=empty.encoding, newline="") as lines:
            for _ in csv.reader(lines, strict=True):
                row += 1
    except csv.Error as error:
        if "limit" in str(error):
            size = f"{MAX_CELL_BYTES:,}"
            return row, f"> {size}", f"1 セル {size} 字まで (at most that many characters; a quote may be open)"
        return row, '"', "閉じた引用符 (every opened double quote closed, those inside doubled)"
    finally:
        csv.field_size_limit(limit)
    return None
