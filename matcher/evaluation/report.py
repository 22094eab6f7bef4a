"""An evaluation for programs and for people."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.evaluation.metrics import paired_interval
from matcher.lang import Lang

Floats = npt.NDArray[np.float64]
BASELINE = "nearest"
_HEADS: dict[Lang, tuple[str, str, str]] = {
    "ja": ("推薦方法", "平均", "「{}」との差（対応のある95%区間）"),
    "en": ("ranker", "mean", "difference from “{}” (paired 95 % interval)"),
}
_FORETELLING: dict[Lang, str] = {
    "ja": "解決確率の当たり具合（結果の分かっている検証用の派遣で）",
    "en": "Foretelling whether a case is resolved (held-out dispatches with a known outcome)",
}


@dataclass(frozen=True)
class Evaluation:
    """Figures a ranker and measure, and the intervals of their paired differences from the baseline.

    `values[measure][ranker]` holds one value a case, in the same order for every ranker; NaN where it is undefined.
    """

    protocols: list[str]
    values: dict[str, dict[str, Floats]]
    foretelling: dict[str, dict[str, float]]

    @property
    def baseline(self) -> str:
        """The ranker that the others are set against: `BASELINE`, or the first one where that was not measured."""
        rankers = next(iter(self.values.values()), {})
        return BASELINE if BASELINE in rankers else next(iter(rankers), "")

    def to_json(self) -> dict[str, Any]:
        """Plain values for programs."""
        return _to_json(self)

    def to_markdown(self, lang: Lang = "ja") -> str:
        """Tables for people."""
        return _to_markdown(self, lang)

    def mean(self, measure: str, ranker: str) -> float:
        """Mean over the cases for which the measure is defined; NaN where there is none."""
        return _mean(self.values[measure][ranker])

    def against_baseline(self, measure: str, ranker: str) -> tuple[float, float, float]:
        """Mean difference from the baseline and its paired 95 % interval."""
        difference = self.values[measure][ranker] - self.values[measure][self.baseline]
        return _mean(difference), *paired_interval(difference)


def _mean(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def _to_json(evaluation: Evaluation) -> dict[str, Any]:
    """Plain values; NaN becomes null."""
    measures = {
        measure: {
            ranker: {
                "mean": _plain(evaluation.mean(measure, ranker)),
                "cases": len(values),
                "difference": _plain(evaluation.against_baseline(measure, ranker)[0]),
                "interval": [_plain(limit) for limit in evaluation.against_baseline(measure, ranker)[1:]],
            }
            for ranker, values in rankers.items()
        }
        for measure, rankers in evaluation.values.items()
    }
    foretelling = {
        name: {key: _plain(value) for key, value in row.items()} for name, row in evaluation.foretelling.items()
    }
    return {
        "protocols": evaluation.protocols,
        "baseline": evaluation.baseline,
        "measures": measures,
        "foretelling": foretelling,
    }


def _to_markdown(evaluation: Evaluation, lang: Lang = "ja") -> str:
    """One table a measure, best ranker last, and one for the foretold probabilities."""
    lines = [f"- {protocol}" for protocol in evaluation.protocols]
    heads = [head.format(evaluation.baseline) for head in _HEADS[lang]]
    for measure, rankers in evaluation.values.items():
        lines += ["", f"## {measure}", "", *_row(*heads), "|---|---:|---:|"]
        for ranker in sorted(rankers, key=lambda name: np.nan_to_num(evaluation.mean(measure, name), nan=-np.inf)):
            difference, low, high = evaluation.against_baseline(measure, ranker)
            apart = "" if ranker == evaluation.baseline else f"{difference:+.3f} [{low:+.3f}, {high:+.3f}]"
            lines += _row(ranker, f"{evaluation.mean(measure, ranker):.3f}", apart)
    if evaluation.foretelling:
        figures = list(next(iter(evaluation.foretelling.values())))
        lines += [
            "",
            f"## {_FORETELLING[lang]}",
            "",
            *_row(heads[0], *figures),
            "|---" + "|---:" * len(figures) + "|",
        ]
        for name, row in evaluation.foretelling.items():
            lines += _row(
                name, *(f"{value:.0f}" if key == "outcomes" else f"{value:.3f}" for key, value in row.items())
            )
    return "\n".join(lines) + "\n"


def _row(*cells: str) -> list[str]:
    return ["| " + " | ".join(cells) + " |"]


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 6)
