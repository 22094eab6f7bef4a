import json

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import DataError

from matcher.errors import InvalidValueError, MatcherError
from service.problems import MEDIA_TYPE
from service.serving.snapshot import Snapshot

SECRET = "山田太郎さんの秘密の相談"


def refused(client: TestClient, body: str | bytes, content_type: str = "application/json"):
    response = client.post("/v1/rank", content=body, headers={"content-type": content_type})
    assert response.headers["content-type"] == MEDIA_TYPE
    problem = response.json()
    assert set(problem) == {"type", "title", "status", "detail", "errors"}
    assert problem["status"] == response.status_code
    return problem


def fields(problem) -> set[str]:
    return {error["field"] for error in problem["errors"]}


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[" * 100_000,
        b'\xff\xfe{"category": 1}',
        '{"category": "finance", "employees": ' + "9" * 5000 + "}",
    ],
    ids=["cut off", "too deep", "not UTF-8", "too many digits"],
)
def test_what_is_no_json_is_a_bad_request(client, body):
    assert refused(client, body)["status"] == 400


@pytest.mark.parametrize("body", ["", "null", "[]", '"finance"', "3"])
def test_a_body_that_is_no_object_is_told_the_fields(client, body):
    problem = refused(client, body)
    assert problem["status"] == 422
    assert fields(problem) == {""}
    assert "prefecture_code" in problem["errors"][0]["accepted"]


@pytest.mark.parametrize("content_type", ["text/plain", "multipart/form-data; boundary=x", "application/xml"])
def test_a_body_of_another_type_is_refused(client, content_type):
    assert refused(client, '{"category": "finance"}', content_type)["status"] == 415


def test_a_body_without_a_type_is_refused(client):
    response = client.post("/v1/rank", content=b'{"category": "finance"}')
    assert (response.status_code, response.headers["accept"]) == (415, "application/json")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("category", "NaN"),
        ("category", "null"),
        ("category", '""'),
        ("category", '"' + SECRET + '"'),
        ("category", '"\\ud800"'),
        ("latitude", "NaN"),
        ("latitude", "-Infinity"),
        ("latitude", "1e400"),
        ("latitude", '"NaN"'),
        ("longitude", "181"),
        ("employees", "-1"),
        ("employees", "true"),
        ("employees", "1.5"),
        ("employees", "9" * 4000),
        ("prefecture_code", '"48"'),
        ("prefecture_code", "{}"),
        ("received_on", '"2026-02-30"'),
        ("received_on", '"2026-04-02"'),
        ("hub_id", '"' + SECRET + '"'),
        ("client_id", '"' + SECRET + '"'),
        ("mode", '"' + SECRET + '"'),
        ("municipality", '"a\\u0000b"'),
        ("description", '"\\udfff"'),
        ("description", '{"text": "' + SECRET + '"}'),
        ("secondary_categories", '["finance", "' + SECRET + '"]'),
        ("secondary_categories", '["\\ud800"]'),
        ("k", "0"),
        ("k", "-1"),
        ("k", "1.5"),
        ("k", "NaN"),
        ("k", "true"),
        ("k", '"10"'),
        ("lang", '"fr"'),
    ],
)
def test_a_wrong_value_is_named_by_its_field_and_never_sent_back(client, field, value):
    body = f'"{field}": {value}' + ("" if field == "category" else ', "category": "finance"')
    problem = refused(client, "{" + body + "}")
    assert problem["status"] == 422
    assert fields(problem) == {field}
    assert all(error["accepted"] for error in problem["errors"])
    assert SECRET not in json.dumps(problem, ensure_ascii=False)


@pytest.mark.parametrize("name", [SECRET, "\\ud800", "split", "judgements"])
def test_an_unknown_field_is_refused_without_being_named(client, name):
    problem = refused(client, f'{{"category": "finance", "{name}": 1}}')
    assert problem["status"] == 422
    assert fields(problem) == {""}
    assert SECRET not in problem["errors"][0]["accepted"]


def test_all_wrong_values_are_named_at_once(client):
    problem = refused(client, '{"category": "x-files", "prefecture_code": "48", "mode": "fax"}')
    assert fields(problem) == {"category", "prefecture_code", "mode"}


def test_an_unknown_address_is_a_problem(client):
    response = client.get("/v1/nothing")
    assert (response.status_code, response.headers["content-type"]) == (404, MEDIA_TYPE)


@pytest.mark.parametrize(("method", "path", "allowed"), [("GET", "/v1/rank", "POST"), ("POST", "/health", "GET")])
def test_a_method_that_is_not_allowed_is_told_which_is(client, method, path, allowed):
    response = client.request(method, path)
    assert (response.status_code, response.headers["content-type"]) == (405, MEDIA_TYPE)
    assert response.headers["allow"] == allowed


def test_a_failure_of_ours_tells_nothing_but_that(monkeypatch, client):
    def fail(*_args: object, **_options: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(Snapshot, "rank", fail)
    response = client.post("/v1/rank", json={"category": "finance", "description": SECRET})
    assert (response.status_code, response.headers["content-type"]) == (500, MEDIA_TYPE)
    assert SECRET not in response.text


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (InvalidValueError("k", SECRET, "1 or more"), {"k"}),
        (MatcherError(SECRET), set()),
        (DataError(SECRET, {}, Exception(SECRET)), set()),
    ],
)
def test_what_the_library_or_the_database_cannot_take_is_the_clients_to_mend(monkeypatch, client, error, expected):
    def fail(*_args: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr(Snapshot, "rank", fail)
    problem = refused(client, '{"category": "finance"}')
    assert problem["status"] == 422
    assert fields(problem) == expected
    assert SECRET not in json.dumps(problem, ensure_ascii=False)
