"""Features of what happened before: similar cases and their outcomes, work in this category, activity."""

from collections.abc import Callable
from typing import Any

import numpy as np

from matcher.features.feature import Evidence, Feature, Floats, Group
from matcher.features.history import NEVER, History, kind_vectors, seen_cases
from matcher.features.pairs import Pairs
from matcher.lang import Lang

FEWEST_CLIENTS = 3  # no figure and no date is shown that rests on fewer clients
SIMILAR = 0.3  # cosine of latent vectors from which a past case is called similar in words
STEADYING = 2.0  # cases of average outcome that steady a share of resolved cases


def _log_sum(name: str, floor: float) -> Callable[[Pairs], Floats]:
    return lambda pairs: np.log(floor + pairs.past[name])


def _similar_outcome(pairs: Pairs) -> Floats:
    known, resolved = pairs.past["text_known"], pairs.past["text_resolved"]
    return (resolved - pairs.mean_resolved * known) / (known + STEADYING)


def _similar_evidence(pairs: Pairs, _values: Floats) -> list[dict[str, Any]]:
    return _tallies(pairs, lambda seen, _same: seen.text >= SIMILAR)


def _category_evidence(pairs: Pairs, _values: Floats) -> list[dict[str, Any]]:
    return _tallies(pairs, lambda _seen, same: same)


def _tallies(pairs: Pairs, chosen: Callable[[Any, Any], Any]) -> list[dict[str, Any]]:
    """Per pair: cases, outcomes known and resolved, clients, last month; figures withheld below three clients."""
    history, asked = pairs.history, pairs.consultations
    kinds = kind_vectors(asked, history.kind_weights, pairs.schema)
    tallies: list[dict[str, Any]] = [{"cases": 0} for _ in pairs.ci]
    for seen in seen_cases(history, asked, kinds, pairs.ci, pairs.place, pairs.as_of):
        same = history.category[history.consultation[seen.case]] == asked.category[pairs.ci[seen.pair]]
        keep = chosen(seen, same)
        for pair in np.unique(seen.pair[keep]):
            rows = keep & (seen.pair == pair)
            tallies[pair] = _tally(pairs, seen.case[rows], seen.known[rows])
    return tallies


def _tally(pairs: Pairs, cases: Any, known: Any) -> dict[str, Any]:
    history = pairs.history
    clients = np.unique(history.clients[history.consultation[cases]])
    if np.count_nonzero(clients != "") < FEWEST_CLIENTS:
        return {"cases": None}
    last = history.day[cases].max().astype("datetime64[D]")
    return {
        "cases": len(cases),
        **_outcomes(history, cases[known]),
        "clients": int(np.count_nonzero(clients != "")),
        "last": str(last)[:7],
    }


def _outcomes(history: History, known: Any) -> dict[str, int | None]:
    """Known outcomes and how many are resolved; withheld where they are those of fewer than three clients."""
    clients = np.unique(history.clients[history.consultation[known]])
    if len(known) and np.count_nonzero(clients != "") < FEWEST_CLIENTS:
        return {"known": None, "resolved": None}
    return {"known": len(known), "resolved": int(history.resolved[known].sum())}


def _tally_sentence(ja: str, en: str) -> Callable[[Evidence, Lang], str]:
    def sentence(evidence: Evidence, lang: Lang) -> str:
        cases = evidence["cases"]
        if cases == 0:
            return f"{ja}の派遣の記録がありません" if lang == "ja" else f"no recorded dispatch for {en}"
        if cases is None:
            return (
                f"{ja}の派遣経験があります（{FEWEST_CLIENTS}社未満のため件数は非表示）"
                if lang == "ja"
                else f"has been sent for {en} (fewer than {FEWEST_CLIENTS} clients: no figures)"
            )
        return _counted(evidence, ja, en, lang)

    return sentence


def _counted(evidence: Evidence, ja: str, en: str, lang: Lang) -> str:
    cases, known, resolved = evidence["cases"], evidence["known"], evidence["resolved"]
    year, month = evidence["last"].split("-")
    if lang == "ja":
        outcome = f"結果のわかる{known}件のうち{resolved}件が解決" if known else "結果は未記録"
        outcome = f"結果は{FEWEST_CLIENTS}社未満のため非表示" if known is None else outcome
        return f"{ja}の派遣{cases}件、{outcome}（最近は{year}年{int(month)}月）"
    outcome = f"{resolved} of {known} known outcomes resolved" if known else "outcomes not recorded"
    outcome = f"outcomes of fewer than {FEWEST_CLIENTS} clients not shown" if known is None else outcome
    return f"{cases} dispatches for {en}, {outcome} (last in {evidence['last']})"


def _tally_tells(evidence: Evidence) -> int:
    """Against where there is no case or fewer than half are resolved; figures that are withheld tell nothing."""
    if evidence["cases"] == 0:
        return -1
    if evidence["cases"] is None or not evidence["known"]:
        return 0
    return 1 if 2 * evidence["resolved"] >= evidence["known"] else -1


