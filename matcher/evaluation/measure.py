"""Fits every ranker on the same data, ranks the same cases and sets the figures side by side, with paired intervals."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.dataset import Dataset
from matcher.errors import InvalidValueError
from matcher.evaluation.metrics import auc, brier, ece, ndcg_at, reciprocal_rank
from matcher.evaluation.report import Evaluation
from matcher.evaluation.tasks import Task, consultation_of, tasks
from matcher.evaluation.truth import TRUE_SUCCESS, true_success
from matcher.rankers import RANKERS, Ranker, make_ranker

Floats = npt.NDArray[np.float64]
Progress = Callable[[str, int, int], None]
MOST_CASES = 500
NDCG, MRR = "nDCG@10", "MRR"


def evaluate(
    data: Dataset,
    *,
    as_of: pd.Timestamp,
    seed: int = 0,
    rankers: Sequence[str] | None = None,
    truth: pd.DataFrame | None = None,
    choices: pd.DataFrame | None = None,
    most_cases: int | None = MOST_CASES,
    progress: Progress | None = None,
) -> Evaluation:
    """Measures rankers on the dataset's own splits and judgements, else by date; against a known truth, if given.

    `truth` (consultation_id, expert_id, probability) and `choices` (consultation_id, expert_id: whom coordinators
    would send) come with a synthetic dataset alone. Raises `UnknownValueError` for a ranker, `InvalidValueError`
    when there is nothing to measure on.
    """
    names = tuple(rankers or RANKERS)
    fitted = [make_ranker(name) for name in names]
    report = progress or (lambda *_: None)
    values: dict[str, dict[str, Floats]] = {}
    foretelling: dict[str, dict[str, float]] = {}
    protocols, parts = [], list(tasks(data, as_of=as_of, most=most_cases, seed=seed))
    if truth is None and not any(len(task.cases) or len(task.outcomes) for task in parts):
        accepted = "at least one dispatch with a known outcome among the latest or the held-out, or a known truth"
        raise InvalidValueError("the number of cases to measure on", 0, accepted)
    foretold: dict[str, list[tuple[Floats, Floats]]] = {name: [] for name in names}
    for number, task in enumerate(parts):
        protocols.append(f"{task.name + ': ' if task.name else ''}{task.protocol}; {len(task.cases)} consultations")
        for place, name in enumerate(names):
            report(name, number * len(names) + place, len(parts) * len(names))
            fitted[place].fit(task.train, as_of=task.as_of, seed=seed)
            _rank(fitted[place], name, task, values)
            foretold[name].append(_foretell(fitted[place], task))
    for name in names:
        if parts:
            foretelling |= _figures(name, foretold[name])
    if truth is not None:
        protocols.append(f"known truth of {truth['consultation_id'].nunique()} open consultations: {TRUE_SUCCESS}")
        for place, name in enumerate(names):
            report(name, place, len(names))
            fitted[place].fit(data, as_of=as_of, seed=seed)
        values[TRUE_SUCCESS] = true_success(data, truth, choices, dict(zip(names, fitted, strict=True)), as_of)
    report("", 1, 1)
    return Evaluation(protocols, values, foretelling)


def _rank(ranker: Ranker, name: str, task: Task, values: dict[str, dict[str, Floats]]) -> None:
    """Appends each case's nDCG@10 and reciprocal rank."""
    found = np.array([_case_figures(ranker, task, case) for case in task.cases], dtype=np.float64).reshape(-1, 2)
    for measure, column in zip((NDCG, MRR), found.T, strict=True):
        before = values.setdefault(measure, {}).get(name, np.zeros(0))
        values[measure][name] = np.append(before, column)


def _case_figures(ranker: Ranker, task: Task, case: Any) -> tuple[float, float]:
    score = ranker.score(case.consultation, task.experts).score[case.candidates]
    ids = task.experts["expert_id"].to_numpy(dtype=str)[case.candidates]
    order = np.lexsort((ids, -score))
    return ndcg_at(case.gain[order]), reciprocal_rank(case.accepted[order])


def _foretell(ranker: Ranker, task: Task) -> tuple[Floats, Floats]:
    """Held-out outcomes and the probabilities foretold for them; none where the ranker claims no probability."""
    place = pd.Series(np.arange(len(task.train.experts)), index=task.train.experts["expert_id"])
    outcome, probability = [], []
    for asked, sent in task.outcomes.groupby("consultation_id", sort=True):
        experts = task.train.experts.iloc[place[sent["expert_id"]].to_numpy()].reset_index(drop=True)
        foretold = ranker.score(consultation_of(task.source, str(asked)), experts).probability
        if np.isnan(foretold).any():
            break
        probability.append(foretold)
        outcome.append(sent["resolved"].to_numpy(dtype=np.float64))
    if not outcome:
        return np.zeros(0), np.zeros(0)
    return np.concatenate(outcome), np.concatenate(probability)


def _figures(name: str, parts: list[tuple[Floats, Floats]]) -> dict[str, dict[str, float]]:
    outcome, probability = (np.concatenate(column) for column in zip(*parts, strict=True))
    if not len(outcome):
        return {}
    constant = np.full(len(outcome), outcome.mean())
    return {
        name: {
            "outcomes": float(len(outcome)),
            "AUC": auc(outcome, probability),
            "Brier": brier(outcome, probability),
            "Brier of the constant": brier(outcome, constant),
            "ECE": ece(outcome, probability),
        }
    }
