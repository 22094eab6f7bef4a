import asyncio
import time

import pytest
from starlette.concurrency import run_in_threadpool

from service.http.time_limit import TimeLimit

POST = {"type": "http", "method": "POST", "path": "/", "headers": []}


def run(app, receive=None):
    """The messages that are sent within a limit of 50 ms."""
    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(TimeLimit(app, 0.05)(POST, receive or a_body, send))
    return sent


async def a_body():
    return {"type": "http.request", "body": b"{}", "more_body": False}


async def never():
    await asyncio.sleep(60)


def test_what_is_done_in_time_is_answered():
    async def app(_scope, receive, send):
        await receive()
        await send({"type": "http.response.start", "status": 204, "headers": []})

    assert [message["status"] for message in run(app)] == [204]


def test_work_that_takes_too_long_is_unavailable():
    async def app(_scope, receive, _send):
        await receive()
        await asyncio.sleep(60)

    start, _body = run(app)
    assert start["status"] == 503
    assert (b"retry-after", b"1") in start["headers"]


def test_a_body_that_does_not_come_is_a_time_out_of_the_request():
    async def app(_scope, receive, _send):
        await receive()

    start, _body = run(app, never)
    assert start["status"] == 408
    assert (b"connection", b"close") in start["headers"]


def test_work_in_a_thread_is_not_waited_for():
    async def app(_scope, _receive, _send):
        await run_in_threadpool(time.sleep, 0.4)

    async def timed():
        sent = []

        async def send(message):
            sent.append(message)

        begun = asyncio.get_running_loop().time()
        await TimeLimit(app, 0.05)(POST, a_body, send)
        return sent[0]["status"], asyncio.get_running_loop().time() - begun

    status, seconds = asyncio.run(timed())
    assert status == 503
    assert seconds < 0.3


def test_an_answer_that_has_begun_is_broken_off():
    async def app(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.sleep(60)

    with pytest.raises(TimeoutError):
        run(app)


def test_the_works_own_time_out_is_its_own():
    async def app(_scope, _receive, _send):
        raise TimeoutError

    with pytest.raises(TimeoutError):
        run(app)