def _little_known(evidence: Evidence, lang: Lang) -> str:
    if evidence.get("recorded", True):
        return ""
    return "結果のわかる派遣の記録がまだありません" if lang == "ja" else "no dispatch with a recorded outcome yet"


def _last(pairs: Pairs) -> Floats:
    return np.log(pairs.past["last"] + 3.0)


SIMILAR_OUTCOME = Feature(
    "similar_outcome",
    {"ja": "似た相談の結果", "en": "outcomes of similar cases"},
    Group.RECORD,
    "share",
    "share of resolved cases above the average, weighted by squared text similarity, steadied by two average cases",
    _similar_outcome,
    _tally_sentence("似た相談", "similar cases"),
    _similar_evidence,
    tells=_tally_tells,
    monotone=1,
    knots=(-0.4, -0.15, 0.0, 0.15, 0.4),
)
EXPERT_EFFECT = Feature(
    "expert_record",
    {"ja": "全分野の実績", "en": "record over all categories"},
    Group.RECORD,
    "log-odds",
    "how much better or worse this expert's cases ended than the profile foretells; partial pooling",
    sentence=_tally_sentence("全分野", "all categories"),
    evidence=lambda pairs, _values: _tallies(pairs, lambda seen, _same: np.ones(len(seen.case), dtype=bool)),
    tells=_tally_tells,
)
CATEGORY_EFFECT = Feature(
    "category_record",
    {"ja": "この分野の実績", "en": "record in this category"},
    Group.RECORD,
    "log-odds",
    "the same within the consultation's category, beside the expert's overall record; partial pooling",
    sentence=_tally_sentence("同じ分野", "this category"),
    evidence=_category_evidence,
    tells=_tally_tells,
)
UNCERTAINTY = Feature(
    "uncertainty",
    {"ja": "記録の少なさ", "en": "how little is known"},
    Group.RECORD,
    "log-odds",
    "from the log-odds at the centre of what is believed to the log-odds of the expected probability",
    sentence=_little_known,
    tells=lambda _evidence: -1,
)


def _history_feature(name: str, ja: str, en: str, group: Group, meaning: str, floor: float, **more: Any) -> Feature:
    return Feature(name, {"ja": ja, "en": en}, group, "log", meaning, _log_sum(more.pop("of", name), floor), **more)


SIMILAR_CASES = (
    _history_feature(
        "text",
        "似た相談の件数",
        "similar cases",
        Group.TEXT,
        "log of the sum of squared text similarities",
        0.01,
        sentence=_tally_sentence("似た相談", "similar cases"),
        evidence=_similar_evidence,
        tells=lambda evidence: -1 if evidence["cases"] == 0 else 1,
        prior=0.5,
    ),
    _history_feature(
        "text_recent", "最近の似た相談", "recent similar cases", Group.TEXT, "the same, halved every year", 0.01
    ),
    _history_feature(
        "text_worth",
        "似た相談での評価",
        "worth in similar cases",
        Group.TEXT,
        "the same, weighted by how good the case was (votes, rating, satisfaction or resolved)",
        0.01,
    ),
    _history_feature(
        "text_resolved",
        "似た相談の解決",
        "resolved similar cases",
        Group.TEXT,
        "log of the sum of squared text similarities over resolved cases",
        0.01,
    ),
    _history_feature(
        "kind",
        "同じ分野の件数",
        "cases of this category",
        Group.RECORD,
        "log of the sum of category similarities",
        0.1,
        sentence=_tally_sentence("同じ分野", "this category"),
        evidence=_category_evidence,
        tells=lambda evidence: -1 if evidence["cases"] == 0 else 1,
        prior=0.5,
    ),
    _history_feature(
        "kind_recent", "最近の同分野", "recent in this category", Group.RECORD, "the same, halved every year", 0.1
    ),
    _history_feature(
        "kind_latest",
        "直近の同分野",
        "latest in this category",
        Group.RECORD,
        "the same, halved every 120 days",
        0.1,
    ),
    _history_feature(
        "both",
        "分野も文面も近い件数",
        "close in both",
        Group.TEXT,
        "log of the sum of category times text similarity",
        0.02,
    ),
    _history_feature(
        "both_recent",
        "最近の分野も文面も近い件数",
        "close in both, recent",
        Group.TEXT,
        "the same, halved every year",
        0.02,
    ),
)
POPULARITY = (
    _history_feature("cases", "派遣回数", "times sent", Group.OTHER, "log of the number of cases", 0.5),
    _history_feature(
        "cases_recent", "最近の派遣回数", "times sent recently", Group.OTHER, "the same, halved every year", 0.3
    ),
    _history_feature(
        "cases_latest", "直近の派遣回数", "times sent lately", Group.OTHER, "the same, halved every 120 days", 0.1
    ),
    _history_feature("resolved", "解決件数", "resolved cases", Group.OTHER, "log of the number of resolved cases", 0.3),
    Feature(
        "last",
        {"ja": "最後の派遣からの日数", "en": "days since last sent"},
        Group.OTHER,
        "log days",
        f"log of the days since the last case plus 3; {NEVER:.0f} days for an expert never sent",
        _last,
    ),
)
