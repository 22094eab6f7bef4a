"""What is to be ranked in an evaluation: consultations, their candidates, and what is known of the truth."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.consultation import Consultation
from matcher.dataset import Dataset

Floats = npt.NDArray[np.float64]
TEST_SHARE = 0.2  # of dispatches, the latest, where a dataset has no split of its own
MANY_VOTES = 10
MOST_OUTCOMES_PER_CASE = 4


@dataclass(frozen=True)
class Case:
    """One consultation to rank: candidate rows of the task's experts, the gain of each (c,) and which are accepted."""

    consultation: Consultation
    candidates: npt.NDArray[np.intp]
    gain: Floats
    accepted: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Task:
    """Fit on `train` as of `as_of`, rank each case's candidates, and foretell `outcomes`.

    `experts` are all candidates and all who have outcomes. `outcomes`: held-out dispatches with a known outcome
    (consultation_id, expert_id, resolved), of experts in `train`; their consultations are found in `source`.
    """

    name: str
    protocol: str
    source: Dataset
    train: Dataset
    as_of: pd.Timestamp
    experts: pd.DataFrame
    cases: list[Case]
    outcomes: pd.DataFrame


def tasks(data: Dataset, *, as_of: pd.Timestamp, most: int | None, seed: int) -> Iterator[Task]:
    """The dataset's own splits and judgements where it has them, else a backtest by date."""
    if data.splits:
        for split in data.splits:
            part = data.with_split(split)
            yield _judged(part, as_of) if len(data.judgements) else _held_out(part, as_of)
    elif len(data.dispatches):
        yield _by_date(data, as_of, most, seed)


def _judged(data: Dataset, as_of: pd.Timestamp) -> Task:
    """Judged consultations against exactly the candidates; accepted = the held-out dispatch that was resolved."""
    outcomes = _outcomes(data)
    experts, candidates = data.experts, data.experts["expert_id"]
    if len(data.candidates):
        candidates = data.candidates["expert_id"]
        wanted = experts["expert_id"].isin(candidates) | experts["expert_id"].isin(outcomes["expert_id"])
        experts = experts[wanted].reset_index(drop=True)
    resolved = data.held_out[data.held_out["resolved"] == 1]
    everyone = np.flatnonzero(experts["expert_id"].isin(candidates))
    cases = [
        _case(data, str(asked), experts, everyone, rows.groupby("expert_id")["gain"].max(), _of(resolved, str(asked)))
        for asked, rows in data.judgements.groupby("consultation_id", sort=True)
    ]
    return Task(
        data.split,
        "judged consultations against the given candidates",
        data,
        data,
        as_of,
        experts,
        cases,
        outcomes,
    )


def _held_out(data: Dataset, as_of: pd.Timestamp) -> Task:
    """Every consultation with held-out dispatches, against all experts who are not in its visible part."""
    sent = data.dispatches.groupby("consultation_id")["expert_id"].agg(frozenset)
    cases = []
    for asked, rows in data.held_out.groupby("consultation_id", sort=True):
        known = sent.get(asked, frozenset())
        open_to = np.flatnonzero(~data.experts["expert_id"].isin(known).to_numpy())
        gain = rows.assign(gain=gains(rows)).groupby("expert_id")["gain"].max()
        cases.append(_case(data, str(asked), data.experts, open_to, gain, _of(rows[rows["resolved"] == 1], str(asked))))
    return Task(
        data.split,
        "held-out dispatches against all other experts",
        data,
        data,
        as_of,
        data.experts,
        cases,
        _outcomes(data),
    )


def _by_date(data: Dataset, as_of: pd.Timestamp, most: int | None, seed: int) -> Task:
    """The latest dispatches are foretold from the earlier ones; experts registered by then are candidates."""
    known = data.before(as_of)
    dated = known.dispatches.dropna(subset=["decided_on"])
    days = np.sort(dated["decided_on"].to_numpy())
    cut = pd.Timestamp(days[int((1 - TEST_SHARE) * (len(days) - 1))]) if len(days) else as_of
    later = dated[dated["decided_on"] > cut]
    later = later[later["consultation_id"].isin(known.consultations["consultation_id"])]
    train = known.before(cut)
    experts = train.experts.reset_index(drop=True)
    asked = np.sort(later.loc[later["resolved"] == 1, "consultation_id"].unique())
    if most is not None and len(asked) > most:
        asked = np.sort(np.random.default_rng(seed).choice(asked, most, replace=False))
    everyone = np.arange(len(experts))
    cases = []
    for consultation in asked:
        rows = later[later["consultation_id"] == consultation]
        gain = rows.assign(gain=gains(rows)).groupby("expert_id")["gain"].max()
        cases.append(
            _case(known, consultation, experts, everyone, gain, _of(rows[rows["resolved"] == 1], consultation))
        )
    outcomes = later.dropna(subset=["resolved"])
    outcomes = outcomes[outcomes["expert_id"].isin(experts["expert_id"])]
    if most is not None and len(outcomes) > MOST_OUTCOMES_PER_CASE * most:
        outcomes = outcomes.sample(MOST_OUTCOMES_PER_CASE * most, random_state=seed)
    protocol = f"dispatches after {cut.date().isoformat()} from those before, resolved ones count most"
    return Task("", protocol, known, train, cut, experts, cases, outcomes[["consultation_id", "expert_id", "resolved"]])


def gains(dispatches: pd.DataFrame) -> pd.Series:
    """Linear gains: rating + 1 where ratings are given, else 3 resolved, 2 with many votes, 1 sent, 0 declined."""
    ranked = pd.Series(1.0, index=dispatches.index)
    ranked = ranked.mask(dispatches["votes"] >= MANY_VOTES, 2.0).mask(dispatches["resolved"] == 1, 3.0)
    ranked = ranked.mask(dispatches["status"].isin(["declined", "cancelled"]), 0.0)
    return (dispatches["rating"] + 1).fillna(ranked)


def consultation_of(data: Dataset, consultation_id: str) -> Consultation:
    """A consultation of the dataset by id."""
    row = data.consultations.loc[data.consultations["consultation_id"] == consultation_id].iloc[0]
    return Consultation.from_row(row.to_dict())


def _case(
    data: Dataset,
    asked: str,
    experts: pd.DataFrame,
    candidates: npt.NDArray[np.intp],
    gain: pd.Series,
    accepted: frozenset[str],
) -> Case:
    ids = experts["expert_id"].to_numpy(dtype=object)[candidates]
    return Case(
        consultation_of(data, asked),
        candidates,
        gain.reindex(ids).fillna(0.0).to_numpy(dtype=np.float64),
        np.array([expert in accepted for expert in ids], dtype=bool),
    )


def _outcomes(data: Dataset) -> pd.DataFrame:
    known = data.held_out.dropna(subset=["resolved"])
    return known.loc[known["expert_id"].isin(data.experts["expert_id"]), ["consultation_id", "expert_id", "resolved"]]


def _of(rows: pd.DataFrame, consultation_id: str) -> frozenset[str]:
    return frozenset(rows.loc[rows["consultation_id"] == consultation_id, "expert_id"])
