"""Whether a new model would serve worse than the active one: both foretell outcomes that neither has learned from."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pandas as pd

from matcher.dataset import Dataset
from matcher.evaluation.compare import BRIER
from matcher.evaluation.measure import Progress
from matcher.evaluation.report import Evaluation
from matcher.evaluation.scoring import NDCG, scored
from matcher.evaluation.tasks import tasks
from matcher.rankers import make_ranker
from matcher.rankers.base import Ranker

ACTIVE, NEW = "active", "new"
LEAST = 20  # outcomes; from fewer no interval is worth anything
_SHARE = 0.5  # of the outcomes that the active model has not seen, the latest: the others the new one may learn from


@dataclass(frozen=True)
class Verdict:
    """Whether the new model may serve, why or why not, and the figures as plain JSON (None: nothing was measured)."""

    not_worse: bool
    because: str
    figures: dict[str, Any] | None = None


def held_out(data: Dataset, seen: Collection[str]) -> Dataset:
    """The data with the latest outcomes held out, of those dispatches that are not among `seen`."""
    known = data.dispatches.dropna(subset=["resolved"])
    unseen = known[~known["dispatch_id"].isin(list(seen))]
    day = unseen["completed_on"].fillna(unseen["decided_on"])
    latest = unseen.assign(day=day).sort_values(["day", "dispatch_id"], na_position="first")
    ids = latest["dispatch_id"].tail(math.ceil(_SHARE * len(latest)))
    split = data.dispatches["dispatch_id"].isin(ids).map({True: "test", False: "train"})
    marked = {name: data.table(name) for name in data.counts()} | {"dispatches": data.dispatches.assign(split=split)}
    return Dataset.from_tables(marked)


def compare(
    active: Ranker, data: Dataset, seen: Collection[str], *, as_of: pd.Timestamp, progress: Progress
) -> Verdict:
    """The active model against one that learned from everything but the newest outcomes, paired on those."""
    known = held_out(data.before(as_of), seen)
    outcomes = len(known.held_out)
    if outcomes < LEAST:
        return Verdict(False, f"only {outcomes} newest outcomes to compare on, {LEAST} are needed")
    (task,) = tasks(known, as_of=as_of, most=None, seed=0)
    new = make_ranker("additive").fit(task.train, as_of=as_of)
    ranked, foretold = scored(task, {ACTIVE: active, NEW: new}, lambda done, total: progress("", done, total))
    return verdict(Evaluation.of([task.protocol], ranked, foretold, {}, ACTIVE), outcomes)


def verdict(found: Evaluation, outcomes: int) -> Verdict:
    """Worse is what is worse by more than chance: its whole paired 95 % interval lies on the wrong side."""
    tables = [table for table in (found.measures, found.foretelling) if len(table)]
    rows = pd.concat(tables, ignore_index=True)
    figures = {"outcomes": outcomes, "protocols": found.protocols, "figures": _plain(rows)}
    new = rows[rows["ranker"] == NEW].set_index("measure")
    best = {NDCG: new["difference_high"], BRIER: -new["difference_low"]}  # what chance allows at best, higher is better
    worse = [measure for measure, gains in best.items() if bool((gains[gains.index == measure] < 0).any())]
    if worse:
        return Verdict(False, f"worse than the active model in {', '.join(worse)}", figures)
    return Verdict(True, f"not worse than the active model on {outcomes} newest outcomes", figures)


def _plain(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Records without NaN."""
    return [
        {str(name): None if cell != cell else cell for name, cell in row.items()} for row in rows.to_dict("records")
    ]
