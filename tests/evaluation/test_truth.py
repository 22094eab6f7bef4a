from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from matcher.dataset import Dataset
from matcher.evaluation.truth import COVERED, COVERED_FIRST, ORACLE, TRUE_SUCCESS, against_truth
from matcher.rankers import make_ranker
from matcher.rankers.base import Scores
from matcher.rankers.baselines import NearestRanker
from matcher.sample import World, generate

ON = pd.Timestamp("2026-03-31")


@pytest.fixture(scope="module")
def world() -> World:
    return generate(experts=40, consultations=60, seed=1)


class Knowing(NearestRanker):
    """Knows every true probability, and claims `shift` more; its interval reaches `reach` to both sides."""

    def __init__(self, truth: pd.DataFrame, shift: float, reach: float) -> None:
        self.truth = truth.set_index(["consultation_id", "expert_id"])["probability"]
        self.shift, self.reach = shift, reach

    def score(self, consultation, experts):
        true = self.truth.loc[consultation.consultation_id].reindex(experts["expert_id"]).to_numpy()
        said = true + self.shift
        return Scores(true, said, said - self.reach, said + self.reach)


def by_ranker(rows: list[dict], measure: str) -> dict[str, np.ndarray]:
    frame = pd.DataFrame(rows).query("measure == @measure")
    return {name: part["value"].to_numpy() for name, part in frame.groupby("ranker")}


def judged(world: World, data: Dataset | None = None, **rankers):
    return against_truth(data or world.data, world.truth, world.choices, rankers, ON)


def test_a_month_whose_capacity_is_used_up_changes_no_figure(world):
    """One consultation at a time is asked: the last month's load is not part of the question."""
    full = replace(world.data, experts=world.data.experts.assign(capacity_per_month=0.0))
    nearest = make_ranker("nearest").fit(world.data, as_of=ON)
    free, used_up = (by_ranker(judged(world, data, nearest=nearest)[0], TRUE_SUCCESS) for data in (world.data, full))
    assert len(free[ORACLE]) == world.truth["consultation_id"].nunique()
    for name, values in free.items():
        np.testing.assert_array_equal(used_up[name], values)


def test_who_knows_the_truth_is_the_oracle_without_error_and_always_holds_it(world):
    rows, errors = judged(world, knowing=Knowing(world.truth, shift=0.0, reach=0.01))
    success = by_ranker(rows, TRUE_SUCCESS)
    np.testing.assert_array_equal(success["knowing"], success[ORACLE])
    for measure in (COVERED, COVERED_FIRST):
        assert (by_ranker(rows, measure)["knowing"] == 1).all()
    assert errors["knowing"].ece == pytest.approx(0, abs=1e-12)


def test_who_is_off_by_more_than_the_interval_never_holds_the_truth_and_errs_by_that_much(world):
    rows, errors = judged(world, knowing=Knowing(world.truth, shift=0.1, reach=0.05))
    assert (by_ranker(rows, COVERED)["knowing"] == 0).all()
    assert errors["knowing"].ece == pytest.approx(0.1)
    assert errors["knowing"].ece_first == pytest.approx(0.1)


def test_a_ranker_without_probabilities_is_neither_covered_nor_wrong(world):
    rows, errors = judged(world, nearest=make_ranker("nearest").fit(world.data, as_of=ON))
    assert by_ranker(rows, COVERED) == {}
    assert errors == {}
