import importlib.util
import json
from pathlib import Path

import pytest

from tests.cli.builders import AS_OF, as_json, done, refused

CHOSEN = ("--ranker", "nearest", "--ranker", "random", "--as-of", AS_OF)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evaluate") / "data"
    told = as_json("sample", folder, "--experts", "40", "--consultations", "200", "--seed", "5")
    assert told["counts"]["experts"] == 40
    return folder


def test_a_sample_is_measured_against_its_truth(sample: Path) -> None:
    found = as_json("evaluate", sample, *CHOSEN)
    assert all({"nearest", "random"} <= set(rankers) for rankers in found["measures"].values())
    assert any("truth" in protocol for protocol in found["protocols"])
    assert "| random |" in done("evaluate", sample, *CHOSEN, "--lang", "en").stdout


def test_the_baseline_can_be_chosen(sample: Path) -> None:
    found = as_json("evaluate", sample, *CHOSEN, "--baseline", "random")
    assert found["baseline"] == "random"
    assert found["measures"]["MRR"]["random"]["interval"] == [0.0, 0.0]
    message = refused("evaluate", sample, *CHOSEN, "--baseline", "additive")
    assert "unknown baseline 'additive'; accepted: one that is measured: nearest, random" in message


def test_a_peer_is_measured_by_name(sample: Path) -> None:
    found = as_json("evaluate", sample, *CHOSEN, "--ranker", "bm25")
    assert list(found["measures"]["MRR"]) == ["nearest", "random", "bm25"]


def test_results_are_written_to_a_folder_and_printed_as_well(sample: Path, tmp_path: Path) -> None:
    printed = done("evaluate", sample, *CHOSEN, "--out", tmp_path / "out").stdout
    files = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert set(files) == {"evaluation.json", "evaluation.md", "ranking.svg"}
    assert files["evaluation.md"].decode() == printed
    assert json.loads(files["evaluation.json"]) == as_json("evaluate", sample, *CHOSEN)


def test_plots_that_cannot_be_drawn_are_refused_unless_left_out(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name == "matplotlib" else real(name))
    assert "extra `plots`" in refused("evaluate", sample, *CHOSEN, "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()
    done("evaluate", sample, *CHOSEN, "--out", tmp_path / "out", "--no-plots")
    assert (tmp_path / "out" / "evaluation.md").is_file()


def test_a_folder_that_cannot_be_made_is_refused(sample: Path, tmp_path: Path) -> None:
    assert "cannot write to" in refused("evaluate", sample, *CHOSEN, "--out", tmp_path / "a" / "b")


def test_the_same_seed_writes_the_same_sample(tmp_path: Path) -> None:
    for name in ("a", "b"):
        done("sample", tmp_path / name, "--experts", "10", "--consultations", "50", "--seed", "3")
    files = [{path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("a", "b")]
    assert files[0] == files[1]
    assert "truth.csv" in files[0]
