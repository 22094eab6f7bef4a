"""A load client of its own process: raw HTTP/1.1 over a few connections, each with one request at a time.

`python -m tests.benchmarks.load` reads a job (JSON) from standard input and prints what it measured. `cpu` is the share
of one core that the client itself used: well below 1, it was not what was slow.
"""

import asyncio
import json
import re
import sys
import time
from dataclasses import asdict, dataclass, field
from itertools import cycle
from typing import Any

import numpy as np

HOST = "127.0.0.1"
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Job:
    """What to ask: each body in turn, over this many connections, for this long."""

    port: int
    path: str
    headers: dict[str, str]
    bodies: list[str]
    connections: int
    seconds: float


@dataclass
class Measured:
    """Milliseconds of each answer; `failed` counts answers of 400 and more, whose first one is shown."""

    milliseconds: list[float] = field(default_factory=list)
    received: int = 0
    failed: int = 0
    first_failure: str = ""


class _Connection(asyncio.Protocol):
    def __init__(self, requests: Any, until: float, measured: Measured, done: "asyncio.Future[None]") -> None:
        self.requests, self.until, self.measured, self.done = requests, until, measured, done
        self.held, self.wanted = bytearray(), 0

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        self.held, self.wanted, self.begun = bytearray(), 0, time.perf_counter()
        self.transport.write(next(self.requests))

    def data_received(self, data: bytes) -> None:
        self.held += data
        if not self.wanted:
            head = self.held.find(b"\r\n\r\n")
            if head < 0:
                return
            length = _LENGTH.search(self.held, 0, head)
            self.wanted = head + 4 + (int(length[1]) if length else 0)
        if len(self.held) >= self.wanted:
            self.answered()

    def answered(self) -> None:
        now = time.perf_counter()
        self.measured.milliseconds.append((now - self.begun) * 1000)
        self.measured.received += self.wanted
        if self.held[9:10] not in (b"2", b"3"):
            self.measured.failed += 1
            self.measured.first_failure = self.measured.first_failure or self.held.decode(errors="replace")
        if now < self.until:
            self.ask()
        else:
            self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


async def run(job: Job) -> dict[str, Any]:
    """Requests a second, quantiles in milliseconds, bytes an answer."""
    head = "".join(f"{name}: {value}\r\n" for name, value in job.headers.items())
    requests = cycle([_request(job.path, head, body.encode()) for body in job.bodies])
    loop, measured = asyncio.get_running_loop(), Measured()
    begun, used = time.perf_counter(), time.process_time()
    ends = [loop.create_future() for _ in range(job.connections)]
    for done in ends:
        connect = lambda done=done: _Connection(requests, begun + job.seconds, measured, done)  # noqa: E731
        await loop.create_connection(connect, HOST, job.port)
    await asyncio.gather(*ends)
    took = time.perf_counter() - begun
    p50, p99 = np.quantile(measured.milliseconds, [0.5, 0.99])
    return {
        "rate": len(measured.milliseconds) / took,
        "p50": float(p50),
        "p99": float(p99),
        "bytes": measured.received / len(measured.milliseconds),
        "failed": measured.failed,
        "first_failure": measured.first_failure,
        "cpu": (time.process_time() - used) / took,
    }


def _request(path: str, head: str, body: bytes) -> bytes:
    lines = f"POST {path} HTTP/1.1\r\nhost: {HOST}\r\n{head}content-type: application/json\r\n"
    return f"{lines}content-length: {len(body)}\r\n\r\n".encode() + body


def as_json(job: Job) -> str:
    """For the client's standard input."""
    return json.dumps(asdict(job))


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(Job(**json.load(sys.stdin))))))
