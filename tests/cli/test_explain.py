from pathlib import Path

import pytest

from tests.cli.builders import AS_OF, as_json, done

ASKED = ("--category", "sales.web", "--prefecture", "東京", "--text", "ネットショップを始めたい")


def asked(folder: Path, model: Path, *experts: str) -> tuple[str | Path, ...]:
    named = [part for expert in experts for part in ("--expert", expert)]
    return ("explain", folder, "--model", model, "--as-of", AS_OF, *ASKED, *named)


def test_an_experts_terms_sum_to_the_score_and_rank_as_on_the_shortlist(folder: Path, model: Path) -> None:
    made = as_json("shortlist", folder, "--model", model, "--as-of", AS_OF, *ASKED)
    for item in made["items"]:
        (standing,) = as_json(*asked(folder, model, item["expert_id"]))["experts"]
        for name in ("name", "rank", "score", "probability", "lower", "upper", "base", "contributions"):
            assert standing[name] == item[name]
        assert (standing["of"], standing["eligible"]) == (4, True)
        total = standing["base"] + sum(term["contribution"] for term in standing["terms"])
        assert total == pytest.approx(standing["score"], abs=1e-9)


def test_the_rules_that_take_an_expert_out_are_named(folder: Path, model: Path) -> None:
    (standing,) = as_json(*asked(folder, model, "E4"))["experts"]
    assert not standing["eligible"]
    assert [(rule["rule"], rule["detail"]) for rule in standing["excluded"]] == [("status", "引退")]
    assert "対象外" in done(*asked(folder, model, "E4")).stdout
    assert "retired" in done(*asked(folder, model, "E4"), "--lang", "en").stdout


def test_two_experts_differ_term_by_term_to_the_difference_of_their_scores(folder: Path, model: Path) -> None:
    told = as_json(*asked(folder, model, "E1", "E2"))
    first, second = told["experts"]
    assert told["score_difference"] == pytest.approx(first["score"] - second["score"])
    assert sum(told["difference"].values()) == pytest.approx(told["score_difference"], abs=1e-9)
    sizes = [abs(apart) for apart in told["difference"].values()]
    assert sizes == sorted(sizes, reverse=True)
    shown = done(*asked(folder, model, "E1", "E2")).stdout
    assert "髙﨑 一郎" in shown
    assert "佐藤 二郎" in shown
    assert f"{told['score_difference']:+.4f}" in shown


def test_the_same_expert_twice_differs_in_nothing(folder: Path, model: Path) -> None:
    told = as_json(*asked(folder, model, "E1", "E1"))
    assert set(told["difference"].values()) == {0.0}
    assert "-0.0000" not in done(*asked(folder, model, "E1", "E1")).stdout
