import pytest

from service.problems import MEDIA_TYPE
from tests.service.builders import a_client

LIMIT = 2_000


@pytest.fixture(scope="module")
def client():
    with a_client(max_body_bytes=LIMIT) as client:
        yield client


def a_body(size: int) -> bytes:
    return b'{"category": "finance", "description": "' + b"a" * (size - 42) + b'"}'


def chunks(content: bytes):
    yield from (content[at : at + 100] for at in range(0, len(content), 100))


@pytest.mark.parametrize("sent", [bytes, chunks], ids=["stated", "chunked"])
def test_a_body_of_the_limit_passes_and_one_byte_more_does_not(client, sent):
    headers = {"content-type": "application/json"}
    assert client.post("/v1/rank", content=sent(a_body(LIMIT)), headers=headers).status_code == 200
    response = client.post("/v1/rank", content=sent(a_body(LIMIT + 1)), headers=headers)
    assert (response.status_code, response.headers["content-type"]) == (413, MEDIA_TYPE)
    assert response.json()["status"] == 413


def test_the_limit_holds_where_no_body_is_expected(client):
    assert client.request("GET", "/health", content=a_body(LIMIT + 1)).status_code == 413


def test_a_stated_length_beyond_all_numbers_is_too_large(client):
    headers = {"content-type": "application/json", "content-length": "9" * 5000}
    assert client.post("/v1/rank", content=b"{}", headers=headers).status_code == 413
