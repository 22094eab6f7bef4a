"""Two workers on one database: what one learns the other knows, counts are common, and a stop loses no answer."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import httpx2
import pytest

from service.access.accounts import revoke_key
from service.http.metrics import FOLDER
from service.store.engine import Store
from service.store.keys import list_keys
from tests.service.builders import a_key

# A worker as uvicorn starts it, with the sample routes in place of a snapshot that would have to be trained.
WORKER = """
import os, sys
import uvicorn
from unittest.mock import patch
from service.access.policy import POLICY
from service.app import create_app
from service.http.logs import log_as_json
from service.settings import Settings
from tests.service.sample import RULES, sample_router
log_as_json()
with patch.dict(POLICY, RULES):
    app = create_app(Settings.read(os.environ))
    app.include_router(sample_router())
    uvicorn.Server(uvicorn.Config(app, fd=int(sys.argv[1]), log_config=None, access_log=False)).run()
"""


@contextmanager
def a_worker(database, folder):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.set_inheritable(True)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MATCHER_")}
        environment |= {"MATCHER_DATABASE": database, "MATCHER_MIN_FREE_MEGABYTES": "0", FOLDER: str(folder)}
        command = [sys.executable, "-c", WORKER, str(listening.fileno())]
        with subprocess.Popen(command, env=environment, pass_fds=[listening.fileno()]) as process:
            try:
                yield process, f"http://127.0.0.1:{listening.getsockname()[1]}"
            finally:
                process.kill()


@pytest.fixture
def workers(database_url, tmp_path):
    with a_worker(database_url, tmp_path) as first, a_worker(database_url, tmp_path) as second:
        for _, address in (first, second):
            assert httpx2.get(f"{address}/health/live", timeout=60).status_code == 200
        yield first, second


def test_two_workers_share_keys_and_counts_and_drain_when_stopped(workers, database_url):
    (process, first), (_, second) = workers
    store = Store.open(database_url)
    headers = a_key(store)
    assert [httpx2.get(f"{address}/sample/who", headers=headers).status_code for address in (first, second)] == [
        200,
        200,
    ]
    name = re.escape('matcher_request_seconds_count{route="who",status="200"}')
    for address in (first, second):
        assert re.search(rf"^{name} 2.0$", httpx2.get(f"{address}/metrics", headers=headers).text, re.MULTILINE)
    with store.write() as tx:
        revoke_key(tx, list_keys(tx)[0].prefix)
    store.close()
    time.sleep(0 if "sqlite" in database_url else 0.1)
    assert [httpx2.get(f"{address}/sample/who", headers=headers).status_code for address in (first, second)] == [
        401,
        401,
    ]
    answers = []
    asking = threading.Thread(target=lambda: answers.append(httpx2.get(f"{first}/sample/sleep?seconds=1", timeout=30)))
    asking.start()
    time.sleep(0.4)
    process.send_signal(signal.SIGTERM)
    asking.join()
    assert answers[0].json() == "slept"
    assert process.wait(10) in (0, -signal.SIGTERM)
