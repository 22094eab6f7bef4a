"""A small world, its model and the application over them; made once, for nothing in them ever changes."""

from functools import cache
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
from service.app import create_app
from service.settings import Settings
from service.snapshot import Snapshot

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


def a_client(snapshot: Snapshot | None = None, **settings: Any) -> TestClient:
    """Answers 500 like a server, instead of raising what is behind it; use it in a `with`."""
    app = create_app(Settings(**settings), snapshot=snapshot or a_snapshot(), today=lambda: ON)
    return TestClient(app, raise_server_exceptions=False)
