import io
import json
import logging

import pytest

from service.http.logs import LOGGER, JsonLines
from service.problems import MEDIA_TYPE

SECRET = "SECRET"


@pytest.fixture
def lines():
    """What is logged, as it is written."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    LOGGER.removeHandler(handler)


def test_a_request_gets_an_id_that_is_in_the_answer_and_in_the_log(sample, lines):
    answer = sample.get("/sample/who")
    [line] = lines()
    assert line["request_id"] == answer.headers["x-request-id"]
    assert len(line["request_id"]) == 32
    assert (line["event"], line["route"], line["status"], line["method"]) == ("request", "who", 200, "GET")
    assert line["principal"] == answer.json()["id"]
    assert line["ms"] >= 0


def test_the_clients_own_id_is_kept(sample):
    assert sample.get("/health/live", headers={"x-request-id": "abc-123_4.5"}).headers["x-request-id"] == "abc-123_4.5"


@pytest.mark.parametrize("given", ["short", "x" * 65, "with space", 'quote"quote', "new\tline12"])
def test_an_id_that_might_break_a_log_is_replaced(sample, given):
    assert sample.get("/health/live", headers={"x-request-id": given}).headers["x-request-id"] != given


def test_neither_address_nor_query_nor_body_nor_key_is_logged(sample, lines):
    sample.get(f"/v1/{SECRET}?q={SECRET}", headers={"authorization": f"Bearer {SECRET}"})
    sample.get(f"/sample/who?q={SECRET}", headers={"authorization": f"Bearer {SECRET}"})
    sample.post("/sample/hubs", json={"hub_id": SECRET, "parts": SECRET})
    sample.request(SECRET, "/sample/who")
    assert len(lines()) == 4
    assert SECRET not in json.dumps(lines())
    assert lines()[0]["route"] == "none"


def test_a_failure_is_logged_by_its_classes_and_places_and_answered_without_a_word_of_it(sample, lines):
    answer = sample.get("/sample/breaking")
    assert (answer.status_code, answer.headers["content-type"]) == (500, MEDIA_TYPE)
    failure, request = lines()
    assert failure["error"] == ["builtins.RuntimeError", "builtins.ValueError"]
    assert failure["where"][-1].startswith("tests.service.sample:")
    assert failure["where"][-1].endswith(" breaking")
    assert failure["request_id"] == request["request_id"] == answer.headers["x-request-id"]
    assert SECRET not in json.dumps(lines()) + answer.text


def test_a_servers_own_log_gets_no_exception(sample):
    """The framework's outermost layer raises again what it has answered, and the server then logs its message."""
    client = type(sample)(sample.app, raise_server_exceptions=True)
    assert client.get("/sample/breaking").status_code == 500
