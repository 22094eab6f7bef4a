"""What a benchmark says of a method on some data, and the one table of it all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from matcher.evaluation.bootstrap import Floats, paired_interval

NDCG, MRR, AUC, BRIER, ECE, FIT = "nDCG@10", "MRR", "AUC", "Brier", "ECE", "fit s"
BEST_PEER, NEIGHBOURS = "best peer", "text neighbours"
FIRST = (NDCG, MRR, AUC, BRIER, ECE, FIT)
DIGITS = {FIT: 1, ECE: 4}
Difference = tuple[float, float, float]


@dataclass(frozen=True)
class Row:
    """Figures of a method by name, and paired differences (mean, 95 % interval) by measure and whom they are from."""

    data: str
    method: str
    figures: Mapping[str, float]
    differences: Mapping[tuple[str, str], Difference] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain values; NaN becomes null."""
        return {
            "data": self.data,
            "method": self.method,
            "figures": {name: _plain(value) for name, value in self.figures.items()},
            "differences": {
                f"{measure} from {other}": [_plain(value) for value in found]
                for (measure, other), found in self.differences.items()
            },
        }


def difference(values: Floats, other: Floats) -> Difference:
    """Mean of paired differences over the cases where both are defined, and its 95 % interval."""
    apart = values - other
    return (mean(apart), *paired_interval(apart))


def mean(values: Floats) -> float:
    """The mean over the cases for which a figure is defined; NaN where there is none."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def markdown(rows: Sequence[Row]) -> str:
    """One table; a column stands only where some row has something in it."""
    figures = list(dict.fromkeys([*FIRST, *(name for row in rows for name in row.figures)]))
    figures = [name for name in figures if any(name in row.figures for row in rows)]
    apart = list(dict.fromkeys(key for row in rows for key in row.differences))
    heads = ["data", "method", *figures, *(f"{measure} − {other}" for measure, other in apart)]
    lines = [heads, ["---", "---", *["---:"] * (len(heads) - 2)]]
    for row in rows:
        cells = [_figure(name, row.figures.get(name)) for name in figures]
        lines.append([row.data, row.method, *cells, *(_apart(row.differences.get(key)) for key in apart)])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _figure(name: str, value: float | None) -> str:
    return "" if value is None or np.isnan(value) else f"{value:.{DIGITS.get(name, 3)}f}"


def _apart(found: Difference | None) -> str:
    return "" if found is None else "{:+.3f} [{:+.3f}, {:+.3f}]".format(*found)


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 6)
