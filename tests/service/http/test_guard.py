from unittest.mock import patch

import pytest

from service.access.policy import POLICY
from service.problems import MEDIA_TYPE
from tests.service.builders import a_client, a_key
from tests.service.sample import RULES, sample_router


@pytest.fixture
def coordinator(sample):
    return a_key(sample.app.state.store, "coordinator", "H1")


def test_a_route_knows_its_caller(sample, coordinator):
    seen = sample.get("/sample/who", headers=coordinator).json()
    assert (seen["role"], seen["hub"]) == ("coordinator", "H1")
    assert sample.get("/sample/who").json()["hub"] is None


def test_a_route_that_is_not_in_the_policy_is_refused_to_everybody():
    with patch.dict(POLICY, RULES):
        del POLICY["who"]
        client = a_client()
        client.app.include_router(sample_router())
        with client:
            assert client.get("/sample/who").status_code == 403
            assert client.get("/sample/numbers").status_code == 200


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b"\xff", b""])
def test_nobody_is_told_anything_about_a_body_before_he_is_known(sample, body):
    headers = {"authorization": "Bearer none", "content-type": "application/json"}
    assert sample.post("/sample/hubs", content=body, headers=headers).status_code == 401


def test_a_body_of_the_declared_type_is_read(sample):
    answer = sample.post("/sample/upload", content=b"a,b", headers={"content-type": "text/csv; charset=utf-8"})
    assert answer.json() == {"size": 3}


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "text/csvx", "", ";"])
def test_a_body_of_another_type_is_refused_and_told_which(sample, content_type):
    answer = sample.post("/sample/upload", content=b"a,b", headers={"content-type": content_type})
    assert (answer.status_code, answer.headers["accept"], answer.headers["content-type"]) == (
        415,
        "text/csv",
        MEDIA_TYPE,
    )


def test_no_body_at_all_is_a_missing_one(sample):
    assert sample.post("/sample/hubs").status_code == 422


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"hub_id": ""}, "hub_id"),
        ({"hub_id": "a", "parts": [{"size": 0}]}, "size"),
        ({"hub_id": "a", "parts": [{"size": 1, "SECRET": 1}]}, "parts"),
        ({"hub_id": "a", "parts": [1]}, "parts"),
        ({"hub_id": "a", "SECRET": 1}, ""),
    ],
)
def test_the_deepest_declared_field_is_named(sample, body, field):
    answer = sample.post("/sample/hubs", json=body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert answer.json()["errors"][0]["accepted"]
    assert "SECRET" not in answer.text


def test_an_address_tells_all_its_methods(sample):
    answer = sample.request("PUT", "/sample/hubs/H1")
    assert (answer.status_code, answer.headers["allow"]) == (405, "PATCH")
    assert sample.request("PURGE", "/v1/sessions").headers["allow"] == "POST"


def test_our_own_words_for_a_refusal_are_answered(sample):
    problem = sample.get("/sample/refuse").json()
    assert problem["detail"] == "もう決まっています (decided already)"
    assert problem["errors"] == [{"field": "expert_id", "accepted": "別の人 (another one)"}]
