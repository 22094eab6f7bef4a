import numpy as np
import pandas as pd
import pytest

from matcher.evaluation.bootstrap import paired_interval
from matcher.evaluation.compare import foretold_figures, ranked_figures
from matcher.evaluation.metrics import auc, brier, ece, log_loss


def foretold(count: int = 200, seed: int = 0, **rankers) -> pd.DataFrame:
    """Outcomes two a consultation; each ranker is a function of the true chance."""
    rng = np.random.default_rng(seed)
    chance = rng.random(count).round(2)
    outcome = (rng.random(count) < chance).astype(float)
    case = [f"K{number // 2}" for number in range(count)]
    rows = [
        pd.DataFrame({"case": case, "ranker": name, "outcome": outcome, "probability": change(chance)})
        for name, change in rankers.items()
    ]
    return pd.concat(rows, ignore_index=True)


def rows(figures: pd.DataFrame) -> dict[tuple[str, str], dict]:
    return {(row["measure"], row["ranker"]): row for row in figures.to_dict("records")}


def test_figures_are_those_of_the_measures():
    table = foretold(honest=lambda chance: chance)
    found = rows(foretold_figures(table, "nearest"))
    for name, measure in (("AUC", auc), ("Brier", brier), ("ECE", ece), ("log loss", log_loss)):
        row = found[name, "honest"]
        assert row["value"] == measure(table["outcome"].to_numpy(), table["probability"].to_numpy())
        assert row["low"] < row["high"]
        assert np.isnan(row["difference"]), "the baseline foretells nothing"
    for name in ("AUC", "Brier", "ECE", "log loss"):
        assert found[name, "honest"]["low"] < found[name, "honest"]["value"] < found[name, "honest"]["high"]


def test_differences_of_probabilities_are_paired():
    table = foretold(honest=lambda chance: chance, vain=lambda chance: np.sqrt(chance), again=lambda chance: chance)
    found = rows(foretold_figures(table, "honest"))
    for name in ("AUC", "Brier", "ECE", "log loss"):
        assert [found[name, "again"][key] for key in ("difference", "difference_low", "difference_high")] == [0, 0, 0]
    assert found["Brier", "vain"]["difference_low"] > 0
    assert found["AUC", "vain"]["difference"] == 0, "the order is the same"


def test_the_interval_of_the_auc_is_about_that_of_hanley_and_mcneil():
    """Hanley & McNeil 1982: the standard error for 100 against 100 at an AUC of about .8 is about .031."""
    table = foretold(200, honest=lambda chance: chance).assign(case=lambda frame: frame.index.astype(str))
    row = rows(foretold_figures(table, ""))["AUC", "honest"]
    assert (row["high"] - row["low"]) / (2 * 1.96) == pytest.approx(0.031, rel=0.25)


def test_consultations_are_drawn_not_outcomes():
    """Outcomes that come in fours of one kind tell less: the interval is wider than of as many single ones."""
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"ranker": "a", "probability": 0.5, "outcome": np.repeat(rng.integers(0, 2, 100), 4)})
    table["probability"] = np.where(table["outcome"] == 1, 0.9, 0.5)
    widths = []
    for case in (np.repeat(np.arange(100), 4), np.arange(400)):
        row = rows(foretold_figures(table.assign(case=case), ""))["Brier", "a"]
        widths.append(row["high"] - row["low"])
    assert widths[0] == pytest.approx(2 * widths[1], rel=0.25)


def test_outcomes_all_alike_have_no_auc_and_warn_not():
    row = rows(foretold_figures(foretold(honest=lambda chance: chance).assign(outcome=1.0), ""))["AUC", "honest"]
    assert np.isnan([row["value"], row["low"], row["high"]]).all()


def test_rankings_are_compared_case_by_case():
    rng = np.random.default_rng(0)
    base = rng.random(30)
    better = base + rng.normal(0.1, 0.2, 30)
    table = pd.concat(
        pd.DataFrame({"case": range(30), "ranker": name, "measure": "MRR", "value": value})
        for name, value in (("b", better), ("a", base))
    )
    found = ranked_figures(table, "a")
    assert found["ranker"].tolist() == ["b", "a"]
    row = rows(found)["MRR", "b"]
    assert row["cases"] == 30
    assert row["difference"] == pytest.approx((better - base).mean())
    assert (row["difference_low"], row["difference_high"]) == pytest.approx(paired_interval(better - base))
    assert (row["low"], row["high"]) == pytest.approx(paired_interval(better))
