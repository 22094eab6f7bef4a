"""From a dataset to a model: fits a ranker as of a date and keeps what is worth knowing about it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from matcher.dataset import Dataset
from matcher.proposal import Proposer
from matcher.rankers.base import Ranker
from matcher.rankers.model_file import Model, save_model


def train(data: Dataset, ranker: Ranker, *, path: Path, as_of: pd.Timestamp, seed: int = 0) -> Model:
    """Fits `ranker` and a proposer of categories on what `data` held at `as_of` and writes one model file.

    See `matcher.rankers.model_file`.
    """
    ranker.fit(data, as_of=as_of, seed=seed)
    proposer = Proposer.fit(data, as_of=as_of)
    return save_model(path, ranker, about(data, as_of=as_of, seed=seed), proposer)


def about(data: Dataset, *, as_of: pd.Timestamp, seed: int) -> Mapping[str, Any]:
    """The card's facts on the data: fingerprint, counts, dates, outcomes known."""
    known = data.before(as_of)
    outcomes = known.dispatches["resolved"].dropna()
    last = known.dispatches["decided_on"].max()
    return {
        "data_fingerprint": known.fingerprint(),
        "trained_until": as_of.date().isoformat(),
        "last_dispatch": None if pd.isna(last) else last.date().isoformat(),
        "seed": seed,
        "split": data.split or None,
        "counts": {name: count for name, count in known.counts().items() if count and name != "judgements"},
        "outcomes_known": len(outcomes),
        "share_resolved": round(float(outcomes.mean()), 4) if len(outcomes) else None,
    }
