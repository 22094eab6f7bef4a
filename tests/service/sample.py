"""An application with a few routes as their authors would write them, over the foundation alone."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any
from unittest.mock import patch

from fastapi import APIRouter, Body, Response
from fastapi.testclient import TestClient
from pydantic import BaseModel, Field

from service.access.policy import POLICY, Reach, Rule
from service.access.principal import Role, Scope
from service.http.bodies import Asked
from service.http.etags import Expected, etag
from service.http.guard import Allowed, Stored, guarded_router
from service.http.once import Answer, OnceOnly
from service.http.pages import Paged, Paging
from service.problems import Refused, responses
from service.store.engine import Tx
from service.store.errors import StaleError
from service.store.hubs import HUBS
from tests.service.builders import a_client

EVERY = {role: Reach.OWN_HUB if role is Role.COORDINATOR else Reach.ALL for role in Role}
RULES = {
    "who": Rule(EVERY),
    "numbers": Rule(EVERY),
    "make_hub": Rule(EVERY, Scope.WRITE),
    "upload": Rule(EVERY, Scope.WRITE),
    "change_hub": Rule(EVERY, Scope.WRITE),
    "fail": Rule({}),
    "sleep": Rule({}),
    "refuse": Rule({}),
    "breaking": Rule({}),
}


class Part(Asked):
    size: int = Field(ge=1, description="大きさ (a size)")


class HubAsked(Asked):
    hub_id: str = Field(min_length=1, description="番号 (an id)")
    parts: list[Part] = Field([], description="部品 (parts)")


class Number(BaseModel):
    number: int


def sample_router() -> APIRouter:
    """Made anew for each application: what a route may do is read from the policy when it is made."""
    router = guarded_router("sample")

    @router.get("/sample/who")
    async def who(access: Allowed) -> dict[str, str | None]:
        return {"id": access.principal.id, "role": access.principal.role, "hub": access.hub}

    @router.get("/sample/numbers", response_model=Paged[Number])
    async def numbers(page: Paging) -> Any:
        after = page.after(int)
        first = after[0] + 1 if after else 0
        return page.of([Number(number=n) for n in range(first, 5)][: page.fetch], key=lambda row: (row.number,))

    @router.post("/sample/hubs", status_code=201, responses=responses(409))
    def make_hub(asked: HubAsked, once: OnceOnly) -> Response:
        def work(tx: Tx) -> Answer:
            row = HUBS.create(tx, {"hub_id": asked.hub_id})
            if asked.hub_id == "crash":
                raise RuntimeError("half done")
            return Answer(201, {"hub_id": row["hub_id"]}, etag(row["revision"]))

        return once(work)

    @router.post("/sample/upload")
    def upload(content: Annotated[bytes, Body(media_type="text/csv")]) -> dict[str, int]:
        return {"size": len(content)}

    @router.patch("/sample/hubs/{hub_id}", responses=responses(404, 412, 428))
    def change_hub(hub_id: str, expected: Expected, store: Stored, response: Response) -> dict[str, str]:
        with store.write() as tx:
            row = HUBS.change(tx, hub_id, {"name": "new"}, expected=expected)
        response.headers.update(etag(row["revision"]))
        return {"name": row["name"]}

    @router.get("/sample/fail")
    async def fail() -> None:
        raise StaleError("thing", 1) from ValueError("SECRET")

    @router.get("/sample/sleep")
    def sleep(seconds: float) -> str:
        time.sleep(seconds)
        return "slept"

    @router.get("/sample/refuse")
    async def refuse() -> None:
        raise Refused(409, "もう決まっています (decided already)", [("expert_id", "別の人 (another one)")])

    @router.get("/sample/breaking")
    async def breaking() -> None:
        raise RuntimeError("SECRET") from ValueError("SECRET")

    return router


@contextmanager
def a_sample_client(**settings: Any) -> Iterator[TestClient]:
    """Its routes need no snapshot, so that there is none."""
    with patch.dict(POLICY, RULES):
        client = a_client(**settings)
        client.app.include_router(sample_router())
        with client:
            yield client
