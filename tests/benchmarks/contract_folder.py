"""Our rankers, the baselines and the peers on a dataset folder with its own split: ranking and foretelling."""

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from matcher.evaluation.metrics import Floats, auc, brier, ece, ndcg_at, reciprocal_rank
from matcher.evaluation.scoring import scores_of
from matcher.evaluation.tasks import Task, consultation_of, tasks
from matcher.peers import peers
from matcher.rankers import RANKERS, Ranker
from matcher.reading import read_dataset
from tests.benchmarks.rows import AUC, BEST_PEER, BRIER, ECE, FIT, MRR, NDCG, NEIGHBOURS, Row, difference, mean

OURS = {"additive": "additive (ours, objective merit)", "additive-choice": "additive-choice (ours, objective choice)"}
MOST_CASES = 1000  # for folders without judgements of their own
Say = Callable[[str], None]


def methods() -> dict[str, Callable[[], Ranker]]:
    """Everything that is measured, by name."""
    return {**RANKERS, **peers()}


def measure(folder: Path, say: Say) -> list[Row]:
    """A row a method; cases and outcomes of several splits are pooled. Raises `MatcherError` for a faulty folder."""
    found = [_measured(task, say) for task in _tasks(folder)]
    values: dict[str, dict[str, Floats]] = {
        measure: {name: np.concatenate([part[0][name][:, column] for part in found]) for name in methods()}
        for column, measure in enumerate((NDCG, MRR))
    }
    outcome = np.concatenate([part[1] for part in found])
    rows = []
    for name in methods():
        foretold = np.concatenate([part[2][name] for part in found])
        figures = {measure: mean(values[measure][name]) for measure in values}
        figures |= _foretelling(outcome, foretold) | {FIT: mean(np.array([part[3][name] for part in found]))}
        rows.append(Row(folder.name, OURS.get(name, name), figures, _apart(values, name)))
    constant = brier(outcome, np.full(len(outcome), mean(outcome)))
    return [*rows, Row(folder.name, "constant (share resolved)", {BRIER: constant})]


def _tasks(folder: Path) -> Iterable[Task]:
    return tasks(read_dataset(folder), as_of=pd.Timestamp.now().normalize(), most=MOST_CASES, seed=0)


def _measured(task: Task, say: Say) -> tuple[dict[str, Floats], Floats, dict[str, Floats], dict[str, float]]:
    """Per method: nDCG and reciprocal rank (cases, 2), foretold probabilities, seconds of fit; and the outcomes."""
    fitted: dict[str, Ranker] = {}
    seconds = {}
    for name, make in methods().items():
        say(f"{task.name} {name}: fit")
        start = time.perf_counter()
        fitted[name] = make().fit(task.train, as_of=task.as_of, seed=0)
        seconds[name] = time.perf_counter() - start
    say(f"{task.name} {len(task.cases)} cases")
    return _ranked(task, fitted), *_foretold(task, fitted), seconds


def _ranked(task: Task, fitted: Mapping[str, Ranker]) -> dict[str, Floats]:
    ids = task.experts["expert_id"].to_numpy(dtype=str)
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in fitted}
    for case in task.cases:
        for name, scores in scores_of(fitted, case.consultation, task.experts).items():
            order = np.lexsort((ids[case.candidates], -scores.score[case.candidates]))
            found[name].append((ndcg_at(case.gain[order]), reciprocal_rank(case.accepted[order])))
    return {name: np.array(pairs, dtype=np.float64).reshape(-1, 2) for name, pairs in found.items()}


def _foretold(task: Task, fitted: Mapping[str, Ranker]) -> tuple[Floats, dict[str, Floats]]:
    """Held-out outcomes, and the probability that each method gave them; NaN where it claims none."""
    place = pd.Series(np.arange(len(task.train.experts)), index=task.train.experts["expert_id"])
    outcomes: list[Floats] = [np.zeros(0)]
    found: dict[str, list[Floats]] = {name: [np.zeros(0)] for name in fitted}
    for asked, sent in task.outcomes.groupby("consultation_id", sort=True):
        experts = task.train.experts.iloc[place[sent["expert_id"]].to_numpy()].reset_index(drop=True)
        outcomes.append(sent["resolved"].to_numpy(dtype=np.float64))
        for name, scores in scores_of(fitted, consultation_of(task.source, str(asked)), experts).items():
            found[name].append(scores.probability)
    return np.concatenate(outcomes), {name: np.concatenate(parts) for name, parts in found.items()}


def _foretelling(outcome: Floats, foretold: Floats) -> dict[str, float]:
    if not len(outcome) or np.isnan(foretold).any():
        return {}
    return {AUC: auc(outcome, foretold), BRIER: brier(outcome, foretold), ECE: ece(outcome, foretold)}


def _apart(values: Mapping[str, Mapping[str, Floats]], name: str) -> dict[tuple[str, str], Any]:
    """Differences from the best peer of each measure, and from the text neighbours."""
    found = {}
    for measure, by_name in values.items():
        best = max(by_name.keys() - OURS.keys(), key=lambda other: (mean(by_name[other]), other))
        for other, label in ((best, BEST_PEER), ("text_neighbours", NEIGHBOURS)):
            if other != name:
                found[measure, label] = difference(by_name[name], by_name[other])
    return found
