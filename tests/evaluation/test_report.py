import json

import numpy as np
import pytest

from matcher.evaluation import Evaluation, to_markdown
from matcher.evaluation.truth import TruthError

NAN = np.nan
HERE = {"category": "sales.web", "region": "kanto", "record": "1-4"}


def an_evaluation(baseline: str = "nearest", **rankers: list[float]) -> Evaluation:
    ranked = [
        {"case": f"K{case}", "ranker": name.replace("_", "-"), "measure": "MRR", "value": value, **HERE}
        for name, values in rankers.items()
        for case, value in enumerate(values)
    ]
    return Evaluation.of(["a protocol; 2 consultations"], ranked, [], {}, baseline)


def foretelling(count: int = 40, **rankers: float) -> Evaluation:
    """Outcomes that alternate; a ranker gives the resolved ones its value and the others one less it."""
    rows = [
        {"case": f"K{case}", "expert_id": "E1", "ranker": name, "outcome": float(case % 2)}
        | {"probability": value if case % 2 else 1 - value, **HERE, "record": "0" if case < 10 else "20+"}
        for name, value in rankers.items()
        for case in range(count)
    ]
    return Evaluation.of([], [], rows, {name: TruthError(900, 0.0125, 0.03) for name in rankers}, "nearest")


def rows(text: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| ")
    ]


def test_means_leave_undefined_cases_out():
    found = an_evaluation(nearest=[0.5, NAN], additive=[1.0, 0.5], random=[NAN, NAN])
    assert found.mean("MRR", "nearest") == 0.5
    assert found.mean("MRR", "additive") == 0.75
    assert np.isnan(found.mean("MRR", "random"))


def test_differences_are_paired():
    found = an_evaluation(nearest=[0.5, 0.25, NAN], additive=[0.75, 0.5, 1.0])
    assert found.against_baseline("MRR", "additive") == (0.25, 0.25, 0.25)
    assert found.against_baseline("MRR", "nearest") == (0.0, 0.0, 0.0)


def test_a_difference_that_is_nowhere_defined_is_nan():
    found = an_evaluation(nearest=[0.5, NAN], additive=[NAN, 1.0])
    assert np.isnan(found.against_baseline("MRR", "additive")).all()


def test_json_is_plain_and_undefined_figures_are_null():
    found = json.loads(json.dumps(an_evaluation(nearest=[0.5, NAN], random=[NAN, NAN]).to_json(), allow_nan=False))
    assert found["baseline"] == "nearest"
    assert found["protocols"] == ["a protocol; 2 consultations"]
    figures = {"mean": 0.5, "cases": 2, "mean_interval": [0.5, 0.5], "difference": 0.0, "interval": [0.0, 0.0]}
    assert found["measures"]["MRR"]["nearest"] == figures
    nothing = {"mean": None, "cases": 2, "mean_interval": [None] * 2, "difference": None, "interval": [None] * 2}
    assert found["measures"]["MRR"]["random"] == nothing
    assert (found["foretelling"], found["calibration"], found["truth"], found["segments"]) == ({}, {}, {}, {})


def test_json_says_how_well_was_foretold():
    found = json.loads(json.dumps(foretelling(additive=0.8).to_json(), allow_nan=False))
    figures = found["foretelling"]["additive"]
    assert figures["outcomes"] == 40
    assert figures["AUC"] == 1.0
    assert figures["Brier"] == pytest.approx(0.04)
    assert figures["Brier of the constant"] == 0.25
    assert figures["skill"] == pytest.approx(1 - 0.04 / 0.25)
    assert figures["log loss"] == pytest.approx(-np.log(0.8), abs=1e-6)
    assert figures["intervals"]["Brier"] == pytest.approx([0.04, 0.04])
    assert figures["differences"]["Brier"] == [None, None, None]
    assert sum(part["count"] for part in found["calibration"]["additive"]["bins"]) == 40
    assert found["truth"]["additive"] == {"pairs": 900, "ece": 0.0125, "ece_first": 0.03}


def test_who_does_not_foretell_every_outcome_is_left_out_of_foretelling():
    found = foretelling(additive=0.8, silent=NAN)
    assert set(found.foretold["ranker"]) == {"additive"}
    assert "silent" not in found.calibration


