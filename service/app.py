"""The composition root of the service: settings in, one application out. Importing it does nothing."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

import pandas as pd
from fastapi import FastAPI
from fastapi.routing import APIRoute

from service.body_limit import BodyLimit
from service.examples import ANSWERED
from service.problems import HANDLERS, MEDIA_TYPE
from service.routes import Serving, router
from service.settings import Settings
from service.snapshot import Snapshot, today_in_japan

_ABOUT = "相談に合う専門家を、理由と確かさとともに順位づけします (ranks experts for a consultation, with reasons)."


def create_app(
    settings: Settings,
    *,
    snapshot: Snapshot | None = None,
    today: Callable[[], pd.Timestamp] = today_in_japan,
) -> FastAPI:
    """The application; data and model are loaded once, when it starts, unless a snapshot is given."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        held = snapshot or Snapshot.load(settings, on=today())
        app.state.serving = Serving(held, settings.lang, today)
        yield

    app = FastAPI(
        title="Expert matcher",
        version=version("expert-matcher"),
        description=_ABOUT,
        lifespan=lifespan,
        exception_handlers=HANDLERS,
        generate_unique_id_function=_operation_id,
    )
    app.add_middleware(BodyLimit, most=settings.max_body_bytes)
    app.include_router(router)
    app.openapi = _amended(app.openapi)  # type: ignore[method-assign]  # FastAPI's documented way
    return app


def from_environment() -> FastAPI:
    """For `uvicorn --factory service.app:from_environment`, several workers included."""
    return create_app(Settings.read(os.environ))


def _operation_id(route: APIRoute) -> str:
    return route.name


def _amended(document: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
    """FastAPI calls every response application/json, ours of 400 and more are problems; and it drops nulls."""

    def amended() -> dict[str, Any]:
        described = document()
        described["components"]["schemas"]["ShortlistBody"]["examples"] = [ANSWERED]
        for operations in described["paths"].values():
            for operation in operations.values():
                for status, response in operation["responses"].items():
                    if status >= "400" and "application/json" in response["content"]:
                        response["content"][MEDIA_TYPE] = response["content"].pop("application/json")
        return described

    return amended
