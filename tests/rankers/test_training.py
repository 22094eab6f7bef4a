import numpy as np
import pandas as pd

from matcher.features.gist import Gist
from matcher.rankers.training import Material
from tests.features.builders import a_register, cases, material
from tests.rankers.contract import shuffled, the_material, the_world, with_tables


def test_outcomes_are_the_dispatches_whose_end_is_known():
    pairs, outcome = the_material().outcomes()
    known = the_material().history.resolved
    assert len(outcome) == len(pairs) == np.count_nonzero(~np.isnan(known))
    assert outcome.sum() == np.nansum(known)


def test_an_outcome_is_learned_from_as_the_pair_was_seen_on_the_day_of_the_decision():
    rows = [{"on": "2025-01-10", "resolved": 1.0}, {"on": "2025-03-10", "resolved": 0.0}]
    pairs, outcome = material(a_register({}, **cases(*rows))).outcomes()
    assert outcome.tolist() == [1.0, 0.0]
    assert pairs.past["cases"].tolist() == [0, 1]


def test_the_order_of_rows_does_not_matter():
    rows = with_tables(
        a_register({}, {}, {}, **cases({}, {"expert_id": "E2"})), shuffled, "experts", "consultations", "dispatches"
    )
    found = material(rows)
    assert found.experts.ids.tolist() == ["E1", "E2", "E3"]
    assert found.consultations.ids.tolist() == ["K1", "K2"]


def test_dispatches_of_unknown_consultations_are_left_out():
    data = the_world()
    less = with_tables(data, lambda rows: rows.iloc[:-1200], "consultations")
    history = Material.of(less, as_of=pd.Timestamp("2026-03-31"), gist=Gist.empty()).history
    assert 0 < len(history) < len(data.dispatches)


def test_without_a_case_there_is_nothing_to_learn():
    empty = material(a_register({}))
    assert len(empty.outcomes()[0]) == 0
    assert len(empty.usual(np.random.default_rng(0))) == 0
