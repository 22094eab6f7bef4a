"""The files of the worked deployment: what they call exists, what they set is read, what they promise is there."""

import configparser
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from service.cli import app
from service.settings import Settings

FOLDER = Path(__file__).parents[3] / "service" / "deployment"
UNITS = sorted(FOLDER.glob("matcher*.service"))
CONFIGURATION = (FOLDER / "nginx.conf").read_text(encoding="utf-8")


def variables() -> dict[str, str]:
    lines = (FOLDER / "environment").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def directives(text: str) -> list[tuple[int, list[str]]]:
    """Depth and words of each directive. Raises where braces, quotes or semicolons do not fit."""
    found, words, depth = [], [], 0
    lexer = shlex.shlex(text, posix=True, punctuation_chars="{};")
    lexer.whitespace_split = True
    for word in lexer:
        if word in (";", "{"):
            assert words, "nothing before the end of a directive"
            found.append((depth, words))
            words, depth = [], depth + (word == "{")
        elif set(word) == {"}"}:
            depth -= len(word)
            assert not words, f"no semicolon after {words}"
            assert depth >= 0
        else:
            words.append(word)
    assert (depth, words) == (0, [])
    return found


def calls(unit: Path) -> list[list[str]]:
    lines = re.findall(r"^ExecStart(?:Pre)?=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE)
    return [shlex.split(line) for line in lines]


def value(name: str) -> str:
    return re.search(rf"^\s*{name} (\S+);", CONFIGURATION, re.MULTILINE)[1]


def test_the_settings_are_the_services_own():
    settings = Settings.read(variables())
    assert settings.database.startswith("postgresql+psycopg://")
    assert settings.home.is_absolute()
    assert settings.data is not None, "an empty database would be filled with the invented sample"
    assert settings.data.is_absolute()


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_calls_commands_that_exist(unit):
    known = typer.main.get_command(app)
    text = unit.read_text(encoding="utf-8")
    called = re.findall(r"/matcher-service (\w+)(?: (\w+))?", text)
    assert called
    for name, inner in called:
        assert name in known.commands
        if hasattr(known.commands[name], "commands"):
            assert inner in known.commands[name].commands


def test_the_workers_are_started_from_the_factory_that_there_is():
    (command,) = [call for call in calls(FOLDER / "matcher.service") if call[0].endswith("/uvicorn")]
    module, _, name = command[command.index("--factory") + 1].partition(":")
    assert callable(getattr(__import__(module, fromlist=[name]), name))
    options = subprocess.run(
        [sys.executable, "-m", "uvicorn", "--help"], capture_output=True, text=True, check=False
    ).stdout
    assert {word for word in command if word.startswith("--")} <= set(re.findall(r"--[\w-]+", options))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_is_read_by_systemds_rules_and_runs_as_nobody_important(unit):
    read = configparser.ConfigParser(strict=False, interpolation=None, delimiters="=")
    read.optionxform = str
    read.read_string(unit.read_text(encoding="utf-8"))
    assert set(read.sections()) <= {"Unit", "Service", "Install"}
    assert read["Service"]["User"] == "matcher"
    assert read["Service"]["ProtectSystem"] == "strict"


def test_what_was_kept_long_enough_is_deleted_every_night_before_the_backup():
    commands = [shlex.join(call) for call in calls(FOLDER / "matcher-nightly.service")]
    (deleting,) = [place for place, command in enumerate(commands) if command.endswith("privacy retention")]
    (backing_up,) = [place for place, command in enumerate(commands) if " backup " in command]
    assert deleting < backing_up


def test_slow_clients_have_five_seconds():
    assert (value("client_header_timeout"), value("client_body_timeout")) == ("5s", "5s")


def test_the_proxy_waits_longer_than_the_service_works():
    assert int(value("proxy_read_timeout").removesuffix("s")) > int(variables()["MATCHER_REQUEST_SECONDS"])


def test_a_file_to_import_passes_the_proxy():
    assert (
        int(value("client_max_body_size").removesuffix("m")) * 1_000_000 > Settings.read(variables()).max_import_bytes
    )


def test_neither_log_holds_an_address_with_its_query():
    (form,) = [words for _, words in directives(CONFIGURATION) if words[0] == "log_format"]
    assert not re.search(r"\$(request\b|request_uri|args|query_string|uri|http_referer|request_body)", " ".join(form))
    assert value("error_log /var/log/nginx/matcher-error.log") == "crit"


def test_the_proxy_passes_to_where_the_workers_listen():
    (command,) = [call for call in calls(FOLDER / "matcher.service") if call[0].endswith("/uvicorn")]
    address = f"{command[command.index('--host') + 1]}:{command[command.index('--port') + 1]}"
    assert [words for depth, words in directives(CONFIGURATION) if words[0] == "server" and depth == 2] == [
        ["server", address]
    ]


@pytest.mark.skipif(
    not (shutil.which("nginx") and shutil.which("openssl")), reason="no nginx; the form is tested above"
)
def test_nginx_takes_the_configuration(tmp_path):
    tls = tmp_path / "matcher" / "tls"
    tls.mkdir(parents=True)
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=matcher.example.jp -out fullchain.pem"
    subprocess.run([*make.split(), "-keyout", "privkey.pem"], cwd=tls, check=True, capture_output=True)
    text = CONFIGURATION.replace("/etc/matcher", str(tmp_path / "matcher")).replace("/var/log/nginx", str(tmp_path))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    scratch = "".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in kinds)
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/pid;\n{text.replace('http {', 'http {' + scratch, 1)}")
    tested = subprocess.run(
        ["nginx", "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert tested.returncode == 0, tested.stderr
