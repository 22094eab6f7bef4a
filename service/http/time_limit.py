"""The longest that a request may take, its body's arrival included."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.problems import problem


class TimeLimit:
    """Answers 408 to a body that does not arrive in time, 503 to work that is not done in time.

    Work in a thread cannot be stopped: it goes on, and a transaction in it may still be committed, which is what
    `Idempotency-Key` is for. The database's own time-outs end it.
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self.app = app
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises `TimeoutError` where the answer has begun."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        waiting = begun = False

        async def watched_receive() -> Message:
            nonlocal waiting
            waiting = True
            message = await receive()
            waiting = False
            return message

        async def watched_send(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            async with asyncio.timeout(self.seconds) as limit:
                await self.app(scope, watched_receive, watched_send)
        except TimeoutError:
            if begun or not limit.expired():
                raise
            late = problem(408, headers={"Connection": "close"}) if waiting else problem(503)
            await late(scope, receive, send)
