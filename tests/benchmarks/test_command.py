from pathlib import Path

import pytest

from matcher.sample import generate, write
from tests.benchmarks import __main__ as command


def test_absent_data_is_said_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setattr("sys.argv", ["benchmark", "--data", str(tmp_path)])
    assert command.main() == 2
    assert capsys.readouterr().err.startswith(f"no benchmark data in {tmp_path}")


def test_every_ranker_has_a_row_for_every_dataset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    write(generate(experts=40, consultations=300, seed=1), tmp_path / "small")
    monkeypatch.setattr("sys.argv", ["benchmark", "--data", str(tmp_path)])
    assert command.main() == 0
    printed = capsys.readouterr().out
    assert all(f"| small | {name} |" in printed for name in ("random", "nearest", "additive", "additive-choice"))
