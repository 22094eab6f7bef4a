"""A small world, its model and the application over them; made once, for nothing in them ever changes."""

import atexit
import shutil
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
from service.settings import Settings
from service.snapshot import Snapshot
from service.store.engine import Store
from service.store.keys import add_key

ON = pd.Timestamp("2026-04-01")


@cache
def a_world() -> World:
    return generate(experts=60, consultations=400, seed=7)


def a_dataset() -> Dataset:
    return a_world().data


def a_model(data: Dataset, path: Path) -> Model:
    return train(data, make_ranker("additive"), path=path, as_of=ON)


@cache
def a_snapshot() -> Snapshot:
    with TemporaryDirectory() as folder:
        data = a_dataset()
        return Snapshot.of(data, a_model(data, Path(folder) / "m"), Programme.default(), on=ON)


@cache
def _folder() -> Path:
    """Where the databases of all clients of this run lie."""
    folder = TemporaryDirectory(prefix="matcher_databases_")
    atexit.register(folder.cleanup)
    return Path(folder.name)


@cache
def _migrated() -> Path:
    store = Store.open(f"sqlite:///{_folder() / 'migrated.sqlite'}")
    store.migrate()
    store.close()
    return _folder() / "migrated.sqlite"


_numbers = count()


def a_database() -> str:
    """The URL of a migrated, empty SQLite database of its own."""
    return a_copy(f"sqlite:///{_migrated()}")


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


def a_client(snapshot: Snapshot | None = None, *, database: str | None = None, **settings: Any) -> TestClient:
    """An administrator's client, over a database of its own unless one is named; use it in a `with`."""
    settings = {"min_free_megabytes": 0, "rate_per_minute": 0, **settings}
    held = snapshot or (None if "data" in settings else a_snapshot())
    app = create_app(Settings(database=database or a_database(), **settings), snapshot=held, today=lambda: ON)
    store = Store.open(app.state.settings.database)
    headers = a_key(store)
    store.close()
    return TestClient(app, headers=headers, raise_server_exceptions=False)
