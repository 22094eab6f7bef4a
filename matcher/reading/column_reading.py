"""A column of text becomes a typed column: every distinct spelling is read once, however many rows share it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from matcher.columns import Column, Kind
from matcher.reading.cells import Parser, parser_of
from matcher.reading.raw import MAX_CELL_BYTES
from matcher.reading.unreadable import UnreadableError
from matcher.reference.taxonomy import Taxonomy

Positions = npt.NDArray[np.int64]
_NUMBERS = (Kind.NUMBER, Kind.INTEGER)
_PLAIN_NUMBER = r"^-?[0-9]{1,15}(\.[0-9]{1,15})?$"
_TEXT = pd.StringDtype(na_value=np.nan)
# A suggestion compares with every known value, so a column of rubbish gets no more than this many.
_MOST_SUGGESTIONS = 20


@dataclass(frozen=True)
class BadCell:
    """One cell that cannot be read: its position among the records, its text, what is accepted."""

    position: int
    value: str
    accepted: str


def read_column(texts: Any, column: Column, taxonomy: Taxonomy | None) -> tuple[pd.Series, list[BadCell]]:
    """The typed column of an arrow column of text, unreadable cells unknown, and those cells."""
    texts, bad = _without_giants(texts)
    texts = _blanks_to_null(texts)
    if column.required:
        blank = np.flatnonzero(texts.is_null().to_numpy())
        giants = {cell.position for cell in bad}
        wanted = "空欄でない値 (a value; the column is required)"
        bad += [BadCell(int(position), "", wanted) for position in blank if position not in giants]
    if column.kind in (Kind.ID, Kind.TEXT) and not column.many:
        trimmed = pc.utf8_trim_whitespace(texts) if column.kind is Kind.ID else texts
        return text_series(trimmed), bad
    series, unread = _read_distinct(texts, column, parser_of(column, taxonomy))
    return series, bad + unread


def text_series(texts: Any) -> pd.Series:
    """An arrow column of text as a pandas column of `str`, sharing its memory."""
    return pd.Series(_TEXT.__from_arrow__(texts))  # type: ignore[attr-defined]  # public, absent from the stubs


def _without_giants(texts: Any) -> tuple[Any, list[BadCell]]:
    sizes = pc.binary_length(texts)
    if not len(texts) or (pc.max(sizes).as_py() or 0) <= MAX_CELL_BYTES:
        return texts, []
    giant = pc.fill_null(pc.greater(sizes, MAX_CELL_BYTES), False)
    wanted = f"1 セル {MAX_CELL_BYTES:,} バイトまで (at most that many bytes a cell)"
    bad = [
        BadCell(int(position), f"{sizes[position].as_py():,} bytes", wanted)
        for position in np.flatnonzero(giant.to_numpy())
    ]
    return _null_where(giant, texts), bad


def _blanks_to_null(texts: Any) -> Any:
    blank = pc.utf8_is_space(texts)
    return _null_where(blank, texts) if pc.any(blank).as_py() else texts


def _null_where(mask: Any, texts: Any) -> Any:
    return pc.if_else(mask, pa.scalar(None, pa.large_string()), texts)


def _read_distinct(texts: Any, column: Column, parse: Parser) -> tuple[pd.Series, list[BadCell]]:
    encoded = pa.chunked_array(texts).dictionary_encode().combine_chunks()
    spellings = encoded.dictionary
    codes = encoded.indices.fill_null(-1).to_numpy().astype(np.int64)
    values, todo = _plain_numbers(spellings, column) if column.kind in _NUMBERS else _nothing_read(spellings, column)
    errors: dict[int, tuple[str, UnreadableError]] = {}
    for code in todo:
        spelling = spellings[code].as_py()
        try:
            values[code] = parse(spelling)
        except UnreadableError as error:
            errors[code] = (spelling, error)
    return _series(values[codes], column), list(_bad_cells(codes, errors))


def _nothing_read(spellings: Any, column: Column) -> tuple[npt.NDArray[Any], range]:
    """Room for every spelling's value and, at the end (position -1), for the unknown."""
    size = len(spellings) + 1
    if column.kind is Kind.DATE:
        return np.full(size, "NaT", dtype="datetime64[s]"), range(size - 1)
    if column.kind is Kind.FLAG:
        return np.full(size, np.nan), range(size - 1)
    values = np.full(size, None, dtype=object)
    if column.many:
        values.fill(())
    return values, range(size - 1)


def _plain_numbers(spellings: Any, column: Column) -> tuple[npt.NDArray[Any], list[int]]:
    """Ordinary numbers within their limits, read natively; the rest is left to the cell's parser."""
    plain = pc.match_substring_regex(spellings, _PLAIN_NUMBER).to_numpy(zero_copy_only=False)
    values = np.full(len(spellings) + 1, np.nan)
    values[:-1][plain] = pc.cast(spellings.filter(pa.array(plain)), pa.float64()).to_numpy()
    low = -np.inf if column.low is None else column.low
    high = np.inf if column.high is None else column.high
    good = (values >= low) & (values <= high)
    if column.kind is Kind.INTEGER:
        good &= values == np.floor(values)
    values[~good] = np.nan
    return values, np.flatnonzero(~good[:-1]).tolist()


def _series(values: npt.NDArray[Any], column: Column) -> pd.Series:
    if column.many or values.dtype != object:
        return pd.Series(values)
    return text_series(pa.chunked_array([pa.array(values, pa.large_string())]))


def _bad_cells(codes: Positions, errors: dict[int, tuple[str, UnreadableError]]) -> Iterator[BadCell]:
    if not errors:
        return
    reasons = {
        code: tuple(error.reasons(text, suggest=place < _MOST_SUGGESTIONS))
        for place, (code, (text, error)) in enumerate(errors.items())
    }
    for position in np.flatnonzero(np.isin(codes, list(errors))):
        for value, accepted in reasons[int(codes[position])]:
            yield BadCell(int(position), value, accepted)
