import json
from pathlib import Path

import numpy as np
import pytest

from matcher.dataset import Dataset
from matcher.peers import peers
from matcher.rankers import RANKERS
from matcher.sample import generate, write
from tests.benchmarks import __main__ as command
from tests.benchmarks import contract_folder
from tests.benchmarks.rows import Row


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rankers and two peers that need no extra; of made worlds a figure that took no time."""
    chosen = {name: RANKERS[name] for name in ("nearest", "additive-choice")}
    chosen |= {name: peers()[name] for name in ("text_neighbours", "logistic_outcomes")}
    monkeypatch.setattr(contract_folder, "methods", lambda: chosen)
    monkeypatch.setattr(
        command, "made_parts", lambda: {"world": lambda: [Row("world", "oracle", {"true success": 0.7})]}
    )


@pytest.fixture
def small(tmp_path: Path) -> Path:
    write(generate(experts=40, consultations=300, seed=1), tmp_path / "data" / "small")
    return tmp_path / "data"


def run(*arguments: object) -> int:
    return command.main([str(argument) for argument in arguments])


def test_absent_data_is_said_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--data", tmp_path) == 2
    assert capsys.readouterr().err == (
        f"no benchmark data in {tmp_path}; accepted: BENCH_DATA=a folder of benchmark datasets\n"
    )


def test_an_unknown_part_is_refused_with_the_known_ones(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--data", small, "--only", "large") == 2
    known = "small, proposals:small, proposals:world, world, ablation, learning_curve, speed"
    assert capsys.readouterr().err == f"no benchmark 'large' in {small}; accepted: {known}\n"


def test_every_method_has_a_row_and_absent_parts_are_named(
    small: Path, quick: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--data", small) == 0
    said = capsys.readouterr()
    for name in ("nearest", "additive-choice (ours, objective choice)", "text_neighbours", "logistic_outcomes"):
        assert said.out.count(f"| small | {name} |") == 1
    assert f"stackexchange_dba: skipped, there is no {small / 'stackexchange_dba'}" in said.err
    assert "jqara_ltr: skipped" in said.err
    assert said.out.count("| world | oracle |") == 1


def test_what_is_measured_on_made_worlds_needs_no_data(
    quick: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--data", tmp_path, "--only", "world") == 0
    assert "| world | oracle | 0.700 |" in capsys.readouterr().out


def test_the_figures_are_written_as_json_too(small: Path, quick: None, tmp_path: Path) -> None:
    assert run("--data", small, "--only", "small", "--json", tmp_path / "figures.json") == 0
    rows = {row["method"]: row for row in json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))}
    assert set(rows["nearest"]["figures"]) == {"nDCG@10", "MRR", "fit s"}
    assert set(rows["logistic_outcomes"]["figures"]) >= {"AUC", "Brier", "ECE"}
    low, high = rows["nearest"]["differences"]["nDCG@10 from text neighbours"][1:]
    assert low <= high
    assert "nDCG@10 from text neighbours" not in rows["text_neighbours"]["differences"]


def test_a_file_that_cannot_be_written_is_said_in_one_line(
    small: Path, quick: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--data", small, "--json", tmp_path / "no" / "folder.json") == 2
    assert "cannot write" in capsys.readouterr().err


def test_peers_that_share_their_reading_score_as_alone() -> None:
    world: Dataset = generate(experts=40, consultations=300, seed=1).data
    as_of = world.dispatches["decided_on"].max()
    names = ["logistic_choice", "logistic_outcomes", "text_neighbours"]
    fitted = {name: peers()[name]().fit(world, as_of=as_of) for name in names}
    asked = contract_folder.consultation_of(world, str(world.consultations["consultation_id"].iloc[-1]))
    for name, found in contract_folder.scores_of(fitted, asked, world.experts).items():
        np.testing.assert_array_equal(found.score, fitted[name].score(asked, world.experts).score)
