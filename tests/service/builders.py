"""A small world, its model and the application over them; made once, for nothing in them ever changes."""

import atexit
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
from fastapi.testclient import TestClient

from matcher.dataset import Dataset
from matcher.eligibility import Programme
from matcher.rankers import make_ranker
from matcher.rankers.model_file import Model
from matcher.sample import World, generate
from matcher.training import train
from service.access.credentials import digest, new_key
from service.access.principal import SCOPES, Role
from service.app import create_app
from service.serving import model_files
from service.serving.snapshot import Snapshot
from service.settings import Settings
from service.store import models
from service.store.engine import Store, Tx
from service.store.holdings import Holdings
from service.store.keys import add_key
from service.store.loading import load
from service.store.models import Trained

ON = pd.Timestamp("2026-04-01")
EARLIER_MODEL = "additive-earlier"


@cache
def a_world() -> World:
    return generate(experts=60, consultations=400, seed=7)


def a_dataset() -> Dataset:
    return a_world().data


def a_model(data: Dataset, path: Path) -> Model:
    return train(data, make_ranker("additive"), path=path, as_of=ON)


@cache
def _folder() -> Path:
    """Where the databases of all clients of this run lie."""
    folder = TemporaryDirectory(prefix="matcher_databases_")
    atexit.register(folder.cleanup)
    return Path(folder.name)


@cache
def _migrated() -> Path:
    """A database without rows but for the model of the small world, which is active."""
    return _made("migrated", lambda _tx: None)


@cache
def _filled() -> Path:
    """The same with the small world's data."""
    return _made("filled", lambda tx: load(tx, a_dataset()))


def _made(name: str, fill: Callable[[Tx], Any]) -> Path:
    path = _folder() / f"{name}.sqlite"
    store = Store.open(f"sqlite:///{path}")
    store.migrate()
    for model_id in (EARLIER_MODEL, a_trained_model().model_id):
        with store.write() as tx:
            activate_model(tx, model_id)
    with store.write() as tx:
        fill(tx)
    store.close()
    return path


@cache
def a_trained_model() -> Trained:
    """The model of the small world, its file in the home of all clients."""
    scratch = model_files.folder(a_home()) / "scratch"
    return model_files.keep(a_home(), scratch, a_model(a_dataset(), scratch))


def activate_model(tx: Tx, model_id: str | None = None) -> None:
    """The small world's model, under its own name or another."""
    model_id = model_id or a_trained_model().model_id
    models.register(tx, replace(a_trained_model(), model_id=model_id))
    models.activate(tx, model_id)


@cache
def a_snapshot() -> Snapshot:
    """What answers from the small world."""
    store = Store.open(a_filled_database())
    with store.read() as tx:
        holdings = Holdings.read(tx)
    store.close()
    return Snapshot.of(holdings, model_files.load(a_home(), holdings.model), Programme.default(), on=ON)


def a_home() -> Path:
    return _folder() / "home"


_numbers = count()


def a_database() -> str:
    """The URL of a SQLite database of its own: migrated, with a model, and no rows."""
    return a_copy(f"sqlite:///{_migrated()}")


def a_filled_database() -> str:
    """The URL of one with the small world's data."""
    return a_copy(f"sqlite:///{_filled()}")


def a_copy(database: str) -> str:
    """The URL of a copy of a SQLite database."""
    path = _folder() / f"{next(_numbers)}.sqlite"
    shutil.copy(database.removeprefix("sqlite:///"), path)
    return f"sqlite:///{path}"


def a_key(store: Store, role: str = "administrator", hub_id: str | None = None, **more: Any) -> dict[str, str]:
    """The headers of a caller of that role; `scopes` and `expires_at` may be given."""
    made = new_key()
    more = {"scopes": list(SCOPES[Role(role)]), **more}
    with store.write() as tx:
        add_key(tx, prefix=made.prefix, sha256=digest(made.secret), name=role, role=role, hub_id=hub_id, **more)
    return {"authorization": f"Bearer {made.secret}"}


def a_client(*, database: str | None = None, **settings: Any) -> TestClient:
    """An administrator's client, over an empty database of its own unless one is named; use it in a `with`."""
    settings = {"home": a_home(), "min_free_megabytes": 0, "rate_per_minute": 0, **settings}
    app = create_app(Settings(database=database or a_database(), **settings), today=lambda: ON)
    store = Store.open(app.state.settings.database)
    headers = a_key(store)
    store.close()
    return TestClient(app, headers=headers, raise_server_exceptions=False)
