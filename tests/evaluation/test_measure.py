import json

import numpy as np
import pandas as pd
import pytest

from matcher.errors import InvalidValueError, UnknownValueError
from matcher.evaluation import Evaluation, evaluate, to_markdown
from matcher.evaluation.segments import RECORDS
from matcher.evaluation.tasks import consultation_of, tasks
from matcher.evaluation.truth import COORDINATORS, COVERED, COVERED_FIRST, ORACLE, TRUE_SUCCESS
from matcher.rankers import RANKERS, make_ranker
from matcher.reference.prefectures import bureau_of
from matcher.sample import World, generate
from tests.evaluation.builders import ON, a_world, sent
from tests.rankers.contract import a_clear_case

OPEN = 60  # consultations that are measured against the truth: enough, and fast
RANKED = ("random", "nearest", "additive")
END = pd.Timestamp("2026-03-31")


@pytest.fixture(scope="module")
def world() -> World:
    return generate(experts=120, consultations=1500, seed=3)


@pytest.fixture(scope="module")
def found(world) -> Evaluation:
    truth = world.truth.head(OPEN * len(world.data.experts))
    return evaluate(world.data, as_of=END, rankers=RANKED, truth=truth, choices=world.choices, most_cases=60)


def test_every_ranker_has_a_value_for_every_case(found):
    assert set(found.ranked["measure"]) == {"nDCG@10", "MRR", TRUE_SUCCESS, COVERED, COVERED_FIRST}
    for measure in ("nDCG@10", "MRR", TRUE_SUCCESS):
        values = found.values(measure)[list(RANKED)]
        assert len(values) > 40
        assert ((values >= 0) & (values <= 1)).all(axis=None), measure


def test_nobody_is_better_than_the_oracle_in_any_case(found):
    values = found.values(TRUE_SUCCESS)
    assert len(values) == OPEN
    for name in RANKED:
        assert (values[name] <= values[ORACLE]).all()


def test_the_learned_ranker_is_clearly_better_than_a_lot_and_than_past_choices(found):
    """What it must reach, loosely: halfway from a random eligible expert to the oracle."""
    lot, learned, best = (found.mean(TRUE_SUCCESS, name) for name in ("random", "additive", ORACLE))
    assert learned > (lot + best) / 2
    assert learned > found.mean(TRUE_SUCCESS, COORDINATORS) > lot
    assert found.mean("nDCG@10", "additive") > found.mean("nDCG@10", "random")
    _, low, _ = found.against_baseline(TRUE_SUCCESS, "additive")
    assert low > -0.05, "not clearly worse than the nearest who claims the category"


def test_probabilities_tell_resolved_cases_from_others(found):
    assert set(found.foretold["ranker"]) == {"additive"}, "baselines claim no probability"
    figures = found.to_json()["foretelling"]["additive"]
    assert figures["outcomes"] > 80
    assert figures["AUC"] > 0.55
    assert figures["Brier"] < figures["Brier of the constant"] + 0.01
    assert figures["ECE"] < 0.25


def test_protocols_say_what_was_measured(found):
    by_date, truth = found.protocols
    assert by_date.startswith("dispatches after 2025-")
    assert truth == f"known truth of {OPEN} open consultations: {TRUE_SUCCESS}"


def test_an_evaluation_can_be_printed_and_sent(found):
    measures = set(found.ranked["measure"])
    assert json.loads(json.dumps(found.to_json(), allow_nan=False))["measures"].keys() == measures
    for lang in ("ja", "en"):
        assert all(f"## {measure}" in to_markdown(found, lang) for measure in measures)


def test_intervals_and_probabilities_are_held_against_the_truth(found):
    """Loosely: what it reaches on this small world, by a wide margin; an interval that never holds would show."""
    assert set(found.values(COVERED)) == {"additive"}, "baselines have no interval"
    assert found.mean(COVERED, "additive") > 0.6
    error = found.truth_errors["additive"]
    assert error.pairs > OPEN * 50
    assert 0 < error.ece < 0.2
    assert error.ece != error.ece_first


def test_experts_are_classed_by_the_dispatches_before_the_cut(found, world):
    (task,) = tasks(world.data, as_of=END, most=60, seed=0)
    before = task.train.dispatches["expert_id"].value_counts()
    rows = found.foretold.assign(sent=found.foretold["expert_id"].map(before).fillna(0))
    assert set(rows.loc[rows["record"] == "0", "sent"]) <= {0}
    assert rows.loc[rows["record"] == "1-4", "sent"].between(1, 4).all()
    assert rows.loc[rows["record"] == "20+", "sent"].min() >= 20
    assert rows["record"].nunique() >= 3


