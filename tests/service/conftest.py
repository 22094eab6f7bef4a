from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from fastapi.testclient import TestClient

from service.store.engine import Store
from tests.databases import DATABASES, Databases
from tests.service.builders import a_client


@pytest.fixture(scope="package")
def client() -> Iterator[TestClient]:
    with a_client() as client:
        yield client


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    with ExitStack() as stack:
        yield Databases(tmp_path_factory.mktemp("databases"), stack)


@pytest.fixture(params=DATABASES)
def database_url(databases: Databases, request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated, empty database of the test's own, on SQLite and again on PostgreSQL."""
    with databases.migrated(request.param) as url:
        yield url


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """The store on it."""
    store = Store.open(database_url)
    yield store
    store.close()
