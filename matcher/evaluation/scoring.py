"""What fitted rankers say of a task: a ranking figure a case, a probability an outcome."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.consultation import Consultation
from matcher.evaluation.metrics import ndcg_at, reciprocal_rank
from matcher.evaluation.segments import UNKNOWN, records
from matcher.evaluation.tasks import Case, Task, consultation_of
from matcher.peers.peer import ReadingPeer
from matcher.rankers import Ranker, Scores
from matcher.reference.prefectures import bureau_of

Floats = npt.NDArray[np.float64]
NDCG, MRR = "nDCG@10", "MRR"
Row = dict[str, Any]


def scored(task: Task, fitted: Mapping[str, Ranker], step: Callable[[int, int], None]) -> tuple[list[Row], list[Row]]:
    """Rows of the ranking (case, ranker, measure, value) and of what is foretold, both with their segments.

    Each ranker scores the whole register once a consultation, for its ranking and its outcomes together: a table of
    the register is made once, one of the few experts sent would be made for every consultation.
    """
    record = records(task.train.dispatches, task.experts["expert_id"].to_numpy(dtype=object))
    ids = task.experts["expert_id"].to_numpy(dtype=str)
    cases = {str(case.consultation.consultation_id): case for case in task.cases}
    sent = {str(asked): rows for asked, rows in task.outcomes.groupby("consultation_id")}
    place = pd.Series(np.arange(len(ids)), index=ids)
    ranked: list[Row] = []
    foretold: list[Row] = []
    asked_for = sorted({*cases, *sent})
    for number, name in enumerate(asked_for):
        step(number, len(asked_for))
        consultation = cases[name].consultation if name in cases else consultation_of(task.source, name)
        about = {"case": f"{task.name}/{name}" if task.name else name, **segments_of(consultation)}
        scores = scores_of(fitted, consultation, task.experts)
        if name in cases:
            ranked += [about | row for row in _ranked(cases[name], scores, ids, record)]
        if name in sent:
            rows = place[sent[name]["expert_id"]].to_numpy()
            foretold += [about | row for row in _foretold(sent[name], scores, rows, record)]
    return ranked, foretold


def scores_of(fitted: Mapping[str, Ranker], asked: Consultation, experts: pd.DataFrame) -> dict[str, Scores]:
    """Scores a ranker; peers that read the same read once, which their equal memory allows: one fit's data and seed."""
    read: dict[Any, Floats] = {}
    found = {}
    for name, ranker in fitted.items():
        if not isinstance(ranker, ReadingPeer):
            found[name] = ranker.score(asked, experts)
            continue
        how = type(ranker).read
        if how not in read:
            read[how] = ranker.read(ranker.pairs(asked, experts))
        found[name] = ranker.decide(read[how])
    return found


def segments_of(consultation: Consultation) -> Row:
    """The consultation's category, and its region: the METI bureau of its prefecture."""
    place = consultation.prefecture_code
    return {"category": consultation.category, "region": bureau_of(place) if place else UNKNOWN}


def _ranked(case: Case, scores: Mapping[str, Scores], ids: Any, record: Any) -> Iterator[Row]:
    """nDCG@10 and the reciprocal rank, with the records of the first-ranked expert and of the one with the most gain.

    The latter, the case's own `record`, is None where nobody has any gain.
    """
    best = case.candidates[np.lexsort((ids[case.candidates], -case.gain))[:1]]
    about = {"record": str(record[best[0]]) if case.gain.any() else None}
    for name, found in scores.items():
        order = np.lexsort((ids[case.candidates], -found.score[case.candidates]))
        said = about | {"ranker": name, "first": str(record[case.candidates[order[0]]]) if len(order) else None}
        yield said | {"measure": NDCG, "value": ndcg_at(case.gain[order])}
        yield said | {"measure": MRR, "value": reciprocal_rank(case.accepted[order])}


def _foretold(sent: pd.DataFrame, scores: Mapping[str, Scores], rows: Any, record: Any) -> Iterator[Row]:
    for name, found in scores.items():
        for expert, outcome, row in zip(sent["expert_id"], sent["resolved"], rows, strict=True):
            about = {"expert_id": expert, "record": str(record[row]), "ranker": name, "outcome": float(outcome)}
            yield about | {"probability": float(found.probability[row])}
