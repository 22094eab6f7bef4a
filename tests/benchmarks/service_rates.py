"""The service's rates as ratios of one run: a ranking to a stored answer, a stored shortlist to a bare commit.

`make benchmark-service`. One worker, `--connections` at a time, rounds in turn; a round's figures are printed as JSON.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import httpx2

from matcher.consultation import Consultation
from matcher.dataset import Dataset
from matcher.sample import generate
from service.models.retraining import retrain
from service.serving import model_files
from service.serving.day import today_in_japan
from service.store.engine import Store
from service.store.loading import load
from tests.benchmarks import bare
from tests.benchmarks.load import HOST, Job, as_json
from tests.benchmarks.served import ANSWERS, PATH
from tests.postgres import server
from tests.service.builders import a_key

K, ASKED = 10, 400
Measure = Callable[[str, list[str]], dict[str, Any]]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--experts", type=int, default=5_000)
    asked.add_argument("--connections", type=int, default=8)
    asked.add_argument("--seconds", type=float, default=5.0, help="of each measurement")
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--databases", default="sqlite,postgresql")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="rates-") as folder:
        home = Path(folder)
        data = generate(experts=options.experts, consultations=options.experts, seed=7, missing=0.4).data
        for kind in options.databases.split(","):
            with _database(kind, home) as url:
                _measure(kind, url, home, data, options)


def _measure(kind: str, url: str, home: Path, data: Dataset, options: argparse.Namespace) -> None:
    store = Store.open(url)
    _fill(store, home, data)
    consultations = [Consultation.from_row(row) for row in data.consultations.tail(ASKED).to_dict("records")]
    bodies = [json.dumps({**_known(one), "k": K}) for one in consultations]
    stored = [json.dumps({"consultation_id": one.consultation_id, "k": K}) for one in consultations]
    headers = a_key(store)
    with _server(url, home) as port:
        (home / "answers").write_bytes(b"\n".join(_answers(port, headers, bodies)))
        measure = partial(_load, port, headers, options)
        for body, path in ((bodies, "/v1/rank"), (stored, "/v1/shortlists")):
            measure(path, body)  # warm
        rounds = [_round(measure, bodies, stored, store, options) for _ in range(options.rounds)]
    store.close()
    for one in rounds:
        print(json.dumps({"database": kind, **one}))
    print(f"{kind}: {_summary(rounds)}", flush=True)


def _round(
    measure: Measure, bodies: list[str], stored: list[str], store: Store, options: argparse.Namespace
) -> dict[str, Any]:
    from service.store import shortlists

    rank, answer = measure("/v1/rank", bodies), measure(PATH, bodies)
    shortlist = measure("/v1/shortlists", stored)
    with store.read() as tx:
        newest = shortlists.page(tx, limit=1)[0]["shortlist_id"]
    commits = bare.rate(store, newest, writers=options.connections, seconds=options.seconds)
    return {"rank": rank, "stored answer": answer, "shortlist": shortlist, "bare commits": commits}


def _summary(rounds: list[dict[str, Any]]) -> str:
    ranks = median(one["rank"]["rate"] / one["stored answer"]["rate"] for one in rounds)
    kept = median(one["shortlist"]["rate"] / one["bare commits"] for one in rounds)
    rate, p99 = (median(one["rank"][name] for one in rounds) for name in ("rate", "p99"))
    stored, bare_rate = median(one["shortlist"]["rate"] for one in rounds), median(o["bare commits"] for o in rounds)
    return (
        f"rank {rate:.0f}/s = {ranks:.0%} of a stored answer, p99 {p99:.1f} ms; "
        f"shortlists {stored:.0f}/s = {kept:.0%} of {bare_rate:.0f} bare commits/s"
    )


def _fill(store: Store, home: Path, data: Dataset) -> None:
    store.migrate()
    model_files.folder(home)
    with store.write() as tx:
        load(tx, data)
    retrain(store, home, on=today_in_japan(), by="benchmark")


def _known(consultation: Consultation) -> dict[str, Any]:
    own = ("consultation_id", "status")
    return {name: cell for name, cell in consultation.to_json().items() if cell not in (None, []) and name not in own}


def _answers(port: int, headers: dict[str, str], bodies: list[str]) -> list[bytes]:
    headers = {**headers, "content-type": "application/json"}
    answers = [
        httpx2.post(f"http://{HOST}:{port}/v1/rank", content=body, headers=headers, timeout=60) for body in bodies
    ]
    assert {answer.status_code for answer in answers} == {200}, answers[0].text
    return [answer.content for answer in answers]


def _load(port: int, headers: dict[str, str], options: argparse.Namespace, path: str, bodies: list[str]) -> Any:
    job = Job(port, path, headers, bodies, options.connections, options.seconds)
    command = [sys.executable, "-m", "tests.benchmarks.load"]
    done = subprocess.run(command, input=as_json(job), capture_output=True, text=True, check=True)
    measured = json.loads(done.stdout)
    assert not measured["failed"], measured["first_failure"]
    return measured


@contextmanager
def _database(kind: str, home: Path) -> Iterator[str]:
    """An empty one that writes durably."""
    if kind == "sqlite":
        yield f"sqlite:///{home / 'rates.sqlite'}"
        return
    with server(fsync="on") as started, started.database("rates") as url:
        yield url


@contextmanager
def _server(url: str, home: Path) -> Iterator[int]:
    with socket.create_server((HOST, 0), backlog=256) as listening:
        listening.set_inheritable(True)
        settings = {"MATCHER_DATABASE": url, "MATCHER_HOME": str(home), "MATCHER_RATE_PER_MINUTE": "0"}
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MATCHER_")}
        environment |= settings | {ANSWERS: str(home / "answers")}
        command = [sys.executable, "-m", "tests.benchmarks.served", str(listening.fileno())]
        log = (home / "server.log").open("wb")
        with log, subprocess.Popen(command, env=environment, pass_fds=[listening.fileno()], stderr=log) as process:
            try:
                port = listening.getsockname()[1]
                _wait(port)
                yield port
            finally:
                process.terminate()


def _wait(port: int) -> None:
    until = time.monotonic() + 120
    while httpx2.get(f"http://{HOST}:{port}/health/ready", timeout=60).status_code != 200:
        assert time.monotonic() < until, "the server does not become ready"
        time.sleep(0.2)


if __name__ == "__main__":
    main()
