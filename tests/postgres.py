"""A real PostgreSQL server for the tests, started by themselves; nothing outside a temporary folder is touched.

It needs the server's programs (Debian: `apt-get install postgresql`). Where there are none the tests fail: half of
what the service promises would be untested.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

_AS_POSTGRES = ("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--pdeathsig=QUIT")
_START_SECONDS = 30


@dataclass(frozen=True)
class Server:
    """A running server, reached through the socket in `folder`."""

    folder: Path

    def url(self, database: str) -> str:
        """For SQLAlchemy."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def run(self, command: str) -> None:
        """One command on the database that is always there."""
        with psycopg.connect(f"host={self.folder} user=postgres dbname=postgres", autocommit=True) as connection:
            connection.execute(command.encode())

    @contextmanager
    def database(self, name: str, *, template: str = "template0") -> Iterator[str]:
        """The URL of a new database, which is gone afterwards, whoever still uses it."""
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def server(*, fsync: str = "off") -> Iterator[Server]:
    """A new server. Its language sorts unlike code points do, so that a test sees where that matters."""
    initdb, postgres = (_program(name) for name in ("initdb", "postgres"))
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        data, log = folder / "data", folder / "log"
        options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync", "--no-instructions"]
        language = ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en"]
        _run([initdb, "--pgdata", str(data), *options, *language])
        quick = [f"fsync={fsync}", "listen_addresses=", f"unix_socket_directories={folder}", "max_connections=200"]
        command = [*_user(), postgres, "-D", str(data), *(word for setting in quick for word in ("-c", setting))]
        with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out, cwd="/") as process:
            try:
                yield _ready(Server(folder), process, log)
            finally:
                process.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept


def _program(name: str) -> str:
    folders = [str(folder) for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    found = shutil.which(name, path=os.pathsep.join([*folders, os.environ.get("PATH", "")]))
    if found is None:
        pytest.fail(f"{name} is not installed; these tests need a PostgreSQL server (apt-get install postgresql)")
    return found


def _user() -> tuple[str, ...]:
    """The server refuses to run as root."""
    return _AS_POSTGRES if os.geteuid() == 0 else ()


def _run(command: list[str]) -> None:
    done = subprocess.run([*_user(), *command], capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, done.stderr


def _ready(server: Server, process: "subprocess.Popen[bytes]", log: Path) -> Server:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with suppress(psycopg.OperationalError):
            server.run("SELECT 1")
            return server
        time.sleep(0.05)
    raise AssertionError(log.read_text())