def test_a_case_has_the_region_of_its_consultation_and_the_record_of_whom_a_ranker_puts_first(found, world):
    (task,) = tasks(world.data, as_of=END, most=60, seed=0)
    before = task.train.dispatches["expert_id"].value_counts()
    ranker = make_ranker("random").fit(task.train, as_of=task.as_of)
    rows = found.ranked[(found.ranked["ranker"] == "random") & (found.ranked["measure"] == "nDCG@10")]
    for case, row in zip(task.cases, rows.to_dict("records"), strict=True):
        scores = ranker.score(case.consultation, task.experts).score[case.candidates]
        first = task.experts["expert_id"].iloc[case.candidates[scores.argmax()]]
        assert row["first"] == RECORDS[np.digitize(before.get(first, 0), (1, 5, 20))]
        assert row["region"] == bureau_of(case.consultation.prefecture_code)


def test_scoring_the_whole_register_foretells_what_the_few_sent_alone_would_be_told(found, world):
    (task,) = tasks(world.data, as_of=END, most=60, seed=0)
    ranker = make_ranker("additive").fit(task.train, as_of=task.as_of)
    for row in found.foretold.head(5).to_dict("records"):
        alone = task.train.experts[task.train.experts["expert_id"] == row["expert_id"]].reset_index(drop=True)
        scores = ranker.score(consultation_of(task.source, row["case"]), alone)
        assert scores.probability[0] == row["probability"]


def test_the_same_seed_gives_the_same_figures(world):
    one, other = (evaluate(world.data, as_of=END, rankers=["random", "nearest"], most_cases=20) for _ in range(2))
    assert one.to_json() == other.to_json()


def test_a_clear_case_is_told_apart():
    """Who resolves every case and who resolves none are known; the rest is a coin toss."""
    figures = evaluate(a_clear_case(), as_of=ON, rankers=["additive"]).to_json()["foretelling"]["additive"]
    assert figures["AUC"] > 0.8
    assert figures["Brier"] < 0.8 * figures["Brier of the constant"]


def test_all_rankers_are_measured_unless_some_are_named():
    data = a_world(["E1", "E2"], [sent("K1", "E1", split="train"), sent("K2", "E2", split="test", resolved=1.0)])
    assert list(evaluate(data, as_of=ON).values("MRR")) == list(RANKERS)


def test_progress_is_reported_for_every_ranker():
    told = []
    data = a_world(["E1", "E2"], [sent("K1", "E1", split="train"), sent("K2", "E2", split="test", resolved=1.0)])
    evaluate(data, as_of=ON, rankers=["random", "nearest"], progress=lambda *step: told.append(step))
    assert told == [("random", 0, 2), ("nearest", 1, 2), ("split", 0, 1), ("", 1, 1)]


def test_an_unknown_ranker_is_refused_by_name():
    with pytest.raises(UnknownValueError, match=r"unknown ranker 'best'; accepted: random, "):
        evaluate(a_world(["E1"], []), as_of=ON, rankers=["best"])


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [sent("K1", "E1")],
        [sent("K1", "E1", decided_on=pd.Timestamp("2025-01-01"), resolved=1.0)] * 2,
        [sent("K1", "E1", split="train", resolved=1.0)],
    ],
)
def test_nothing_to_measure_on_is_said(rows):
    data = a_world(["E1"], [{**row, "dispatch_id": f"D{place}"} for place, row in enumerate(rows)])
    with pytest.raises(InvalidValueError, match="the number of cases to measure on is '0'; accepted: at least one"):
        evaluate(data, as_of=ON)


def test_cases_without_a_gain_among_the_candidates_are_undefined_and_warn_not():
    """The held-out expert was sent before, too, and so is no candidate."""
    rows = [sent("K1", "E1", split="train"), sent("K1", "E1", split="test", resolved=1.0, dispatch_id="D9")]
    found = evaluate(a_world(["E1", "E2"], rows), as_of=ON, rankers=["random", "nearest"])
    assert np.isnan(found.values("nDCG@10")["nearest"]).all()
    assert "| nearest | nan |" in to_markdown(found, "en")
