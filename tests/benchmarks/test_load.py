import asyncio
import json

import pytest

from tests.benchmarks.load import HOST, Job, as_json, run


async def measured(status):
    """Of a server that answers in two parts and keeps what it was asked."""
    asked = []

    async def answer(reader, writer):
        while head := await reader.read(10_000):
            asked.append(head)
            writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: 5\r\n\r\n12".encode())
            await writer.drain()
            await asyncio.sleep(0.001)
            writer.write(b"345")
        writer.close()

    server = await asyncio.start_server(answer, HOST, 0)
    port = server.sockets[0].getsockname()[1]
    job = Job(port, "/there", {"authorization": "Bearer x"}, ["{}", '{"k":1}'], connections=2, seconds=0.1)
    found = await run(Job(**json.loads(as_json(job))))
    server.close()
    return found, asked


def test_every_answer_is_measured_as_a_whole():
    found, asked = asyncio.run(measured(200))
    assert found["failed"] == 0
    assert found["bytes"] == len(b"HTTP/1.1 200 X\r\nContent-Length: 5\r\n\r\n12345")
    assert 1 <= found["p50"] <= found["p99"]
    assert found["rate"] == pytest.approx(len(asked) / 0.1, rel=0.5)
    assert {request.rpartition(b"\r\n\r\n")[2] for request in asked} == {b"{}", b'{"k":1}'}
    assert all(b"POST /there HTTP/1.1\r\n" in request and b"Bearer x" in request for request in asked)


def test_failures_are_counted_and_the_first_is_shown():
    found, asked = asyncio.run(measured(503))
    assert found["failed"] == len(asked)
    assert found["first_failure"].startswith("HTTP/1.1 503")
