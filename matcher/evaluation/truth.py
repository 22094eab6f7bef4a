"""Against a synthetic world's truth: the true success of the first-ranked, and whether intervals hold the truth."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.dataset import Dataset
from matcher.eligibility import Programme, Register, RuleName, evaluate_on
from matcher.evaluation.metrics import ece
from matcher.evaluation.scoring import Row, scores_of, segments_of
from matcher.evaluation.tasks import consultation_of
from matcher.rankers.base import Ranker, Scores

Floats = npt.NDArray[np.float64]
FIRST = 10
TRUE_SUCCESS = "true success of the first-ranked"
COVERED = "90 % interval holds the true probability (all eligible)"
COVERED_FIRST = f"90 % interval holds the true probability (first {FIRST})"
COORDINATORS, ORACLE = "past coordinators", "oracle"


@dataclass(frozen=True)
class TruthError:
    """Calibration error of a ranker's probabilities against the true ones; `pairs` of a consultation and an expert."""

    pairs: int
    ece: float
    ece_first: float


def against_truth(
    data: Dataset,
    truth: pd.DataFrame,
    choices: pd.DataFrame | None,
    rankers: Mapping[str, Ranker],
    on: pd.Timestamp,
    step: Callable[[int, int], None] = lambda _done, _total: None,
) -> tuple[list[Row], dict[str, TruthError]]:
    """Rows (case, ranker, measure, value) with their segments, and the error of each ranker that foretells.

    Beside the rankers whom past coordinators would send (where they would send anyone) and the best eligible expert.
    The rules on conflict and region hold; this month's capacity is left open, as a consultation at a time is asked.
    """
    ids = data.experts["expert_id"].to_numpy(dtype=str)
    programme = Programme.default()
    register = Register(data, replace(programme, rules={**programme.rules, RuleName.CAPACITY: False}), on)
    table = truth.pivot(index="consultation_id", columns="expert_id", values="probability")  # noqa: PD010
    table = table.reindex(columns=ids)
    sent = None if choices is None else dict(zip(choices["consultation_id"], choices["expert_id"], strict=True))
    found: list[Row] = []
    said: dict[str, list[tuple[Floats, Floats]]] = {name: [] for name in rankers}
    for number, (asked, true) in enumerate(zip(table.index, table.to_numpy(dtype=np.float64), strict=True)):
        step(number, len(table))
        consultation = consultation_of(data, str(asked))
        eligible = np.flatnonzero(evaluate_on(register, consultation).mask)
        if not len(eligible):
            continue
        about = {"case": str(asked), **segments_of(consultation), "record": None, "measure": TRUE_SUCCESS}
        for name, scores in scores_of(rankers, consultation, data.experts).items():
            order = eligible[np.lexsort((ids[eligible], -scores.score[eligible]))]
            found.append(about | {"ranker": name, "value": true[order[0]]})
            found += [about | {"ranker": name} | row for row in _covered(scores, true, order)]
            said[name].append((true[order], scores.probability[order]))
        if sent is not None:
            place = np.flatnonzero(ids == sent.get(asked))
            found.append(about | {"ranker": COORDINATORS, "value": true[place[0]] if len(place) else np.nan})
        found.append(about | {"ranker": ORACLE, "value": true[eligible].max()})
    return found, {name: _error(parts) for name, parts in said.items() if parts and not np.isnan(parts[0][1]).any()}


def _covered(scores: Scores, true: Floats, order: npt.NDArray[np.intp]) -> Iterator[Row]:
    """The share of pairs whose interval holds the truth; nothing where there is no interval."""
    if np.isnan(scores.lower).any():
        return
    held = (scores.lower <= true) & (true <= scores.upper)
    yield {"measure": COVERED, "value": held[order].mean()}
    yield {"measure": COVERED_FIRST, "value": held[order[:FIRST]].mean()}


def _error(parts: list[tuple[Floats, Floats]]) -> TruthError:
    true, foretold = (np.concatenate(column) for column in zip(*parts, strict=True))
    first = [(one[:FIRST], other[:FIRST]) for one, other in parts]
    true_first, foretold_first = (np.concatenate(column) for column in zip(*first, strict=True))
    return TruthError(len(true), ece(true, foretold), ece(true_first, foretold_first))
