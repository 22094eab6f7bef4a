"""An evaluation as Markdown tables for people."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from matcher.evaluation.compare import BRIER, FORETELLING
from matcher.evaluation.report import CONSTANT, RELEVANT, SKILL, Evaluation, rows_of
from matcher.evaluation.segments import CATEGORY, FEWEST_CASES, RECORD, RECORDS, REGION, REST, SEGMENTS, UNKNOWN
from matcher.lang import Lang
from matcher.reference.prefectures import bureau_name

_WORDS: dict[str, dict[Lang, str]] = {
    "ranker": {"ja": "推薦方法", "en": "ranker"},
    "mean": {"ja": "平均", "en": "mean"},
    "difference": {
        "ja": "「{}」との差（対応のある95%区間）",
        "en": "difference from “{}” (paired 95 % interval)",
    },
    "foretelling": {
        "ja": "解決確率の当たり具合（結果の分かっている検証用の派遣で）",
        "en": "Foretelling whether a case is resolved (held-out dispatches with a known outcome)",
    },
    "outcomes": {"ja": "結果の数", "en": "outcomes"},
    "parts": {
        "ja": "Brier = 較正のずれ − 分解能 + 不確実性 + 区分内（Murphy 1973、Stephenson ほか 2008）",
        "en": "Brier = reliability − resolution + uncertainty + within the bins (Murphy 1973; Stephenson et al. 2008)",
    },
    "reliability": {"ja": "較正のずれ", "en": "reliability"},
    "resolution": {"ja": "分解能", "en": "resolution"},
    "uncertainty": {"ja": "不確実性", "en": "uncertainty"},
    "within": {"ja": "区分内", "en": "within the bins"},
    "table": {"ja": "信頼度表", "en": "Reliability table"},
    "foretold": {"ja": "予測の平均", "en": "mean foretold"},
    "resolved": {"ja": "解決した割合（95%区間）", "en": "share resolved (95 % interval)"},
    "truth": {
        "ja": "真の確率に対する較正誤差（ECE）",
        "en": "Calibration error against the true probabilities (ECE)",
    },
    "pairs": {"ja": "組の数", "en": "pairs"},
    "all": {"ja": "対象者全員", "en": "all eligible"},
    "first": {"ja": "上位10名", "en": "the first ten"},
    CATEGORY: {"ja": "分野別", "en": "By category"},
    REGION: {"ja": "地域別", "en": "By region"},
    RECORD: {"ja": "専門家の過去の派遣件数別", "en": "By the expert's number of past dispatches"},
    "won": {
        "ja": "どの専門家が1位になるか（過去の派遣件数別の割合）",
        "en": "Who comes first (share of the cases, by the expert's number of past dispatches)",
    },
    RELEVANT: {"ja": "実際の適任者", "en": "relevant expert"},
    "segment": {"ja": "区分", "en": "segment"},
    "measure": {"ja": "指標", "en": "measure"},
    "cases": {"ja": "件数", "en": "cases"},
    "small": {
        "ja": "{}件未満の区分は載せていません: {}",
        "en": "Segments of fewer than {} cases are left out: {}",
    },
    "small_of": {"ja": "{}は{}区分・{}件", "en": "{}: {} with {} cases"},
    UNKNOWN: {"ja": "不明", "en": "unknown"},
    REST: {"ja": "その他", "en": "other"},
}


def to_markdown(found: Evaluation, lang: Lang = "ja") -> str:
    """One table a measure, best ranker last; foretelling and its calibration; a table a segmentation."""
    said = {key: words[lang] for key, words in _WORDS.items()}
    lines = [f"- {protocol}" for protocol in found.protocols]
    for measure, rows in found.measures.groupby("measure", sort=False):
        lines += _measure(str(measure), rows, found.baseline, said)
    if found.calibration:
        lines += [*_foretelling(found, said), *_calibration(found, said)]
    if found.truth_errors:
        lines += _truth(found, said)
    if found.first_ranked:
        lines += _won(found, said)
    for by in SEGMENTS:
        lines += _segments(found, by, said, lang)
    return "\n".join(lines) + "\n"


def _measure(measure: str, rows: pd.DataFrame, baseline: str, said: dict[str, str]) -> Iterator[str]:
    yield from _head(f"## {measure}", [said["ranker"], said["mean"], said["difference"].format(baseline)])
    for row in rows_of(rows.sort_values("value", kind="stable", na_position="first")):
        apart = "{difference:+.3f} [{difference_low:+.3f}, {difference_high:+.3f}]".format_map(row)
        apart = "" if row["ranker"] == baseline or np.isnan(row["difference"]) else apart
        yield _row(row["ranker"], f"{row['value']:.3f}", apart)


def _foretelling(found: Evaluation, said: dict[str, str]) -> Iterator[str]:
    yield from _head(f"## {said['foretelling']}", [said["ranker"], said["outcomes"], *FORETELLING, CONSTANT, SKILL])
    for name, calibration in found.calibration.items():
        rows = rows_of(found.foretelling[found.foretelling["ranker"] == name])
        beside = (f"{calibration.uncertainty:.3f}", f"{calibration.skill:.3f}")
        yield _row(name, rows[0]["cases"], *map(_with_interval, rows), *beside)


def _calibration(found: Evaluation, said: dict[str, str]) -> Iterator[str]:
    parts = ("reliability", "resolution", "uncertainty", "within")
    yield from _head(f"### {said['parts']}", [said["ranker"], BRIER, *(said[part] for part in parts)])
    for name, calibration in found.calibration.items():
        yield _row(name, f"{calibration.brier:.4f}", *(f"{getattr(calibration, part):.4f}" for part in parts))
    for name, calibration in found.calibration.items():
        yield from _head(f"### {said['table']}: {name}", [said["foretold"], said["resolved"], said["outcomes"]])
        for part in calibration.bins:
            share = f"{part.resolved:.3f} [{part.low:.3f}, {part.high:.3f}]"
            yield _row(f"{part.foretold:.3f}", share, str(part.count))


def _truth(found: Evaluation, said: dict[str, str]) -> Iterator[str]:
    yield from _head(f"## {said['truth']}", [said["ranker"], said["pairs"], said["all"], said["first"]])
    for name, error in found.truth_errors.items():
        yield _row(name, f"{error.pairs:,}", f"{error.ece:.4f}", f"{error.ece_first:.4f}")


def _won(found: Evaluation, said: dict[str, str]) -> Iterator[str]:
    yield from _head(f"## {said['won']}", [said["ranker"], *RECORDS])
    for name, shares in found.first_ranked.items():
        yield _row(said.get(name, name), *(f"{shares[kind]:.3f}" for kind in RECORDS))


def _segments(found: Evaluation, by: str, said: dict[str, str], lang: Lang) -> Iterator[str]:
    """A row a segment and measure, a column a ranker; then what was left out."""
    figures = found.segments[found.segments["by"] == by]
    names = list(figures["ranker"].unique()) if len(figures) else []
    yield from ("", f"## {said[by]}")
    if names:
        yield from _head("", [said["segment"], said["measure"], said["cases"], *names])
    for (segment, measure), rows in figures.groupby(["segment", "measure"], sort=False):
        cells = {row["ranker"]: _with_interval(row) for row in rows_of(rows)}
        count = int(rows["cases"].max())
        yield _row(_segment(str(segment), by, said, lang), str(measure), count, *(cells.get(n, "") for n in names))
    small = [
        said["small_of"].format(said["foretelling"] if kind == "foretelling" else kind, few, cases)
        for kind, (few, cases) in found.left_out[by].items()
        if few
    ]
    if small:
        yield from ("", said["small"].format(FEWEST_CASES, "; ".join(small)))


def _segment(name: str, by: str, said: dict[str, str], lang: Lang) -> str:
    if name in (UNKNOWN, REST):
        return said[name]
    return bureau_name(name, lang) if by == REGION else name


def _with_interval(row: dict[str, Any]) -> str:
    return "{value:.3f} [{low:.3f}, {high:.3f}]".format_map(row)


def _head(title: str, heads: Sequence[str]) -> list[str]:
    return [*(("", title) if title else ()), "", _row(*heads), "|---" + "|---:" * (len(heads) - 1) + "|"]


def _row(*cells: object) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"
