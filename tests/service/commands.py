"""`matcher-service ...` as it is typed, in this process."""

import io
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from service import cli


def call_of(monkeypatch: Any, capsys: Any, settings: Mapping[str, str]) -> Callable[..., tuple[int, str, str]]:
    """A function that runs a command under these settings alone: its exit code, output and errors."""

    def run(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MATCHER_")}
        monkeypatch.setattr(sys, "argv", ["matcher-service", *arguments])
        monkeypatch.setattr(os, "environ", environment | settings)
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        said = capsys.readouterr()
        return int(stopped.value.code or 0), said.out, said.err

    return run
