from dataclasses import replace

import numpy as np
import pandas as pd

from matcher.evaluation.truth import ORACLE, true_success
from matcher.rankers import make_ranker
from matcher.sample import generate

ON = pd.Timestamp("2026-03-31")


def test_a_month_whose_capacity_is_used_up_changes_no_figure():
    """One consultation at a time is asked: the last month's load is not part of the question."""
    world = generate(experts=40, consultations=60, seed=1)
    full = replace(world.data, experts=world.data.experts.assign(capacity_per_month=0.0))
    rankers = {"nearest": make_ranker("nearest").fit(world.data, as_of=ON)}
    free, used_up = (true_success(data, world.truth, world.choices, rankers, ON) for data in (world.data, full))
    assert len(free[ORACLE]) == world.truth["consultation_id"].nunique()
    for name, values in free.items():
        np.testing.assert_array_equal(used_up[name], values)
