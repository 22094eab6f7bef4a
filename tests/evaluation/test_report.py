import json

import numpy as np
import pytest

from matcher.evaluation import Evaluation

NAN = np.nan


def an_evaluation(**rankers: list[float]) -> Evaluation:
    return Evaluation(
        ["a protocol; 2 consultations"],
        {"MRR": {name.replace("_", "-"): np.array(values) for name, values in rankers.items()}},
        {"additive": {"outcomes": 12.0, "AUC": 0.75, "Brier": NAN}},
    )


def rows(text: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| ")
    ]


def test_means_leave_undefined_cases_out():
    found = an_evaluation(nearest=[0.5, NAN], additive=[1.0, 0.5], random=[NAN, NAN])
    assert found.mean("MRR", "nearest") == 0.5
    assert found.mean("MRR", "additive") == 0.75
    assert np.isnan(found.mean("MRR", "random"))
    assert np.isnan(an_evaluation(nearest=[]).mean("MRR", "nearest"))


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
    assert found["measures"]["MRR"]["nearest"] == {"mean": 0.5, "cases": 2, "difference": 0.0, "interval": [0.0, 0.0]}
    assert found["measures"]["MRR"]["random"] == {
        "mean": None,
        "cases": 2,
        "difference": None,
        "interval": [None, None],
    }
    assert found["foretelling"] == {"additive": {"outcomes": 12.0, "AUC": 0.75, "Brier": None}}


@pytest.mark.parametrize(("lang", "head"), [("ja", "「nearest」との差"), ("en", "difference from “nearest”")])
def test_markdown_has_the_best_ranker_last_and_says_what_differences_are_from(lang, head):
    text = an_evaluation(additive=[0.75, 0.5], nearest=[0.5, 0.25], random=[0.0, NAN]).to_markdown(lang)
    heads, *body = rows(text)[:4]
    assert head in heads[2]
    assert [row[0] for row in body] == ["random", "nearest", "additive"]
    assert body[1:] == [["nearest", "0.375", ""], ["additive", "0.625", "+0.250 [+0.250, +0.250]"]]
    assert ["additive", "12", "0.750", "nan"] in rows(text)


def test_an_undefined_ranker_comes_first_whatever_the_order():
    for order in (["a", "b", "nearest"], ["nearest", "b", "a"]):
        values = {"a": [NAN], "b": [1.0], "nearest": [0.5]}
        text = an_evaluation(**{name: values[name] for name in order}).to_markdown("en")
        assert [row[0] for row in rows(text)[1:4]] == ["a", "nearest", "b"]


def test_without_the_usual_baseline_the_first_ranker_is_it_and_is_named():
    found = an_evaluation(random=[0.0, 0.5], additive=[0.5, 1.0])
    assert found.to_json()["baseline"] == "random"
    assert "difference from “random”" in found.to_markdown("en")
    assert found.against_baseline("MRR", "additive") == (0.5, 0.5, 0.5)
    assert "| random | 0.250 |  |" in found.to_markdown("en")


def test_nothing_foretold_has_no_table():
    assert "Foretelling" not in Evaluation([], {"MRR": {"nearest": np.array([1.0])}}, {}).to_markdown("en")
