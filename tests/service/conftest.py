from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.service.builders import a_client


@pytest.fixture(scope="package")
def client() -> Iterator[TestClient]:
    with a_client() as client:
        yield client
