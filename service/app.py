"""The composition root of the service: settings in, one application out. Importing it does nothing."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from importlib.metadata import version

import pandas as pd
from fastapi import FastAPI
from fastapi.routing import APIRoute

from matcher.eligibility import Programme
from service import operations, routes
from service.access import routes as sessions
from service.access.gate import Gate
from service.access.register import StoreRegister
from service.audit import routes as audit
from service.body_limit import BodyLimit
from service.consultations import clients
from service.consultations import routes as consultations
from service.dispatches import routes as dispatches
from service.examples import ANSWERED
from service.experts import routes as experts
from service.http.exchange import Exchange
from service.http.logs import log_as_json
from service.http.metrics import Metrics
from service.http.openapi import completed
from service.http.rates import Rates
from service.http.time_limit import TimeLimit
from service.imports import routes as imports
from service.imports.routes import UPLOADS
from service.models import routes as models
from service.problems import HANDLERS
from service.readiness import Readiness, has_space, store_checks
from service.reports import routes as reports
from service.serving.day import today_in_japan
from service.serving.live import Serving
from service.settings import Settings
from service.shortlists import deciding
from service.shortlists import routes as shortlists
from service.store.engine import Store
from service.store.watch import Watch, watch

_ABOUT = "相談に合う専門家を、理由と確かさとともに順位づけします (ranks experts for a consultation, with reasons)."
ROUTERS = (
    routes.router,
    sessions.router,
    operations.router,
    consultations.router,
    clients.router,
    experts.router,
    audit.router,
    imports.router,
    reports.router,
    shortlists.router,
    deciding.router,
    dispatches.router,
    models.router,
)


def create_app(
    settings: Settings,
    *,
    store: Store | None = None,
    today: Callable[[], pd.Timestamp] = today_in_japan,
) -> FastAPI:
    """The application; when it starts, it opens the database and takes the data and the active model into memory.

    A store that is given stays the giver's to close.
    """
    programme = Programme.read(settings.programme)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.store = store or Store.open(settings.database_url)
        watching = watch(app.state.store)
        app.state.serving = Serving(
            app.state.store, watching, home=settings.home, programme=programme, lang=settings.lang, today=today
        )
        _connect(app, settings, watching)
        app.state.serving.start()
        yield
        app.state.serving.close()
        watching.close()
        if store is None:
            app.state.store.close()

    app = FastAPI(
        title="Expert matcher",
        version=version("expert-matcher"),
        description=_ABOUT,
        lifespan=lifespan,
        exception_handlers=HANDLERS,
        generate_unique_id_function=_operation_id,
    )
    app.state.settings = settings
    app.state.metrics = Metrics()
    app.add_middleware(BodyLimit, most=settings.max_body_bytes, exceptions={UPLOADS: settings.max_import_bytes})
    app.add_middleware(TimeLimit, seconds=settings.request_seconds)
    app.add_middleware(Exchange, metrics=app.state.metrics)  # the last one added is the outermost
    for router in ROUTERS:
        app.include_router(router)
    app.openapi = completed(app.openapi, {"ShortlistBody": [ANSWERED]})  # type: ignore[method-assign]  # as documented
    return app


def _connect(app: FastAPI, settings: Settings, watching: Watch) -> None:
    """What routes find in `request.app.state`, beyond what needs no database."""
    store: Store = app.state.store
    idle = timedelta(minutes=settings.session_idle_minutes)
    app.state.watch = watching
    app.state.gate = Gate(StoreRegister(store, watching, idle), Rates(settings.rate_per_minute), store.now)
    app.state.logins = Rates(settings.logins_per_minute)
    own = {
        "model": app.state.serving.model_is_sound,
        "disk": lambda: has_space(settings.home, settings.min_free_megabytes),
    }
    app.state.readiness = Readiness({**store_checks(store), **own})


def from_environment() -> FastAPI:
    """For `uvicorn --factory service.app:from_environment`, several workers included."""
    log_as_json()
    return create_app(Settings.read(os.environ))


def _operation_id(route: APIRoute) -> str:
    return route.name
