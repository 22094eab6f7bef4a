"""An evaluation for programs and for people."""

from typing import Any

import numpy as np

from matcher.evaluation.measure import BASELINE, Evaluation
from matcher.features.feature import Lang

_HEADS: dict[Lang, tuple[str, str, str]] = {
    "ja": ("推薦方法", "平均", "「nearest」との差（対応のある95%区間）"),
    "en": ("ranker", "mean", "difference from “nearest” (paired 95 % interval)"),
}
_FORETELLING: dict[Lang, str] = {
    "ja": "解決確率の当たり具合（結果の分かっている検証用の派遣で）",
    "en": "Foretelling whether a case is resolved (held-out dispatches with a known outcome)",
}


def to_json(evaluation: Evaluation) -> dict[str, Any]:
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
        "baseline": BASELINE,
        "measures": measures,
        "foretelling": foretelling,
    }


def to_markdown(evaluation: Evaluation, lang: Lang = "ja") -> str:
    """One table a measure, best ranker last, and one for the foretold probabilities."""
    lines = [f"- {protocol}" for protocol in evaluation.protocols]
    for measure, rankers in evaluation.values.items():
        lines += ["", f"## {measure}", "", *_row(*_HEADS[lang]), "|---|---:|---:|"]
        for ranker in sorted(rankers, key=lambda name: evaluation.mean(measure, name)):
            difference, low, high = evaluation.against_baseline(measure, ranker)
            apart = "" if ranker == BASELINE else f"{difference:+.3f} [{low:+.3f}, {high:+.3f}]"
            lines += _row(ranker, f"{evaluation.mean(measure, ranker):.3f}", apart)
    if evaluation.foretelling:
        heads = list(next(iter(evaluation.foretelling.values())))
        lines += [
            "",
            f"## {_FORETELLING[lang]}",
            "",
            *_row(_HEADS[lang][0], *heads),
            "|---" + "|---:" * len(heads) + "|",
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
