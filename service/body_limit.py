"""The limit on request bodies, stated or chunked, answered as a problem."""

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.problems import problem

TOO_LARGE = 413


class BodyLimit:
    """Refuses bodies of more than `most` bytes before they are held in memory.

    FastAPI's own `max_body_size` answers in plain text where the length is stated, whatever the handlers say.
    """

    def __init__(self, app: ASGIApp, most: int, exceptions: Mapping[str, int] | None = None) -> None:
        self.app = app
        self.most = most
        self.exceptions = exceptions or {}  # addresses with a limit of their own

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 413 itself where the length is stated, else while the body is read."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = self.exceptions.get(scope["path"], self.most)
        stated = Headers(scope=scope).get("content-length", "")
        if stated.isdecimal() and (len(stated) > 18 or int(stated) > most):
            await problem(TOO_LARGE)(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise HTTPException(TOO_LARGE)
            return message

        await self.app(scope, counted, send)
