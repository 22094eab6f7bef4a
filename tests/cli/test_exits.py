import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from matcher.cli import exits
from matcher.cli.progress import progress
from tests.cli.builders import AS_OF, run

HEAVY = ("pandas", "sklearn", "scipy", "pyarrow", "rich", "matcher.rankers", "matcher.reading")
MATCHER = (sys.executable, "-m", "matcher.cli")
CHECKOUT = Path(__file__).resolve().parents[2]


def process(*command: str | Path, **more: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=CHECKOUT, env=os.environ | more, timeout=60
    )


def fails_with(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("matcher.cli.day.day", fail)
    result = run("check", "anywhere")
    return result.exit_code, result.stderr


def test_our_own_fault_is_one_line_with_the_way_to_see_more(monkeypatch: pytest.MonkeyPatch) -> None:
    code, said = fails_with(ZeroDivisionError("a\nb"), monkeypatch)
    assert code == 1
    assert len(said.splitlines()) == 1
    assert "ZeroDivisionError: a b" in said
    assert "MATCHER_DEBUG=1" in said


def test_the_traceback_is_there_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(exits.DEBUG, "1")
    code, said = fails_with(ZeroDivisionError("a"), monkeypatch)
    assert code == 1
    assert "Traceback" in said


def test_an_interrupt_is_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fails_with(KeyboardInterrupt(), monkeypatch) == (130, "")


def test_an_interrupted_process_ends_quietly_with_130(tmp_path: Path) -> None:
    command = (*MATCHER, "sample", str(tmp_path / "big"), "--consultations", "400000")
    begun = subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(1.5)
    begun.send_signal(signal.SIGINT)
    out, error = begun.communicate(timeout=30)
    assert (begun.returncode, out, error) == (130, "", "")
    assert not (tmp_path / "big").exists()


def test_importing_the_command_line_loads_nothing_heavy() -> None:
    code = f"import sys, matcher.cli; print([name for name in {HEAVY!r} if name in sys.modules])"
    assert process(sys.executable, "-c", code).stdout.strip() == "[]"


def test_a_real_process_tells_a_mistake_in_one_line(tmp_path: Path) -> None:
    done = process(*MATCHER, "check", tmp_path / "nowhere", PYTHONIOENCODING="utf-8")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_a_real_process_prints_what_an_ascii_terminal_can_show(folder: Path, model: Path) -> None:
    asked = (*MATCHER, "shortlist", folder, "--model", model, "--as-of", AS_OF, "--category", "sales.web")
    done = process(*asked, "--lang", "en", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "chance of solving" in done.stdout


def test_a_reader_that_leaves_is_no_error(folder: Path, model: Path) -> None:
    asked = f"shortlist '{folder}' --model '{model}' --as-of {AS_OF} --category sales.web --json"
    shell = f"set -o pipefail; '{sys.executable}' -m matcher.cli {asked} | head -c 0"
    done = process("bash", "-c", shell)
    assert (done.returncode, done.stderr) == (0, "")


def test_progress_shows_a_bar_only_where_somebody_looks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with progress("学習") as report:
        report("stage", 1, 2)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    with progress("学習") as report:
        report("stage", 1, 2)
    shown = capsys.readouterr()
    assert "学習 stage" in shown.err
    assert shown.out == ""
