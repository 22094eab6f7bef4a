from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from fastapi.testclient import TestClient

from service.store.engine import Store
from tests.databases import DATABASES, Databases
from tests.service.builders import EARLIER_MODEL, a_client, a_filled_database, a_key, activate_model
from tests.service.calls import HUB_A, HUB_B, two_hubs


@pytest.fixture(scope="package")
def client() -> Iterator[TestClient]:
    with a_client(database=a_filled_database()) as client:
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


@pytest.fixture
def with_models(store: Store, database_url: str) -> str:
    """Its URL; the small world's model is active, and was so before under another name."""
    for model_id in (EARLIER_MODEL, None):
        with store.write() as tx:
            activate_model(tx, model_id)
    return database_url


@pytest.fixture
def hubs(store: Store, with_models: str) -> Iterator[TestClient]:
    """An administrator's client over a database with the world of `two_hubs`."""
    two_hubs(store)
    with a_client(database=with_models) as client:
        yield client


@pytest.fixture
def ours(hubs: TestClient) -> dict[str, str]:
    """The headers of a coordinator of hub A, to which all of that world belongs."""
    return a_key(hubs.app.state.store, "coordinator", HUB_A)


@pytest.fixture
def theirs(hubs: TestClient) -> dict[str, str]:
    """The headers of a coordinator of hub B."""
    return a_key(hubs.app.state.store, "coordinator", HUB_B)
