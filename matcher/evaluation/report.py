"""An evaluation: what was measured case by case, and the figures drawn from it, for programs and for people."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from matcher.evaluation.calibration import Calibration
from matcher.evaluation.compare import BRIER, FIGURE, FORETELLING, LIMITS, by_case, foretold_figures, ranked_figures
from matcher.evaluation.scoring import NDCG, Row
from matcher.evaluation.segments import RECORDS, SEGMENTS, parts
from matcher.evaluation.truth import TruthError

RANKED = ("case", "unit", "ranker", "measure", "value", *SEGMENTS, "first")
FORETOLD = ("case", "unit", "expert_id", "ranker", "outcome", "probability", *SEGMENTS)
CONSTANT, SKILL = "Brier of the constant", "skill"
RELEVANT = "relevant expert"


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What every ranker did, a row a case: `ranked` has the columns `RANKED`, `foretold` has `FORETOLD`.

    `unit` says which rows are of one case (of one outcome). `value` is NaN where a measure is undefined. `record` is
    the class of the relevant expert by past dispatches, `first` that of the first-ranked. `foretold` holds only
    rankers that foretell every outcome.
    """

    protocols: list[str]
    ranked: pd.DataFrame
    foretold: pd.DataFrame
    truth_errors: Mapping[str, TruthError]
    baseline: str

    @classmethod
    def of(
        cls,
        protocols: list[str],
        ranked: Sequence[Row],
        foretold: Sequence[Row],
        truth_errors: Mapping[str, TruthError],
        baseline: str,
    ) -> "Evaluation":
        """From rows without `unit`."""
        cases = pd.DataFrame(ranked, columns=[name for name in RANKED if name != "unit"])
        outcomes = pd.DataFrame(foretold, columns=[name for name in FORETOLD if name != "unit"])
        silent = outcomes.loc[outcomes["probability"].isna(), "ranker"].unique()
        outcomes = outcomes[~outcomes["ranker"].isin(silent)].reset_index(drop=True)
        units = outcomes["case"].astype(str) + " " + outcomes["expert_id"].astype(str)
        return cls(
            protocols, cases.assign(unit=cases["case"]), outcomes.assign(unit=units), dict(truth_errors), baseline
        )

    @cached_property
    def measures(self) -> pd.DataFrame:
        """Ranking figures, one row a measure and ranker (see `compare`)."""
        return ranked_figures(self.ranked, self.baseline)

    @cached_property
    def foretelling(self) -> pd.DataFrame:
        """Figures of the probabilities, one row a measure and ranker."""
        return foretold_figures(self.foretold, self.baseline)

    @cached_property
    def calibration(self) -> dict[str, Calibration]:
        """The reliability table and the parts of the Brier score of each ranker that foretells."""
        return {
            str(name): Calibration.of(rows["outcome"].to_numpy(), rows["probability"].to_numpy())
            for name, rows in self.foretold.groupby("ranker", sort=False)
        }

    @cached_property
    def first_ranked(self) -> dict[str, dict[str, float]]:
        """Share of the cases won by experts of each class of past dispatches: the first-ranked, and the relevant."""
        cases = self.ranked[(self.ranked["measure"] == NDCG) & self.ranked["record"].notna()]
        won = {str(name): rows["first"] for name, rows in cases.groupby("ranker", sort=False)}
        won |= {RELEVANT: cases.drop_duplicates("case")["record"]} if won else {}
        return {name: {kind: float((classes == kind).mean()) for kind in RECORDS} for name, classes in won.items()}

    @cached_property
    def segments(self) -> pd.DataFrame:
        """The same figures for each segment, with the columns `by` and `segment` before them."""
        shown = [table for table, _ in self._by_segment.values() if len(table)]
        return pd.concat(shown, ignore_index=True) if shown else pd.DataFrame(columns=["by", "segment", *FIGURE])

    @cached_property
    def left_out(self) -> dict[str, dict[str, tuple[int, int]]]:
        """By segmentation and kind of case: how many segments, with how many cases, are too small to be shown."""
        found: dict[str, dict[str, tuple[int, int]]] = {}
        for (by, kind), (_, small) in self._by_segment.items():
            found.setdefault(by, {})[kind] = small
        return found

    @cached_property
    def _by_segment(self) -> dict[tuple[str, str], tuple[pd.DataFrame, tuple[int, int]]]:
        kinds: list[tuple[str, pd.DataFrame, Callable[[pd.DataFrame, str], pd.DataFrame]]] = [
            *((str(name), rows, ranked_figures) for name, rows in self.ranked.groupby("measure", sort=False)),
            ("foretelling", self.foretold, foretold_figures),
        ]
        found = {}
        for by in SEGMENTS:
            for kind, rows, figures in kinds:
                shown, segments, cases = parts(rows, by)
                tables = [figures(part, self.baseline).assign(by=by, segment=name) for name, part in shown.items()]
                found[by, kind] = (pd.concat(tables) if tables else pd.DataFrame(), (segments, cases))
        return found

    def values(self, measure: str) -> pd.DataFrame:
        """Every case's value (rows) of every ranker (columns); no row for a measure that nobody has."""
        return by_case(self.ranked[self.ranked["measure"] == measure])

    def mean(self, measure: str, ranker: str) -> float:
        """The figure of a ranker. Raises `KeyError` for one that was not measured."""
        return float(self._figures[measure, ranker]["value"])

    def against_baseline(self, measure: str, ranker: str) -> tuple[float, float, float]:
        """Difference from the baseline and its paired 95 % interval."""
        row = self._figures[measure, ranker]
        return row["difference"], row["difference_low"], row["difference_high"]

    @cached_property
    def _figures(self) -> dict[tuple[str, str], dict[str, Any]]:
        return {
            (row["measure"], row["ranker"]): row
            for table in (self.measures, self.foretelling)
            for row in rows_of(table)
        }

    def to_json(self) -> dict[str, Any]:
        """Plain values for programs; NaN becomes null."""
        found = {
            "protocols": self.protocols,
            "baseline": self.baseline,
            "measures": _nested(self.measures),
            "foretelling": {name: self._foretelling_of(name) for name in self.calibration},
            "calibration": {name: found.to_json() for name, found in self.calibration.items()},
            "truth": {name: asdict(found) for name, found in self.truth_errors.items()},
            "first_ranked": self.first_ranked,
            "segments": {
                by: {segment: _nested(rows) for segment, rows in of_one.groupby("segment", sort=False)}
                for by, of_one in self.segments.groupby("by", sort=False)
            },
            "left_out": {
                by: {kind: {"segments": few, "cases": cases} for kind, (few, cases) in kinds.items()}
                for by, kinds in self.left_out.items()
            },
        }
        return {name: _plain(value) for name, value in found.items()}

    def _foretelling_of(self, ranker: str) -> dict[str, Any]:
        rows = {name: self._figures[name, ranker] for name in FORETELLING}
        calibration = self.calibration[ranker]
        return {
            "outcomes": rows[BRIER]["cases"],
            **{name: row["value"] for name, row in rows.items()},
            CONSTANT: calibration.uncertainty,
            SKILL: calibration.skill,
            "intervals": {name: [row[limit] for limit in LIMITS[1:3]] for name, row in rows.items()},
            "differences": {name: [row[limit] for limit in LIMITS[3:]] for name, row in rows.items()},
        }


def rows_of(figures: pd.DataFrame) -> list[dict[str, Any]]:
    """A mapping a row."""
    return [{str(key): value for key, value in row.items()} for row in figures.to_dict("records")]


def _nested(figures: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """By measure and ranker; `interval` is that of the difference, `mean_interval` that of the figure itself."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows_of(figures):
        found.setdefault(row["measure"], {})[row["ranker"]] = {
            "mean": row["value"],
            "cases": row["cases"],
            "mean_interval": [row["low"], row["high"]],
            "difference": row["difference"],
            "interval": [row["difference_low"], row["difference_high"]],
        }
    return found


def _plain(value: Any) -> Any:
    """Mappings, lists and numbers of Python alone; reals rounded to six digits."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, (float, np.floating)):
        return None if np.isnan(value) else round(float(value), 6)
    return int(value) if isinstance(value, np.integer) else value