def test_segments_have_the_figures_of_their_cases_and_say_what_is_left_out():
    found = foretelling(additive=0.8).to_json()
    assert set(found["segments"]["record"]) == {"20+"}
    assert found["segments"]["record"]["20+"]["Brier"]["additive"]["cases"] == 30
    assert found["left_out"]["record"]["foretelling"] == {"segments": 1, "cases": 10}
    many = an_evaluation(nearest=[0.5, 1.0] * 15, additive=[1.0] * 30).to_json()
    figures = many["segments"]["region"]["kanto"]["MRR"]["additive"]
    assert (figures["mean"], figures["difference"], figures["cases"]) == (1.0, 0.25, 30)


def test_cases_won_are_counted_by_the_record_of_the_first_ranked_beside_that_of_the_relevant():
    """Cases without a relevant expert count for nobody."""
    won = {"new": ["0", "0", "1-4", "20+"], "old": ["20+"] * 4}
    ranked = [
        {"case": f"K{case}", "ranker": name, "measure": measure, "value": 0.5, **HERE}
        | {"first": kind, "record": ["1-4", "20+", "1-4", None][case]}
        for name, first in won.items()
        for case, kind in enumerate(first)
        for measure in ("nDCG@10", "MRR")
    ]
    found = Evaluation.of([], ranked, [], {}, "old")
    third = pytest.approx(1 / 3)
    assert found.to_json()["first_ranked"]["old"] == {"0": 0, "1-4": 0, "5-19": 0, "20+": 1}
    assert found.first_ranked["new"] == {"0": pytest.approx(2 / 3), "1-4": third, "5-19": 0, "20+": 0}
    assert found.first_ranked["relevant expert"] == {"0": 0, "1-4": pytest.approx(2 / 3), "5-19": 0, "20+": third}
    assert ["実際の適任者", "0.000", "0.667", "0.000", "0.333"] in rows(to_markdown(found))


@pytest.mark.parametrize(("lang", "head"), [("ja", "「nearest」との差"), ("en", "difference from “nearest”")])
def test_markdown_has_the_best_ranker_last_and_says_what_differences_are_from(lang, head):
    found = an_evaluation(additive=[0.75, 0.5], nearest=[0.5, 0.25], random=[0.0, NAN])
    heads, *body = rows(to_markdown(found, lang))[:4]
    assert head in heads[2]
    assert [row[0] for row in body] == ["random", "nearest", "additive"]
    assert body[1:] == [["nearest", "0.375", ""], ["additive", "0.625", "+0.250 [+0.250, +0.250]"]]


def test_markdown_tells_of_probabilities_their_calibration_and_the_truth():
    found = rows(to_markdown(foretelling(additive=0.8), "en"))
    figures = ["1.000 [1.000, 1.000]", "0.040 [0.040, 0.040]", "0.200 [0.200, 0.200]", "0.223 [0.223, 0.223]"]
    assert ["additive", "40", *figures, "0.250", "0.840"] in found
    assert ["additive", "0.0400", "0.0400", "0.2500", "0.2500", "0.0000"] in found
    assert ["0.200", "0.000 [0.000, 0.490]", "4"] in found
    assert ["additive", "900", "0.0125", "0.0300"] in found


@pytest.mark.parametrize(
    ("lang", "place", "left"), [("ja", "関東", "20件未満の区分"), ("en", "Kanto", "Segments of fewer than 20")]
)
def test_markdown_names_segments_and_what_is_left_out(lang, place, left):
    text = to_markdown(foretelling(additive=0.8), lang)
    assert [place, "AUC", "40", "1.000 [1.000, 1.000]"] in rows(text)
    assert left in text
    assert left not in to_markdown(an_evaluation(nearest=[1.0] * 30), lang)


def test_an_undefined_ranker_comes_first_whatever_the_order():
    for order in (["a", "b", "nearest"], ["nearest", "b", "a"]):
        values = {"a": [NAN], "b": [1.0], "nearest": [0.5]}
        text = to_markdown(an_evaluation(**{name: values[name] for name in order}), "en")
        assert [row[0] for row in rows(text)[1:4]] == ["a", "nearest", "b"]


def test_the_baseline_is_named_and_has_no_difference_from_itself():
    found = an_evaluation("random", random=[0.0, 0.5], additive=[0.5, 1.0])
    assert found.to_json()["baseline"] == "random"
    assert "difference from “random”" in to_markdown(found, "en")
    assert found.against_baseline("MRR", "additive") == (0.5, 0.5, 0.5)
    assert "| random | 0.250 |  |" in to_markdown(found, "en")


def test_nothing_foretold_has_no_table():
    assert "Foretelling" not in to_markdown(an_evaluation(nearest=[1.0]), "en")
