"""--risk cautious: the same experts and chances, ordered by the lower end of the interval."""

from itertools import pairwise
from math import log
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from matcher.sample import generate, write
from tests.cli.builders import AS_OF, a_folder, as_json, done, refused, trained

ASKED = ("--category", "sales.web", "--prefecture", "東京", "--text", "ネットショップを始めたい")
CAUTIOUS = ("--risk", "cautious")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A sample of 60 experts and its model."""
    folder = tmp_path_factory.mktemp("world") / "data"
    write(generate(experts=60, consultations=900, seed=5), folder)
    return folder, trained(folder)


def made(world: tuple[Path, Path], command: str, *more: str) -> Any:
    folder, model = world
    return as_json(command, folder, "--model", model, "--as-of", AS_OF, *ASKED, *more)


def test_a_cautious_shortlist_is_ordered_by_the_lower_bound(world: tuple[Path, Path]) -> None:
    bold, cautious = (made(world, "shortlist", "-k", "60", *risk)["items"] for risk in ((), CAUTIOUS))
    lower = [item["lower"] for item in cautious]
    assert lower == sorted(lower, reverse=True)
    assert [item["expert_id"] for item in cautious] != [item["expert_id"] for item in bold]
    chances = [
        {item["expert_id"]: [item[name] for name in ("probability", "lower", "upper")] for item in items}
        for items in (bold, cautious)
    ]
    assert chances[0] == chances[1]
    for item in cautious:
        assert item["score"] == pytest.approx(log(item["lower"] / (1 - item["lower"])), abs=1e-9)
        assert item["base"] + sum(item["contributions"].values()) == pytest.approx(item["score"], abs=1e-9)


def test_neutral_is_what_is_done_unasked(world: tuple[Path, Path]) -> None:
    assert made(world, "shortlist", "--risk", "neutral") == made(world, "shortlist")


def test_a_cautious_explanation_is_that_of_the_cautious_shortlist(world: tuple[Path, Path]) -> None:
    first, second = made(world, "shortlist", *CAUTIOUS)["items"][:2]
    named = ("--expert", first["expert_id"], "--expert", second["expert_id"])
    told = made(world, "explain", *named, *CAUTIOUS)
    assert told["risk"] == "cautious"
    for item, standing in zip((first, second), told["experts"], strict=True):
        for name in ("rank", "score", "base", "contributions"):
            assert standing[name] == item[name]


def test_a_cautious_ranking_of_all_is_that_of_single_requests(world: tuple[Path, Path], tmp_path: Path) -> None:
    folder, model = world
    tables = []
    for name, risk in (("neutral", ()), ("cautious", CAUTIOUS)):
        out = tmp_path / f"{name}.csv"
        done("rerank", folder, "--model", model, "--as-of", AS_OF, "--out", out, "-k", "5", *risk)
        tables.append(pd.read_csv(out, dtype={"consultation_id": "str"}))
    assert not tables[0].equals(tables[1])
    cautious = tables[1]
    assert (cautious.groupby("consultation_id")["lower"].diff().fillna(0) <= 0).all()
    one = cautious["consultation_id"].iloc[0]
    asked = ("shortlist", folder, "--model", model, "--as-of", AS_OF, "-k", "5", "--consultation", one, *CAUTIOUS)
    ids = [item["expert_id"] for item in as_json(*asked)["items"]]
    assert cautious.loc[cautious["consultation_id"] == one, "expert_id"].tolist() == ids


@pytest.mark.parametrize("options", [("--ranker", "nearest"), ("--objective", "choice")])
@pytest.mark.parametrize("command", ["shortlist", "explain", "rerank"])
def test_a_model_without_an_interval_refuses(command: str, options: tuple[str, str], tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "data")
    model = trained(folder, *options)
    how = {"rerank": ("--out", tmp_path / "r.csv"), "explain": (*ASKED, "--expert", "E1")}.get(command, ASKED)
    line = refused(command, folder, "--model", model, "--as-of", AS_OF, *how, *CAUTIOUS)
    assert "cautious" in line
    assert "neutral" in line
    assert not (tmp_path / "r.csv").exists()


def test_an_unknown_risk_is_refused(folder: Path, model: Path) -> None:
    line = refused("shortlist", folder, "--model", model, "--as-of", AS_OF, *ASKED, "--risk", "bold")
    assert "bold" in line
    assert "cautious" in line


def test_what_would_turn_the_order_round_is_told_in_both_languages(world: tuple[Path, Path]) -> None:
    """Two neighbours of whom caution prefers the second, with the lead that it really gives."""
    bold, cautious = (made(world, "shortlist", "-k", "60", *risk)["items"] for risk in ((), CAUTIOUS))
    lower = {item["expert_id"]: item["score"] for item in cautious}
    first, second = next(
        (first["expert_id"], second["expert_id"])
        for first, second in pairwise(bold)
        if lower[first["expert_id"]] < lower[second["expert_id"]]
    )
    named = ("--expert", first, "--expert", second)
    told = made(world, "explain", *named)["what_would_change_the_order"]
    leads = {change["change"]: change["lead"] for change in told}
    assert leads["cautious"] == pytest.approx(lower[second] - lower[first])
    assert list(leads.values()) == sorted(leads.values(), reverse=True)
    folder, model = world
    asked = ("explain", folder, "--model", model, "--as-of", AS_OF, *ASKED, *named)
    assert "慎重に（見込みの下限で）並べるなら" in done(*asked).stdout
    assert "if ordered by the lower bound" in done(*asked, "--lang", "en").stdout


def test_that_nothing_would_turn_the_order_round_is_said(folder: Path, model: Path) -> None:
    asked = ("explain", folder, "--model", model, "--as-of", AS_OF, *ASKED, "--expert", "E1", "--expert", "E1")
    assert as_json(*asked)["what_would_change_the_order"] == []
    assert "順位が入れ替わる条件:（試した条件ではなし）" in done(*asked).stdout
    assert "nothing of what was tried" in done(*asked, "--lang", "en").stdout
