"""Which part of the data a case belongs to: its category, its region, and how often its expert was sent before."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

CATEGORY, REGION, RECORD = SEGMENTS = ("category", "region", "record")
RECORDS = ("0", "1-4", "5-19", "20+")  # past dispatches: data-poor to data-rich
FROM = (1, 5, 20)
UNKNOWN, REST = "unknown", "other"
FEWEST_CASES = 20  # of a segment that is shown
MOST_CATEGORIES = 8


def records(dispatches: pd.DataFrame, expert_ids: npt.NDArray[np.object_]) -> npt.NDArray[np.str_]:
    """The class of each expert by how many of these (past, visible) dispatches are theirs."""
    sent = dispatches["expert_id"].value_counts().reindex(expert_ids).fillna(0).to_numpy()
    return np.array(RECORDS)[np.digitize(sent, FROM)]


def parts(rows: pd.DataFrame, by: str) -> tuple[dict[str, pd.DataFrame], int, int]:
    """Rows of each shown segment, and how many segments, with how many cases, are too small to be shown.

    `rows` has a column `unit` that says which rows are one case, and one named `by`, NaN where it does not apply.
    Of categories the larger ones are shown, the rest as one segment.
    """
    rows = rows[rows[by].notna()]
    cases = rows.groupby(by)["unit"].nunique()
    label = rows[by]
    if by == CATEGORY:
        large = cases[cases >= FEWEST_CASES].nlargest(MOST_CATEGORIES).index
        label = label.where(label.isin(large), REST)
        cases = rows.groupby(label)["unit"].nunique()
    shown = cases[cases >= FEWEST_CASES]
    small = cases[cases < FEWEST_CASES]
    return {name: rows[label == name] for name in _ordered(shown, by)}, len(small), int(small.sum())


def _ordered(shown: pd.Series, by: str) -> Iterator[str]:
    """Categories by size with the rest last, the others in their own order."""
    if by == CATEGORY:
        names = [str(name) for name in shown.sort_values(ascending=False, kind="stable").index if name != REST]
        return iter([*names, *([REST] if REST in shown.index else [])])
    return (name for name in (RECORDS if by == RECORD else sorted(map(str, shown.index))) if name in shown.index)
