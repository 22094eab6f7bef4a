import json

import numpy as np
import pandas as pd
import pytest

from matcher.errors import InvalidValueError, UnknownValueError
from matcher.evaluation import Evaluation, evaluate
from matcher.evaluation.truth import COORDINATORS, ORACLE, TRUE_SUCCESS
from matcher.rankers import RANKERS
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
    assert found.values.keys() == {"nDCG@10", "MRR", TRUE_SUCCESS}
    for measure, rankers in found.values.items():
        assert set(RANKED) <= set(rankers)
        assert len({len(values) for values in rankers.values()}) == 1, measure
    for values in (*found.values["nDCG@10"].values(), *found.values["MRR"].values()):
        assert ((values >= 0) & (values <= 1)).all()


def test_nobody_is_better_than_the_oracle_in_any_case(found):
    best = found.values[TRUE_SUCCESS][ORACLE]
    assert len(best) == OPEN
    for name in RANKED:
        assert (found.values[TRUE_SUCCESS][name] <= best).all()


def test_the_learned_ranker_is_clearly_better_than_a_lot_and_than_past_choices(found):
    """What it must reach, loosely: halfway from a random eligible expert to the oracle."""
    lot, learned, best = (found.mean(TRUE_SUCCESS, name) for name in ("random", "additive", ORACLE))
    assert learned > (lot + best) / 2
    assert learned > found.mean(TRUE_SUCCESS, COORDINATORS) > lot
    assert found.mean("nDCG@10", "additive") > found.mean("nDCG@10", "random")
    _, low, _ = found.against_baseline(TRUE_SUCCESS, "additive")
    assert low > -0.05, "not clearly worse than the nearest who claims the category"


def test_probabilities_tell_resolved_cases_from_others(found):
    assert found.foretelling.keys() == {"additive"}, "baselines claim no probability"
    figures = found.foretelling["additive"]
    assert figures["outcomes"] > 80
    assert figures["AUC"] > 0.55
    assert figures["Brier"] < figures["Brier of the constant"] + 0.01
    assert figures["ECE"] < 0.25


def test_protocols_say_what_was_measured(found):
    by_date, truth = found.protocols
    assert by_date.startswith("dispatches after 2025-")
    assert truth == f"known truth of {OPEN} open consultations: {TRUE_SUCCESS}"


def test_an_evaluation_can_be_printed_and_sent(found):
    assert json.loads(json.dumps(found.to_json(), allow_nan=False))["measures"].keys() == found.values.keys()
    for lang in ("ja", "en"):
        assert all(f"## {measure}" in found.to_markdown(lang) for measure in found.values)


def test_the_same_seed_gives_the_same_figures(world):
    one, other = (evaluate(world.data, as_of=END, rankers=["random", "nearest"], most_cases=20) for _ in range(2))
    assert one.to_json() == other.to_json()


def test_a_clear_case_is_told_apart():
    """Who resolves every case and who resolves none are known; the rest is a coin toss."""
    figures = evaluate(a_clear_case(), as_of=ON, rankers=["additive"]).foretelling["additive"]
    assert figures["AUC"] > 0.8
    assert figures["Brier"] < 0.8 * figures["Brier of the constant"]


def test_all_rankers_are_measured_unless_some_are_named():
    data = a_world(["E1", "E2"], [sent("K1", "E1", split="train"), sent("K2", "E2", split="test", resolved=1.0)])
    assert list(evaluate(data, as_of=ON).values["MRR"]) == list(RANKERS)


def test_progress_is_reported_for_every_ranker():
    told = []
    data = a_world(["E1", "E2"], [sent("K1", "E1", split="train"), sent("K2", "E2", split="test", resolved=1.0)])
    evaluate(data, as_of=ON, rankers=["random", "nearest"], progress=lambda *step: told.append(step))
    assert told == [("random", 0, 2), ("nearest", 1, 2), ("", 1, 1)]


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
    assert np.isnan(found.values["nDCG@10"]["nearest"]).all()
    assert "| nearest | nan |" in found.to_markdown("en")
