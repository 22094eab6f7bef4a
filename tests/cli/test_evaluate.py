from pathlib import Path

from tests.cli.builders import AS_OF, as_json, done


def test_a_sample_is_measured_against_its_truth(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    told = as_json("sample", folder, "--experts", "40", "--consultations", "200", "--seed", "5")
    assert told["counts"]["experts"] == 40
    chosen = ("--ranker", "nearest", "--ranker", "random", "--as-of", AS_OF)
    found = as_json("evaluate", folder, *chosen)
    assert all({"nearest", "random"} <= set(rankers) for rankers in found["measures"].values())
    assert any("truth" in protocol for protocol in found["protocols"])
    assert "| random |" in done("evaluate", folder, *chosen, "--lang", "en").stdout


def test_the_same_seed_writes_the_same_sample(tmp_path: Path) -> None:
    for name in ("a", "b"):
        done("sample", tmp_path / name, "--experts", "10", "--consultations", "50", "--seed", "3")
    files = [{path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("a", "b")]
    assert files[0] == files[1]
    assert "truth.csv" in files[0]
