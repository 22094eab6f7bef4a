"""What is told of past cases: how many, how they ended, when the last was; no figure of fewer than three clients."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.features.feature import Evidence, Floats
from matcher.features.history import History
from matcher.features.pairs import Pairs
from matcher.features.past import SeenCases
from matcher.lang import Lang

FEWEST_CLIENTS = 3  # no figure and no date is shown that rests on fewer clients
SIMILAR = 0.3  # cosine of latent vectors from which a past case is called similar in words


def similar_evidence(pairs: Pairs, _values: Floats) -> list[dict[str, Any]]:
    """Tallies of the cases whose text is similar."""
    return _tallies(pairs, lambda seen: seen.text >= SIMILAR)


def category_evidence(pairs: Pairs, _values: Floats) -> list[dict[str, Any]]:
    """Tallies of the cases of the consultation's category."""
    past, asked = pairs.history.category, pairs.consultations.category
    return _tallies(pairs, lambda seen: past[pairs.history.consultation[seen.case]] == asked[pairs.ci[seen.pair]])


def topic_evidence(pairs: Pairs, _values: Floats) -> list[dict[str, Any]]:
    """Tallies of the cases on the consultation's topic; none where the topic is unknown."""
    past, asked = pairs.history.topic, pairs.consultations.topic
    told = _tallies(pairs, lambda seen: past[pairs.history.consultation[seen.case]] == asked[pairs.ci[seen.pair]])
    return [tally if topic >= 0 else {} for tally, topic in zip(told, asked[pairs.ci], strict=True)]


def all_evidence(pairs: Pairs, _values: Floats) -> list[dict[str, Any]]:
    """Tallies of all cases."""
    return _tallies(pairs, lambda seen: np.ones(len(seen.case), dtype=bool))


def _tallies(pairs: Pairs, chosen: Callable[[SeenCases], npt.NDArray[np.bool_]]) -> list[dict[str, Any]]:
    """Per pair: cases, outcomes known and resolved, clients, last month; figures withheld below three clients."""
    tallies: list[dict[str, Any]] = [{"cases": 0} for _ in pairs.ci]
    for seen in pairs.seen:
        keep = chosen(seen)
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


def tally_sentence(ja: str, en: str) -> Callable[[Evidence, Lang], str]:
    """Words for a tally of cases that are called `ja` or `en`."""

    def sentence(evidence: Evidence, lang: Lang) -> str:
        if "cases" not in evidence:
            return ""
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


def tally_tells(evidence: Evidence) -> int:
    """Against where there is no case or fewer than half are resolved; what is withheld or not asked tells nothing."""
    if evidence.get("cases") == 0:
        return -1
    if not evidence.get("known"):
        return 0
    return 1 if 2 * evidence["resolved"] >= evidence["known"] else -1
