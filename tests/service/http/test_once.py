"""A POST that stores, sent more than once, on both databases."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from service.http.once import REPLAYED, Answer, Once
from service.problems import MEDIA_TYPE, Refused
from service.store.hubs import HUBS
from tests.service.builders import a_key
from tests.service.sample import a_sample_client

SAME = {"idempotency-key": "a-key-of-mine"}


@pytest.fixture
def client(database_url):
    with a_sample_client(database=database_url) as client:
        yield client


def make(client, hub_id="H1", **headers):
    return client.post("/sample/hubs", json={"hub_id": hub_id}, headers=headers)


def hubs(client):
    with client.app.state.store.read() as tx:
        return [row["hub_id"] for row in HUBS.page(tx)]


def test_without_a_key_the_same_again_is_another_request(client):
    assert make(client).status_code == 201
    assert make(client).status_code == 409


def test_the_same_again_gives_the_same_answer_and_has_no_effect(client):
    first, again = make(client, **SAME), make(client, **SAME)
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert first.headers["etag"] == again.headers["etag"]
    assert REPLAYED not in first.headers
    assert again.headers[REPLAYED] == "true"
    assert hubs(client) == ["H1"]


def test_another_body_under_the_same_key_is_refused(client):
    make(client, **SAME)
    answer = make(client, "H2", **SAME)
    assert (answer.status_code, answer.headers["content-type"]) == (422, MEDIA_TYPE)
    assert answer.json()["errors"][0]["field"] == "idempotency-key"
    assert hubs(client) == ["H1"]


def test_the_key_of_another_principal_is_another_key(client):
    make(client, **SAME)
    other = a_key(client.app.state.store)
    assert make(client, "H2", **SAME, **other).status_code == 201


def test_of_16_parallel_requests_one_has_an_effect_and_all_have_its_answer(client):
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: make(client, **SAME), range(16)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum(REPLAYED not in answer.headers for answer in answers) == 1
    assert hubs(client) == ["H1"]


def test_what_broke_half_way_can_be_sent_again(client):
    assert make(client, "crash", **SAME).status_code == 500
    assert hubs(client) == []
    assert make(client, "crash", **SAME).status_code == 500
    assert make(client, "H1", **SAME).status_code == 201


def test_a_refusal_is_not_kept(client):
    make(client)
    assert make(client, **SAME).status_code == 409
    assert make(client, "H2", **SAME).status_code == 201


@pytest.mark.parametrize("key", ["", "a b", "x" * 201, "é"])
def test_a_key_of_other_letters_is_refused(client, key):
    answer = client.post("/sample/hubs", json={"hub_id": "H1"}, headers={"idempotency-key": key.encode("latin-1")})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "idempotency-key"


def test_a_part_is_once_for_the_same_key_and_refuses_another_body(client):
    def part(key, request_hash):
        once = Once(client.app.state.store, "key_1", key, request_hash, timedelta(hours=1)).part("first")
        return json.loads(bytes(once(lambda tx: Answer(201, HUBS.create(tx, {}))).body))["hub_id"]

    assert part("mine", "a") == part("mine", "a")
    assert part(None, "") != part(None, "")
    with pytest.raises(Refused):
        part("mine", "b")
    assert make(client, **{"idempotency-key": "mine"}).status_code == 201
