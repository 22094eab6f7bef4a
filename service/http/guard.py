"""The route class of all routers: nothing of a request is read before the policy has let it through."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute

from service.access.gate import Access, Gate
from service.access.policy import POLICY
from service.problems import Refused
from service.store.engine import Store


class GuardedRoute(APIRoute):
    """A route under the policy of its name. One that is not listed there is refused to everyone (403)."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The framework's handler, behind the gate and the check of the media type."""
        answer = super().get_route_handler()
        rule = POLICY.get(self.name)
        media_type = body_type(self)

        async def guarded(request: Request) -> Response:
            if rule is None:
                raise Refused(403)
            if not rule.is_open:
                gate: Gate = request.app.state.gate
                request.state.access = access = await gate.admit(request, rule)
                request.scope["state"]["principal_id"] = access.principal.id
            if media_type:
                _check_type(request, media_type)
            if "idempotency-key" in request.headers:
                await request.body()  # before a form takes it: the whole request is what must be the same again
            return await answer(request)

        return guarded


def body_type(route: APIRoute) -> str | None:
    """The media type of the bodies that the route declares (`Body(media_type=...)`, else JSON); None: no body."""
    return None if route.body_field is None else getattr(route.body_field.field_info, "media_type", None)


def _check_type(request: Request, accepted: str) -> None:
    """Raises 415 for a body of another type; a request without a body and a type is judged as an empty one."""
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    has_body = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    if sent != accepted and (sent or has_body):
        raise Refused(415, headers={"Accept": accepted})


def guarded_router(tag: str) -> APIRouter:
    """A router whose routes stand under the policy."""
    return APIRouter(route_class=GuardedRoute, tags=[tag])


async def _access(request: Request) -> Access:
    access = request.state.access
    assert isinstance(access, Access)
    return access


async def _store(request: Request) -> Store:
    store = request.app.state.store
    assert isinstance(store, Store)
    return store


Allowed = Annotated[Access, Depends(_access)]
Stored = Annotated[Store, Depends(_store)]
