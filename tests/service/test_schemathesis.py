"""The running service keeps to its own document, whatever it is sent: both roles, both databases."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
import uvicorn

from service.access.policy import POLICY
from service.access.principal import Role
from service.app import create_app
from service.http.metrics import Metrics
from service.settings import Settings
from tests.service.builders import ON, a_home, a_key
from tests.service.calls import HUB_A, two_hubs

RULES = Path(__file__).with_name("schemathesis.toml")
ROOT = RULES.parents[2]
# A password, or the row's own ETag beside a change that its state allows: chance alone need not find them.
# All but the password are in the document's links, and the packages' own tests show that they succeed.
NEED_KNOWLEDGE = {
    "open_session",
    "change_consultation",
    "change_dispatch",
    "change_expert_status",
    "record_outcome",
    "change_note",
    "remove_note",
}


@contextmanager
def served(database: str) -> Iterator[tuple[str, Metrics]]:
    """The address and the counts of the service on that database, on the world's own day, without limits of rate."""
    most = {"rate_per_minute": 0, "logins_per_minute": 0, "min_free_megabytes": 0}
    application = create_app(Settings(database=database, home=a_home(), **most), today=lambda: ON)
    server = uvicorn.Server(uvicorn.Config(application, port=0, log_config=None, access_log=False))
    running = Thread(target=server.run)
    running.start()
    try:
        while not server.started and running.is_alive():
            running.join(0.05)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", application.state.metrics
    finally:
        server.should_exit = True
        running.join()


def succeeded(metrics: Metrics) -> set[str]:
    """The routes that answered with what was asked for."""
    return set(re.findall(r'^matcher_request_seconds_count{route="(\w+)",status="2', metrics.text().decode(), re.M))


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_every_answer_is_documented_and_none_is_a_failure_of_ours(store, with_models, role, tmp_path):
    two_hubs(store)
    key = a_key(store, role, HUB_A if role is Role.COORDINATOR else None)
    program = [str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(RULES), "run"]
    header = ["--header", f"Authorization: {key['authorization']}"]
    with served(with_models) as (address, metrics):
        done = subprocess.run(
            [*program, f"{address}/openapi.json", *header],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
    assert done.returncode == 0, done.stdout + done.stderr
    allowed = {name for name, rule in POLICY.items() if rule.is_open or role in rule.reach}
    assert allowed - succeeded(metrics) <= NEED_KNOWLEDGE
