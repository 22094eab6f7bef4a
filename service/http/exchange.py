"""The outermost layer: a request gets its id, is counted and logged, and no failure gets past it with its message."""

import re
import time
from uuid import uuid4

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.http.logs import LOGGER
from service.http.metrics import Metrics
from service.problems import problem

REQUEST_ID = "x-request-id"
_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{8,64}")


class BrokenOff(Exception):  # noqa: N818
    """An answer that failed when a part of it was sent: the server closes the connection."""


class Exchange:
    """Takes the client's `X-Request-Id` or makes one; routes find it as `request.state.request_id`."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 500 to every exception that is left. Raises `BrokenOff` where the answer has begun."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope["state"] = {**scope.get("state", {}), "request_id": request_id}
        begun, status = time.perf_counter(), 0

        async def tagged(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (REQUEST_ID.encode(), request_id.encode())]
            await send(message)

        self.metrics.in_progress.inc()
        try:
            await self.app(scope, receive, tagged)
        except Exception as error:
            LOGGER.error("failure", exc_info=error, extra={"fields": {"request_id": request_id}})
            if status:
                raise BrokenOff from None
            await problem(500)(scope, receive, tagged)
        finally:
            self.metrics.in_progress.dec()
            self._told(scope, status, time.perf_counter() - begun)

    def _told(self, scope: Scope, status: int, seconds: float) -> None:
        """Status 0: the client left before it was answered."""
        route = getattr(scope.get("route"), "name", "none")
        self.metrics.answered(route, status, seconds)
        state = scope["state"]
        fields = {
            "request_id": state["request_id"],
            "method": scope["method"] if scope["method"] in _METHODS else "other",
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 2),
            "principal": state.get("principal_id"),
        }
        LOGGER.info("request", extra={"fields": fields})


_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def _request_id(scope: Scope) -> str:
    given = Headers(scope=scope).get(REQUEST_ID, "")
    return given if _ACCEPTED.fullmatch(given) else uuid4().hex
