import numpy as np
import pandas as pd
import pytest

from matcher.rankers.model_file import load_model
from service.models.comparison import ACTIVE, LEAST, NEW, compare, held_out, verdict
from tests.service.builders import ON, a_dataset, a_home, a_trained_model


def known() -> pd.DataFrame:
    dispatches = a_dataset().dispatches
    return dispatches.dropna(subset=["resolved"])


def test_the_latest_half_of_the_outcomes_that_nobody_has_learned_from_is_held_out():
    seen = known()["dispatch_id"].iloc[::2].tolist()
    data = held_out(a_dataset(), seen)
    assert not set(data.held_out["dispatch_id"]) & set(seen)
    unseen = known()[~known()["dispatch_id"].isin(seen)]
    assert len(data.held_out) == -(-len(unseen) // 2)
    day = unseen["completed_on"].fillna(unseen["decided_on"])
    left = unseen["dispatch_id"].isin(data.dispatches["dispatch_id"])
    assert day[left].max() <= day[~left].min()
    assert len(data.held_out) + len(data.dispatches) == len(a_dataset().dispatches)


def test_few_outcomes_are_no_ground_to_change_the_model():
    seen = known()["dispatch_id"].iloc[: -2 * (LEAST - 1)].tolist()
    said = compare(None, a_dataset(), seen, as_of=ON, progress=lambda *_: None)
    assert (said.not_worse, said.figures) == (False, None)
    assert str(LEAST) in said.because


def test_both_models_are_asked_about_the_same_outcomes():
    active = load_model(a_home() / a_trained_model().file).ranker
    said = compare(active, a_dataset(), [], as_of=ON, progress=lambda *_: None)
    figures = pd.DataFrame(said.figures["figures"])
    assert said.figures["outcomes"] >= LEAST
    assert set(figures["ranker"]) == {ACTIVE, NEW}
    assert figures.groupby("measure")["cases"].nunique().eq(1).all()
    assert "nDCG@10" in set(figures["measure"])


def an_evaluation(**limits: float):
    """Figures with these limits of the difference: `nDCG_high`, `Brier_low`."""

    class Found:
        protocols = ("made up",)
        measures = a_table("nDCG@10", difference_high=limits.get("nDCG_high", np.nan))
        foretelling = a_table("Brier", difference_low=limits.get("Brier_low", np.nan))

    return Found()


def a_table(measure: str, **limits: float) -> pd.DataFrame:
    row = dict.fromkeys(("value", "difference", "difference_low", "difference_high"), np.nan)
    return pd.DataFrame([row | {"measure": measure, "ranker": name, "cases": 30} | limits for name in (ACTIVE, NEW)])


@pytest.mark.parametrize(
    ("limits", "not_worse"),
    [
        ({"nDCG_high": 0.01, "Brier_low": -0.01}, True),
        ({"nDCG_high": -0.001, "Brier_low": -0.01}, False),
        ({"nDCG_high": 0.01, "Brier_low": 0.001}, False),
        ({"nDCG_high": 0.0, "Brier_low": 0.0}, True),
        ({"Brier_low": 0.001}, False),
    ],
)
def test_worse_is_what_is_worse_by_more_than_chance_in_either_measure(limits, not_worse):
    assert verdict(an_evaluation(**limits), 30).not_worse is not_worse


def test_undefined_figures_are_null():
    (first, *_) = verdict(an_evaluation(Brier_low=0.001), 30).figures["figures"]
    assert first["value"] is None
