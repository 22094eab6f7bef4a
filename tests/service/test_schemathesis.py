"""The running service keeps to its own document, whatever it is sent: both roles, both databases."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
import uvicorn

from service.app import create_app
from service.settings import Settings
from tests.service.builders import ON, a_home, a_key
from tests.service.calls import HUB_A, two_hubs

RULES = Path(__file__).with_name("schemathesis.toml")
ROOT = RULES.parents[2]


@contextmanager
def served(database: str) -> Iterator[str]:
    """The address of the service on that database, on the world's own day and without limits of rate."""
    most = {"rate_per_minute": 0, "logins_per_minute": 0, "min_free_megabytes": 0}
    application = create_app(Settings(database=database, home=a_home(), **most), today=lambda: ON)
    server = uvicorn.Server(uvicorn.Config(application, port=0, log_config=None, access_log=False))
    running = Thread(target=server.run)
    running.start()
    try:
        while not server.started and running.is_alive():
            running.join(0.05)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        running.join()


@pytest.mark.parametrize("role", ["coordinator", "administrator"])
def test_every_answer_is_documented_and_none_is_a_failure_of_ours(store, with_models, role, tmp_path):
    two_hubs(store)
    key = a_key(store, role, HUB_A if role == "coordinator" else None)
    program = [str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(RULES), "run"]
    header = ["--header", f"Authorization: {key['authorization']}"]
    with served(with_models) as address:
        done = subprocess.run(
            [*program, f"{address}/openapi.json", *header],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
    assert done.returncode == 0, done.stdout + done.stderr
