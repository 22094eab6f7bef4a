"""The whole way by HTTP alone, against a server that was really started: from a file to a model that learned from it.

Only what a cron job does, training, is a command.
"""

import io
import os
import socket
import subprocess
import sys
import time
import zipfile
from contextlib import contextmanager

import httpx2
import pytest

from matcher.sample.folder import TABLES_WRITTEN, write
from service.imports.upload import ZIP
from tests.service.builders import a_key, a_world
from tests.service.commands import call_of

ASKED = {
    "category": "Web・SNS・EC活用",
    "prefecture_code": "東京",
    "employees": "５",
    "mode": "オンライン",
    "description": "ネットショップに客が来ない。",
    "client": {"name": "株式会社みほん", "registered": "はい"},
}


def a_file(folder):
    """A register of 60 experts as a ZIP of CSV files."""
    write(a_world(), folder / "sample")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in TABLES_WRITTEN:
            archive.write(folder / "sample" / f"{name}.csv", f"{name}.csv")
    return target.getvalue()


@contextmanager
def a_server(settings):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.set_inheritable(True)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MATCHER_")}
        command = [sys.executable, "-m", "uvicorn", "--factory", "service.app:from_environment"]
        command += ["--fd", str(listening.fileno()), "--log-level", "warning"]
        with subprocess.Popen(command, env=environment | settings, pass_fds=[listening.fileno()]) as process:
            try:
                yield f"http://127.0.0.1:{listening.getsockname()[1]}"
            finally:
                process.terminate()


@pytest.fixture
def settings(database_url, tmp_path):
    return {"MATCHER_DATABASE": database_url, "MATCHER_HOME": str(tmp_path), "MATCHER_MIN_FREE_MEGABYTES": "0"}


@pytest.fixture
def caller(settings, store):
    """Makes a client of a role; keys are what an operator hands out."""
    with a_server(settings) as address:
        opened = []

        def call(role, hub_id=None):
            opened.append(httpx2.Client(base_url=address, headers=a_key(store, role, hub_id), timeout=60))
            return opened[-1]

        yield call
        for client in opened:
            client.close()


def ok(answer):
    assert 200 <= answer.status_code < 300, answer.text
    return answer.json()


def is_ready(client):
    """As a load balancer waits; a model that was trained is in use a moment later."""
    until = time.monotonic() + 60
    while client.get("/health/ready").status_code != 200:
        assert time.monotonic() < until, client.get("/health/ready").text
        time.sleep(0.1)
    return True


def imported(client, content):
    """The hub that the register's first client came to."""
    checked = ok(client.post("/v1/imports", content=content, headers={"Content-Type": ZIP}))
    assert (checked["status"], checked["difference"]["experts"]["added"]) == ("checked", 60)
    assert ok(client.post(f"/v1/imports/{checked['import_id']}/apply"))["status"] == "applied"
    return ok(client.get("/v1/consultations?limit=1"))["items"][0]["hub_id"]


def decided(client, shortlist):
    """The dispatch of the second on the list, who has accepted."""
    expert_id = shortlist["shortlist"]["items"][1]["expert_id"]
    asked = {"kind": "expert", "expert_id": expert_id, "reason": "近い"}
    decision = ok(client.post(f"/v1/shortlists/{shortlist['shortlist_id']}/decision", json=asked))
    assert decision["rank"] == 2
    address = f"/v1/dispatches/{decision['dispatch_id']}"
    tag = {"If-Match": client.get(address).headers["etag"]}
    ok(client.patch(address, json={"status": "accepted"}, headers=tag))
    return address


def told(client, address):
    tag = {"If-Match": client.get(address).headers["etag"], "Idempotency-Key": "outcome-1"}
    outcome = {"visits": "２", "resolved": "はい", "satisfaction": 5, "report_on_time": "はい"}
    assert ok(client.post(f"{address}/outcome", json=outcome, headers=tag))["status"] == "completed"


def activated(client):
    """The model that did not serve, which does now."""
    models = ok(client.get("/v1/models"))["items"]
    assert len(models) == 2
    (other,) = [model["model_id"] for model in models if not model["active"]]
    ok(client.post(f"/v1/models/{other}/activate"))
    return other


def ranked_by(client, model_id):
    """The ranking, once the worker has changed over."""
    until = time.monotonic() + 60
    while (ranking := ok(client.post("/v1/rank", json={"category": "finance"})))["model"]["id"] != model_id:
        assert time.monotonic() < until
        time.sleep(0.1)
    return ranking


def test_from_a_file_to_a_model_that_learned_from_what_came_of_it(caller, settings, tmp_path, monkeypatch, capsys):
    command = call_of(monkeypatch, capsys, settings)
    administrator = caller("administrator")
    hub_id = imported(administrator, a_file(tmp_path))
    assert command("retrain")[0] == 0
    assert is_ready(administrator)
    coordinator = caller("coordinator", hub_id)
    consultation = ok(coordinator.post("/v1/consultations", json=ASKED))
    asked = {"consultation_id": consultation["consultation_id"], "k": 5}
    shortlist = ok(coordinator.post("/v1/shortlists", json=asked))
    assert len(shortlist["shortlist"]["items"]) == 5
    dispatch = decided(coordinator, shortlist)
    due = {row["dispatch_id"] for row in ok(coordinator.get("/v1/follow-ups?days=0&limit=200"))["items"]}
    assert dispatch.rpartition("/")[2] in due
    told(coordinator, dispatch)
    assert command("retrain")[0] == 0
    other = activated(administrator)
    assert len(ranked_by(coordinator, other)["items"]) == 10
    again = ok(coordinator.post("/v1/shortlists", json=asked))
    assert again["model_id"] == other
    assert ok(coordinator.get(f"/v1/shortlists/{shortlist['shortlist_id']}"))["shortlist"] == shortlist["shortlist"]
    for made in (shortlist, again):
        assert command("shortlists", "reproduce", made["shortlist_id"])[0] == 0
    verdict = ok(caller("auditor").get("/v1/audit/verification"))
    assert verdict["broken"] is None
    assert verdict["sound"] > 10
    assert command("audit", "verify")[0] == 0
