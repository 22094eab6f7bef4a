import pytest

from tests.service.sample import a_sample_client


@pytest.fixture(scope="package")
def sample():
    with a_sample_client() as client:
        yield client
