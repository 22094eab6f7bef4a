import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import httpx2
import pandas as pd
import pytest

from matcher.rankers.model_file import load_model
from matcher.reading import parse_consultation, read_dataset
from matcher.render.json_text import to_mapping
from matcher.sample import write
from matcher.shortlist import shortlist
from service import cli
from service.settings import SETTINGS
from tests.service.builders import a_dataset, a_model, a_world

ASKED = {"category": "sales.web", "prefecture_code": "大阪府", "description": "通販を始めたい。"}
READY = re.compile(r"\(ready\): (http://\S+)/docs")
SHOWN_KEY = re.compile(r"mk_[0-9a-f]{8}_[\w-]{43}")


@pytest.fixture
def environment():
    return {name: value for name, value in os.environ.items() if not name.startswith("MATCHER_")}


@pytest.fixture
def call(monkeypatch, capsys, environment, tmp_path):
    """Runs the command in this process: its exit code, output and errors."""

    def run(*arguments: str, **variables: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["matcher-service", *arguments])
        monkeypatch.setattr(os, "environ", environment | home(tmp_path) | variables)
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        said = capsys.readouterr()
        return int(stopped.value.code or 0), said.out, said.err

    return run


def one_line(errors: str) -> str:
    assert errors.count("\n") == 1
    assert errors.startswith("エラー (error): ")
    return errors


def test_a_server_ranks_as_the_library_does_and_stops_when_told(tmp_path, environment):
    write(a_world(), tmp_path / "data")
    model = a_model(a_dataset(), tmp_path / "model")
    options = ["--port", "0", "--data", str(tmp_path / "data"), "--model", str(tmp_path / "model")]
    with (tmp_path / "errors").open("w+") as errors, served(options, environment | home(tmp_path), errors) as server:
        address = READY.search(server.stdout.readline())[1]
        key = SHOWN_KEY.search((tmp_path / "errors").read_text())[0]
        health = httpx2.get(f"{address}/health", timeout=30).json()
        headers = {"authorization": f"Bearer {key}"}
        answer = httpx2.post(f"{address}/v1/rank", json=ASKED, headers=headers, timeout=30).json()
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=30) == 0
    assert health["status"] == "ok"
    assert health["model"]["fingerprint"] == model.card["fingerprint"]
    assert answer.pop("data") == {"fingerprint": health["data"]["fingerprint"]}
    directly = shortlist_of_files(tmp_path, on=pd.Timestamp(answer["as_of"]))
    assert answer == {name: part for name, part in directly.items() if name != "data"}


def home(folder: Path) -> dict[str, str]:
    return {"MATCHER_HOME": str(folder / "home")}


@contextmanager
def served(options: list[str], environment: dict[str, str], errors: IO[str]):
    command = [sys.executable, "-c", "from service.cli import main; main()", "serve", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment) as server:
        try:
            yield server
        finally:
            server.kill()


def shortlist_of_files(folder: Path, on: pd.Timestamp):
    data, model = read_dataset(folder / "data", as_of=on), load_model(folder / "model")
    asked = parse_consultation(ASKED, data, as_of=on)
    return to_mapping(shortlist(model.ranker, data, asked, on=on, model_card=model.card), details=False)


def test_no_part_of_an_answer_waits_for_the_receipt_of_another():
    with cli.listen("127.0.0.1", 0) as at, socket.create_connection(at.getsockname()), at.accept()[0] as connection:
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_taken_port_is_one_clear_line(call, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, _, errors = call("serve", "--port", port, "--home", str(tmp_path / "home"))
    assert code == 2
    assert port in one_line(errors)
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--port", "eighty"], "MATCHER_PORT"),
        (["--lang", "fr"], "MATCHER_LANG"),
        (["--host", "192.0.2.1"], "192.0.2.1"),
        (["--port", "0", "--data", "/nowhere"], "nowhere"),
    ],
)
def test_a_mistake_is_one_clear_line(call, arguments, named):
    code, _, errors = call("serve", *arguments)
    assert code == 2
    assert named in one_line(errors)


def test_a_misspelt_variable_is_one_clear_line(call):
    code, _, errors = call("serve", MATCHER_DATE="x")
    assert code == 2
    assert "MATCHER_DATE" in one_line(errors)


def test_an_option_wins_over_its_variable(call):
    code, _, errors = call("serve", "--port", "wrong option", MATCHER_PORT="wrong variable")
    assert code == 2
    assert "wrong option" in errors


def test_settings_lists_each_variable_and_its_default(call):
    code, listed, _ = call("settings")
    assert code == 0
    for setting in SETTINGS:
        line = next(line for line in listed.splitlines() if line.startswith(setting.name + " "))
        assert setting.default in line
        assert setting.help["ja"] in line


@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_help_names_each_command(call, arguments):
    code, text, _ = call(*arguments)
    assert code == 0
    assert {"serve", "settings"} <= set(text.split())
