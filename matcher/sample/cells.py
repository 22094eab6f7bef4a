"""Typed columns of the contract from drawn arrays; a blank cell means unknown."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from matcher.sample.drawing import Bools, Floats, Ints, Rng, Texts, texts


def ids(letter: str, size: int) -> Texts:
    """Ids in order, `E00001` ..., as wide as the last one needs."""
    width = max(5, len(str(size)))
    return texts([f"{letter}{number:0{width}d}" for number in range(1, size + 1)])


def strings(values: Texts, blank: Bools | None = None) -> pd.Series:
    """A text column; blank and empty cells are unknown."""
    empty = values == ""
    hidden = empty if blank is None else empty | blank
    cells = values.copy()
    cells[hidden] = None
    return pd.Series(cells, dtype="str")


def numbers(values: Floats | Ints | Bools, blank: Bools | None = None) -> pd.Series:
    """A number or flag column."""
    filled = np.asarray(values, dtype=np.float64)
    return pd.Series(filled if blank is None else np.where(blank, np.nan, filled))


def coded(index: Ints, codes: Sequence[str], blank: Bools | None = None) -> pd.Series:
    """A choice or code column from indices of `codes`; -1 is unknown."""
    values = texts([*codes, ""])[index]
    return strings(values, blank)


def lists(flags: Bools, codes: Sequence[Any]) -> pd.Series:
    """A list column: row by row the codes of the flagged columns, in their order."""
    _, column = np.nonzero(flags)
    named = texts(list(codes))[column]
    many = flags.sum(axis=1)
    ends = np.cumsum(many)
    return pd.Series(texts([tuple(named[a:b]) for a, b in zip(ends - many, ends, strict=True)]), dtype=object)


def some_blank(rng: Rng, share: float, size: int) -> Bools:
    """Which cells are left blank."""
    return np.asarray(rng.random(size) < share)
