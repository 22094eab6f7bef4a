"""Counts of one process, and of several together."""

import os
import re
import subprocess
import sys

from service.http.metrics import FOLDER, Metrics

COUNT = 'matcher_request_seconds_count{route="rank",status="200"}'
WORKER = """
from service.http.metrics import Metrics
metrics = Metrics()
metrics.answered("rank", 200, .01)
metrics.answered("rank", 200, .02)
metrics.in_progress.inc()
print(metrics.text().decode())
"""


def value(text: str, name: str) -> float:
    return float(re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)[1])


def test_requests_are_counted_by_route_and_status(sample):
    sample.get("/v1/nothing")
    before = sample.get("/metrics").text
    sample.get("/sample/who")
    sample.get("/v1/nothing")
    after = sample.get("/metrics")
    assert after.headers["content-type"].startswith("text/plain")
    name = 'matcher_request_seconds_count{route="%s",status="%s"}'
    assert value(after.text, name % ("none", 404)) == value(before, name % ("none", 404)) + 1
    assert value(after.text, name % ("who", 200)) >= 1
    assert value(after.text, "matcher_requests_in_progress") == 1


def test_times_fall_into_their_buckets():
    metrics = Metrics()
    metrics.answered("rank", 200, 0.003)
    text = metrics.text().decode()
    assert value(text, 'matcher_request_seconds_bucket{le="0.0025",route="rank",status="200"}') == 0
    assert value(text, 'matcher_request_seconds_bucket{le="0.005",route="rank",status="200"}') == 1


def test_any_worker_tells_the_counts_of_all(tmp_path):
    def worker() -> str:
        environment = os.environ | {FOLDER: str(tmp_path)}
        return subprocess.run(
            [sys.executable, "-c", WORKER], env=environment, capture_output=True, text=True, check=True
        ).stdout

    assert value(worker(), COUNT) == 2
    second = worker()
    assert value(second, COUNT) == 4
