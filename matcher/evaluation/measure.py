"""Fits every ranker on the same data, ranks the same cases and sets the figures side by side, with paired intervals."""

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd

from matcher.dataset import Dataset
from matcher.errors import InvalidValueError
from matcher.evaluation.methods import Make, baseline_of, methods
from matcher.evaluation.report import Evaluation
from matcher.evaluation.scoring import Row, scored
from matcher.evaluation.tasks import tasks
from matcher.evaluation.truth import TRUE_SUCCESS, TruthError, against_truth
from matcher.rankers import Ranker

Progress = Callable[[str, int, int], None]
MOST_CASES = 500


def evaluate(
    data: Dataset,
    *,
    as_of: pd.Timestamp,
    seed: int = 0,
    rankers: Sequence[str] | None = None,
    peers: bool = False,
    baseline: str | None = None,
    truth: pd.DataFrame | None = None,
    choices: pd.DataFrame | None = None,
    most_cases: int | None = MOST_CASES,
    progress: Progress | None = None,
) -> Evaluation:
    """Measures rankers on the dataset's own splits and judgements, else by date; against a known truth, if given.

    `rankers` names ours or peers, all of ours by default; `peers` adds the installed ones. `truth` (consultation_id,
    expert_id, probability) and `choices` (consultation_id, expert_id: whom coordinators would send) come with a
    synthetic dataset alone. Raises `UnknownValueError` for a ranker or baseline, `MissingExtraError` for a named peer
    that is not installed, `InvalidValueError` when there is nothing to measure on.
    """
    make = methods(data, rankers, with_peers=peers)
    chosen = baseline_of(list(make), baseline)
    report = progress or (lambda *_: None)
    parts = list(tasks(data, as_of=as_of, most=most_cases, seed=seed))
    if truth is None and not any(len(task.cases) or len(task.outcomes) for task in parts):
        accepted = "at least one dispatch with a known outcome among the latest or the held-out, or a known truth"
        raise InvalidValueError("the number of cases to measure on", 0, accepted)
    protocols: list[str] = []
    ranked: list[Row] = []
    foretold: list[Row] = []
    errors: dict[str, TruthError] = {}
    for task in parts:
        protocols.append(f"{task.name + ': ' if task.name else ''}{task.protocol}; {len(task.cases)} consultations")
        fitted = _fitted(make, task.train, task.as_of, seed, report)
        found = scored(task, fitted, partial(report, task.name))
        ranked, foretold = ranked + found[0], foretold + found[1]
    if truth is not None:
        protocols.append(f"known truth of {truth['consultation_id'].nunique()} open consultations: {TRUE_SUCCESS}")
        fitted = _fitted(make, data, as_of, seed, report)
        rows, errors = against_truth(data, truth, choices, fitted, as_of, partial(report, "truth"))
        ranked += rows
    report("", 1, 1)
    return Evaluation.of(protocols, ranked, foretold, errors, chosen)


def _fitted(
    make: dict[str, Make], data: Dataset, as_of: pd.Timestamp, seed: int, report: Progress
) -> dict[str, Ranker]:
    fitted = {}
    for place, (name, new) in enumerate(make.items()):
        report(name, place, len(make))
        fitted[name] = new().fit(data, as_of=as_of, seed=seed)
    return fitted
