"""Evidence as JSON can hold it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd


def plain(value: Any) -> Any:
    """The value in JSON's own types: unknown (NaN, NaT) and infinite numbers null, dates YYYY-MM-DD, tuples lists.

    >>> plain({"n": np.int64(3), "on": pd.Timestamp("2026-04-01"), "rate": float("nan")})
    {'n': 3, 'on': '2026-04-01', 'rate': None}
    """
    if isinstance(value, Mapping):
        return {str(key): plain(cell) for key, cell in value.items()}
    if isinstance(value, (list, tuple, np.ndarray, pd.Series)):
        return [plain(cell) for cell in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(cell) for cell in value), key=str)
    if isinstance(value, np.generic):
        return plain(value.item())
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    if value is pd.NaT or value is pd.NA:
        return None
    return value.strftime("%Y-%m-%d") if isinstance(value, date) else str(value)
