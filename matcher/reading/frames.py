"""Loose pandas frames, as a notebook has them, as tables of text that are then read like files."""

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd
import pyarrow as pa

from matcher.columns import TABLES
from matcher.errors import Fault, InvalidValueError
from matcher.reading.raw import HEADER_ROW, RawTable, text_column
from matcher.reading.sources import Sources


def frame_readers(frames: Mapping[str, pd.DataFrame]) -> Sources:
    """The frames as sources. Raises `InvalidValueError` for what is no frame."""
    sources = Sources()
    for name, frame in frames.items():
        if not isinstance(frame, pd.DataFrame):
            raise InvalidValueError(f"table {name}", type(frame).__name__, "a pandas DataFrame")
        if name in TABLES:
            sources.readers[name] = partial(raw_from_frame, name, frame)
        else:
            sources.faults.append(Fault(name, name, 0, "", name, f"表の名 (one of the tables): {', '.join(TABLES)}"))
    if "experts" not in sources.readers:
        sources.faults.append(Fault("experts", "experts", 0, "", "", "表 experts が必要 (a frame experts)"))
    return sources


def raw_from_frame(name: str, frame: pd.DataFrame) -> RawTable:
    """The frame's cells as text; its index is left out. Raises `InvalidValueError` for text that is no Unicode."""
    columns = tuple(_texts(name, frame.iloc[:, place]) for place in range(frame.shape[1]))
    rows = np.arange(len(frame)) + HEADER_ROW + 1
    raw = RawTable(name, name, "frame", tuple(map(str, frame.columns)), columns, rows)
    return raw.without_blank_rows() if frame.shape[1] else raw.refused(0, "", "列のある表 (a frame with columns)")


def _texts(name: str, column: pd.Series) -> pa.ChunkedArray:
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        column = column.dt.tz_convert("Asia/Tokyo").dt.tz_localize(None)
    # Objects may be lists, which nothing can hash; all else is turned into text once a distinct value.
    codes, values = (None, column) if column.dtype == object else pd.factorize(column)
    try:
        texts = text_column(values)
    except UnicodeEncodeError as error:
        raise InvalidValueError(
            f"text in {name}.{column.name}", error.object[:80], "Unicode 文字 (valid text)"
        ) from None
    return texts if codes is None else texts.take(pa.array(codes, mask=codes < 0))
