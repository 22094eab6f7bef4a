from typing import Any

import pytest
import typer.main

from matcher.cli import app
from tests.cli.builders import done, run

GROUP: Any = typer.main.get_command(app)
CONTRACT = {
    "check": {"--json"},
    "sample": {"--experts", "--consultations", "--seed", "--missing", "--success"},
    "train": {"--model", "--objective", "--as-of"},
    "shortlist": {"--model", "--consultation", "--category", "--prefecture", "--text", "-k", "--json", "--lang"},
    "rerank": {"--model", "--out", "-k", "--engine"},
    "models": set(),
    "evaluate": {"--json"},
}


def options(command: str) -> set[str]:
    return {name for option in GROUP.commands[command].params for name in option.opts}


@pytest.mark.parametrize("command", CONTRACT)
def test_every_command_and_flag_of_the_contract_is_there(command: str) -> None:
    assert CONTRACT[command] <= options(command)


@pytest.mark.parametrize("command", GROUP.commands)
def test_help_shows_every_option_and_none_is_left_unexplained(command: str) -> None:
    shown = done(command, "--help").stdout
    for option in GROUP.commands[command].params:
        assert len(option.help or "") > 20, option.name
        assert option.opts[0] in shown or str(option.metavar) in shown


@pytest.mark.parametrize("command", sorted(set(GROUP.commands) - {"demo"}))
def test_every_command_speaks_json(command: str) -> None:
    assert "--json" in options(command)


def test_the_bare_name_and_help_list_every_command() -> None:
    for shown in (done().stdout, done("--help").stdout):
        for command in GROUP.commands:
            assert f"\n  {command} " in shown
        assert "..." not in shown.split("Commands:")[1]


def test_the_version_is_told() -> None:
    assert done("--version").stdout.startswith("matcher 0.")


def test_a_misspelt_command_is_told_in_one_line() -> None:
    result = run("shortlst")
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert "Did you mean 'shortlist'?" in result.stderr
