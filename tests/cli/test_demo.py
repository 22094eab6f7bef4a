import shlex
import shutil
import sys
from pathlib import Path

import pytest

from matcher.cli.trial import command, default_folder
from tests.cli.builders import done, refused

SMALL = ("--experts", "150")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("demo") / "keep it"
    return folder, done("demo", *SMALL, "--keep", folder).stdout


def test_the_demo_tells_what_it_did_and_shows_a_shortlist(kept: tuple[Path, str]) -> None:
    folder, said = kept
    assert "150 人の登録専門家" in said
    assert "秒" in said
    assert "創業130年の和菓子店" in said
    assert "Web・SNS・EC活用 / 島根県松江市" in said
    assert "次に試すなら" in said
    assert (folder / "demo.model").is_file()


def test_the_two_suggested_commands_work_as_printed(kept: tuple[Path, str]) -> None:
    suggested = [shlex.split(line) for line in kept[1].splitlines() if " --model " in line]
    assert len(suggested) == 2
    commands = [words[words.index("matcher.cli") + 1 :] for words in suggested]
    assert [words[0] for words in commands] == ["explain", "shortlist"]
    assert all(done(*words).stdout for words in commands)


def test_the_demo_runs_again_over_its_own_sample_in_english(kept: tuple[Path, str]) -> None:
    said = done("demo", *SMALL, "--keep", kept[0], "--lang", "en").stdout
    assert "made 150 registered experts" in said
    assert "--lang en" in said


def test_the_demo_refuses_a_folder_with_other_things(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    assert str(tmp_path) in refused("demo", *SMALL, "--keep", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_register_of_one_is_no_error(tmp_path: Path) -> None:
    assert "次に試すなら" in done("demo", "--experts", "1", "--keep", tmp_path / "one").stdout


def test_the_sample_goes_into_a_checkouts_data_folder_else_beside(tmp_path: Path) -> None:
    assert default_folder(tmp_path) == Path("matcher-demo")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "README.md").touch()
    (tmp_path / "pyproject.toml").touch()
    assert default_folder(tmp_path) == Path("data/sample")


@pytest.mark.parametrize(
    ("called", "found", "said"),
    [
        ("bin/matcher", "bin/matcher", "matcher"),
        ("bin/matcher", None, "bin/matcher"),
        ("../bin/matcher", None, "{above}/bin/matcher"),
        ("/usr/bin/pytest", None, "{python} -m matcher.cli"),
    ],
)
def test_suggested_commands_begin_as_this_one_was_called(
    called: str, found: str | None, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setattr(sys, "argv", [called])
    monkeypatch.setattr(shutil, "which", lambda _: found)
    assert command() == said.format(above=tmp_path / "here" / "..", python=sys.executable)
