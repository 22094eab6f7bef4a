"""What the one contract of all rankers is held against: a small world, its variations, and exact comparisons."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from matcher.columns import TABLES
from matcher.consultation import Consultation
from matcher.dataset import Dataset
from matcher.rankers import make_ranker
from matcher.rankers.base import Ranker, Scores
from matcher.rankers.training import Material
from matcher.reference.taxonomy import builtin_categories
from matcher.sample import generate
from tests.eligibility.builders import a_dataset, a_frame

AS_OF = pd.Timestamp("2024-06-30")
SOME_CONSULTATIONS = 6
Tables = dict[str, pd.DataFrame]


@cache
def the_world() -> Dataset:
    """Shared by all tests; none may change it."""
    return generate(experts=120, consultations=1500, seed=3).data


@cache
def fitted(name: str) -> Ranker:
    """A ranker that knows the world as of `AS_OF`, fitted with one thread; shared, too."""
    with threadpool_limits(1):
        return fit(name, the_world())


@cache
def the_material() -> Material:
    """The arrays that rankers learn from, of the same day; on one thread, as they do."""
    with threadpool_limits(1):
        return Material.of(the_world().before(AS_OF), as_of=AS_OF)


def fit(name: str, data: Dataset, *, as_of: pd.Timestamp = AS_OF, seed: int = 0) -> Ranker:
    return make_ranker(name).fit(data, as_of=as_of, seed=seed)


@cache
def consultations() -> list[Consultation]:
    """The last ones of the world, which no model as of `AS_OF` has seen, and one that says its category alone."""
    rows = the_world().consultations.tail(SOME_CONSULTATIONS).to_dict("records")
    return [*map(Consultation.from_row, rows), Consultation("sales.web")]


def with_tables(data: Dataset, change: Callable[[pd.DataFrame], pd.DataFrame], *names: str) -> Dataset:
    """The data with each of these tables changed; rows are numbered anew."""
    return replace(data, **{name: change(data.table(name)).reset_index(drop=True) for name in names})


def shuffled(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sample(frac=1, random_state=1)


def cut_by_hand(data: Dataset, day: pd.Timestamp) -> Dataset:
    """What stood in the files on the evening of `day`, worked out without `Dataset.before`."""
    sent = data.dispatches[data.dispatches["decided_on"] <= day].copy()
    running = (sent["completed_on"] > day).to_numpy()
    sent.loc[running, "status"] = "accepted"
    for name in ("visits", "resolved", "satisfaction", "report_on_time"):
        sent.loc[running, name] = np.nan
    sent.loc[running, "comment"] = pd.NA
    sent.loc[running, "completed_on"] = pd.NaT
    return replace(
        data,
        experts=data.experts[data.experts["registered_on"] <= day].reset_index(drop=True),
        consultations=data.consultations[data.consultations["received_on"] <= day].reset_index(drop=True),
        dispatches=sent.reset_index(drop=True),
    )


def with_held_out(data: Dataset, *, marked_only: bool) -> Dataset:
    """A fifth of the dispatches marked `test`, or dropped from the file altogether."""
    split = np.where(np.arange(len(data.dispatches)) % 5 == 0, "test", "train")
    rows = data.dispatches.assign(split=pd.Series(split, dtype="str"))
    kept = rows if marked_only else rows[split == "train"].reset_index(drop=True)
    return Dataset.from_tables({name: data.table(name) for name in TABLES} | {"dispatches": kept})


def copies(data: Dataset) -> Tables:
    return {name: data.table(name).copy(deep=True) for name in TABLES}


def assert_same_tables(data: Dataset, before: Tables) -> None:
    for name, frame in before.items():
        pd.testing.assert_frame_equal(data.table(name), frame)


def assert_same_scores(found: Scores, wanted: Scores) -> None:
    """To the last bit, NaN where NaN."""
    for field in fields(Scores):
        np.testing.assert_array_equal(getattr(found, field.name), getattr(wanted, field.name), err_msg=field.name)


def rows_of(scores: Scores, rows: Any) -> Scores:
    return Scores(*(getattr(scores, field.name)[rows] for field in fields(Scores)))


def assert_same_model(found: Ranker, wanted: Ranker) -> None:
    """Cards and arrays, to the last bit."""
    (card, arrays), (wanted_card, wanted_arrays) = found.state(), wanted.state()
    assert card == wanted_card
    assert_same_arrays(arrays, wanted_arrays)


def assert_same_arrays(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    assert found.keys() == wanted.keys()
    for name, array in found.items():
        np.testing.assert_array_equal(array, wanted[name], err_msg=name)


GOOD, BAD, FEW, NEWCOMER = "E-good", "E-bad", "E-few", "E-new"


@cache
def a_clear_case() -> Dataset:
    """A right answer by construction: four alike on paper; one resolved 40 of 40 web cases, one 0 of 40, one 2 of 2.

    Twenty others resolve every second case, which says what the spread of experts is.
    """
    others = [f"E-other{number:02}" for number in range(20)]
    record = [(GOOD, 1.0)] * 40 + [(BAD, 0.0)] * 40 + [(FEW, 1.0)] * 2
    record += [(other, float(number % 2)) for other in others for number in range(4)]
    paper = {"categories": ("sales.web",), "prefecture_code": "13", "registered_on": pd.Timestamp("2020-01-01")}
    names = [GOOD, BAD, FEW, NEWCOMER, *others]
    days = pd.date_range("2021-01-01", periods=len(record), freq="5D")
    order = np.random.default_rng(0).permutation(len(record))
    asked, sent = [], []
    for number, (place, day) in enumerate(zip(order, days, strict=True)):
        expert, resolved = record[place]
        case = {"consultation_id": f"K{number:03}", "expert_id": expert}
        asked.append(
            {**case, "category": "sales.web", "received_on": day, "client_id": f"C{number}", "prefecture_code": "13"}
        )
        sent.append({**case, "decided_on": day, "completed_on": day, "status": "completed", "resolved": resolved})
    data = a_dataset(
        experts=[{"expert_id": name, "name": name, **paper} for name in names], consultations=asked, dispatches=sent
    )
    return replace(data, categories=a_frame("categories", builtin_categories().to_dict("records")))
