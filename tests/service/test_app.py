"""The application's own description, and how it comes to life."""

import pytest
from pydantic import TypeAdapter

from service import schema
from service.app import create_app, from_environment
from service.examples import ALIVE, ANSWERED, ASKED
from service.problems import MEDIA_TYPE, Problem
from service.settings import Settings
from tests.service.builders import a_client

EXAMPLES = {"RankRequest": ASKED, "ShortlistBody": ANSWERED, "HealthBody": ALIVE}


@pytest.fixture(scope="module")
def document():
    with a_client() as client:
        return client.get("/openapi.json").json()


def operations(document):
    return {
        (method.upper(), path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


ALWAYS = {"413", "500", "503"}
GUARDED = {"401", "403", "429"}
WITH_BODY = {"400", "408", "415", "422"}


def test_each_route_documents_what_it_may_answer(document):
    statuses = {place: set(operation["responses"]) for place, operation in operations(document).items()}
    assert statuses[("POST", "/v1/rank")] == {"200", "404", *ALWAYS, *GUARDED, *WITH_BODY}
    assert statuses[("POST", "/v1/sessions")] == {"201", "401", "429", *ALWAYS, *WITH_BODY}
    assert statuses[("GET", "/health/ready")] == {"200", *ALWAYS}
    for answers in statuses.values():
        assert answers > ALWAYS


def test_each_guarded_route_says_how_to_authenticate_and_the_open_ones_ask_nothing(document):
    schemes = document["components"]["securitySchemes"]
    for (_, path), operation in operations(document).items():
        is_open = path.startswith("/health") or path == "/v1/sessions"
        assert [set(way) for way in operation.get("security", [])] == ([] if is_open else [{name} for name in schemes])


def test_each_answer_has_a_schema_and_failures_are_problems(document):
    for operation in operations(document).values():
        assert operation["description"]
        for status, response in operation["responses"].items():
            assert "X-Request-Id" in response["headers"]
            if status >= "400":
                assert list(response["content"]) == [MEDIA_TYPE]
                assert response["content"][MEDIA_TYPE]["schema"] == {"$ref": "#/components/schemas/Problem"}
                assert Problem.model_validate(response["content"][MEDIA_TYPE]["example"]).status == int(status)
            elif status != "204":
                assert all(content["schema"] for content in response["content"].values())


def test_no_schema_of_the_frameworks_own_errors_is_left(document):
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_asking_twice_gives_the_same_document():
    with a_client() as client:
        assert client.get("/openapi.json").content == client.get("/openapi.json").content


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_keep_to_their_schemas(document, name):
    assert document["components"]["schemas"][name]["examples"] == [EXAMPLES[name]]
    TypeAdapter(getattr(schema, name)).validate_python(EXAMPLES[name], extra="forbid")


def test_the_examples_contributions_sum_to_its_score():
    for item in ANSWERED["items"]:
        assert item["base"] + sum(item["contributions"].values()) == item["score"]


def test_the_example_request_is_answered(client):
    answer = client.post("/v1/rank", json=ASKED)
    assert answer.status_code == 200
    assert answer.json()["consultation"] == ANSWERED["consultation"]


def test_every_field_of_a_request_says_what_it_accepts(document):
    for name, field in document["components"]["schemas"]["RankRequest"]["properties"].items():
        assert field.get("description"), name


def test_making_the_application_reads_no_file():
    create_app(Settings.read({"MATCHER_DATA": "/nowhere", "MATCHER_MODEL": "/nowhere/model"}))


def test_the_environment_makes_an_application_for_several_workers(monkeypatch):
    monkeypatch.setenv("MATCHER_MAX_BODY_BYTES", "1000")
    monkeypatch.setattr("service.app.log_as_json", lambda: None)
    assert from_environment().openapi()["info"]["title"] == "Expert matcher"
