"""One consultation as someone typed it: flags, JSON or a form, read by the same parsers as files."""

import math
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary, proxy

import pandas as pd

from matcher.columns import CONSULTATIONS, Column, Kind
from matcher.consultation import Consultation
from matcher.dataset import Dataset
from matcher.errors import DataError, Fault
from matcher.reading.cells import parser_of
from matcher.reading.raw import MAX_CELL_BYTES, clipped, text_of
from matcher.reading.unreadable import UnreadableError
from matcher.reference.taxonomy import Taxonomy

_READERS: "WeakKeyDictionary[Dataset, _Reader]" = WeakKeyDictionary()


def parse_consultation(values: Mapping[str, Any], data: Dataset, *, as_of: pd.Timestamp) -> Consultation:
    """The consultation that the loose values describe; only `category` is required.

    Spelling is as free as in files: prefecture 東京, full-width digits, era dates, a category by code or name.
    None and blanks are unknown, NaN is a fault.
    Hubs and clients must be known where the data lists any. Raises `DataError` with every fault.
    """
    reader = _reader(data)
    strange = [name for name in values if name not in CONSULTATIONS.by_name]
    faults = [_fault(name, _shown(values[name]), _NAMES) for name in strange]
    cells: dict[str, Any] = {}
    for column in CONSULTATIONS.columns:
        try:
            cells |= _cell(column, values.get(column.name), reader, as_of)
        except UnreadableError as error:
            text = _shown(values.get(column.name))
            faults += [_fault(column.name, *reason) for reason in error.reasons(text, suggest=True)]
    if faults:
        raise DataError(faults)
    return Consultation(**cells)


_NAMES = f"項目名 (one of): {', '.join(CONSULTATIONS.names)}"


def _fault(column: str, value: str, accepted: str) -> Fault:
    return Fault("consultations", "consultation", 0, column, clipped(value), accepted)


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


def _cell(column: Column, value: Any, reader: "_Reader", as_of: pd.Timestamp) -> Mapping[str, Any]:
    if value is None and column.name != "category":
        return {}
    if isinstance(value, Mapping) or (isinstance(value, float) and math.isnan(value)):
        raise UnreadableError("文字・数・日付・リスト (text, a finite number, a date or a list)")
    text = text_of(value)
    if text is None or not text.strip():
        if column.name == "category":
            raise UnreadableError("相談分野のコードか名称 (a category, by code or name)")
        return {}
    _refuse_odd_text(text)
    parsed = reader.parsers[column.name](text)
    if column.kind is Kind.DATE:
        parsed = pd.Timestamp(parsed)
        if parsed > as_of:
            raise UnreadableError(f"{as_of:%Y-%m-%d} まで (not after that day)")
    known = reader.known(column.refers)
    if known and parsed not in known:
        raise UnreadableError(f"{column.refers} にある値 (one of {column.refers})")
    return {column.name: parsed}


def _refuse_odd_text(text: str) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise UnreadableError("Unicode 文字 (valid text, no lone surrogate)") from None
    if size > MAX_CELL_BYTES or "\0" in text:
        raise UnreadableError(f"NUL のない {MAX_CELL_BYTES:,} バイトまで (at most that many bytes, none of them NUL)")


class _Reader:
    """What cells are read with, made once a dataset: a service asks for it with every request."""

    def __init__(self, data: Dataset) -> None:
        taxonomy = Taxonomy(data.categories)
        self.parsers = {column.name: parser_of(column, taxonomy) for column in CONSULTATIONS.columns}
        self._data = proxy(data)  # a strong one would keep the dataset for ever
        self._known: dict[str, frozenset[Any]] = {}

    def known(self, refers: str) -> frozenset[Any]:
        """The values of a column (`table.column`) that cells may name, none where any may."""
        if refers and refers not in self._known:
            table, _, key = refers.partition(".")
            self._known[refers] = frozenset(self._data.table(table)[key])
        return self._known.get(refers, frozenset())


def _reader(data: Dataset) -> _Reader:
    if data not in _READERS:
        _READERS[data] = _Reader(data)
    return _READERS[data]
