from concurrent.futures import ThreadPoolExecutor

import pytest

from matcher.columns import CONSULTATIONS
from matcher.reading import parse_consultation
from matcher.render.json_text import to_mapping
from matcher.shortlist import shortlist
from service.schema import HealthBody, RankRequest, ShortlistBody
from tests.service.builders import ON, a_client, a_filled_database, a_key, a_snapshot

ASKED = {
    "category": "Web・SNS・EC活用",
    "prefecture_code": "東京",
    "employees": "５",
    "received_on": "令和8年3月2日",
    "secondary_categories": ["sales"],
    "description": "ネットショップに客が来ない。",
}


def ranked(client, **asked):
    response = client.post("/v1/rank", json=asked)
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_answer_is_the_librarys_own_shortlist(client, lang):
    snapshot = a_snapshot()
    direct = shortlist(
        snapshot.model.ranker,
        snapshot.data,
        parse_consultation(ASKED, snapshot.data, as_of=ON),
        on=ON,
        model_card=snapshot.model.card,
        data_fingerprint=snapshot.data_fingerprint,
        k=4,
        lang=lang,
    )
    assert ranked(client, **ASKED, k=4, lang=lang) == to_mapping(direct, details=False)


def test_spellings_are_read_as_in_files(client):
    understood = ranked(client, **ASKED)["consultation"]
    assert understood["category"] == "sales.web"
    assert (understood["prefecture_code"], understood["employees"]) == ("13", 5)
    assert understood["received_on"] == "2026-03-02"


def test_a_category_is_enough(client):
    answer = ranked(client, category="finance")
    assert [item["rank"] for item in answer["items"]] == list(range(1, 11))
    assert answer["lang"] == "ja"


def test_null_and_blank_are_unknown(client):
    blank = dict.fromkeys(RankRequest.model_fields.keys() - {"category", "k", "lang", "risk"})
    assert ranked(client, category="finance", **blank) == ranked(client, category="finance")
    assert ranked(client, category="finance", mode=" ") == ranked(client, category="finance")


def test_contributions_sum_to_the_score(client):
    for item in ranked(client, **ASKED)["items"]:
        assert item["base"] + sum(item["contributions"].values()) == pytest.approx(item["score"], abs=1e-9)


def test_more_experts_than_there_are_gives_all_eligible(client):
    answer = ranked(client, category="finance", k=10**9)
    assert len(answer["items"]) == answer["eligible"] <= answer["registered"] == 60
    assert answer["items"][:3] == ranked(client, category="finance", k=3)["items"]


def test_english_is_answered_in_english(client):
    answer = ranked(client, **ASKED, lang="en")
    assert answer["category_name"].isascii()
    assert any(rule["label"].isascii() for rule in answer["excluded"])


def test_the_settings_name_the_language_that_a_request_does_not():
    with a_client(database=a_filled_database(), lang="en") as client:
        assert ranked(client, category="finance")["lang"] == "en"
        assert ranked(client, category="finance", lang="ja")["lang"] == "ja"


def test_the_same_request_gives_the_same_bytes_alone_and_among_others(client):
    alone = client.post("/v1/rank", json=ASKED).content
    others = [{"category": category} for category in ("finance", "sales", "digital")]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda asked: client.post("/v1/rank", json=asked).content, [ASKED, *others] * 8))
    assert set(answers[::4]) == {alone}
    assert len(set(answers)) == 4


def test_the_bytes_keep_to_the_declared_model(client):
    content = client.post("/v1/rank", json={**ASKED, "k": 100}).content
    assert ShortlistBody.model_validate_json(content, extra="forbid").model_dump(exclude_unset=True) == ranked(
        client, **ASKED, k=100
    )


def test_a_coordinator_ranks_for_no_other_hub(client):
    headers = a_key(client.app.state.store, "coordinator", "H001")
    statuses = {
        hub_id: client.post("/v1/rank", json={"category": "finance", "hub_id": hub_id}, headers=headers).status_code
        for hub_id in ("H002", "no hub")
    }
    assert statuses == {"H002": 404, "no hub": 404}


def test_health_says_what_answers(client):
    response = client.get("/health")
    snapshot = a_snapshot()
    assert response.status_code == 200
    health = HealthBody.model_validate_json(response.content, extra="forbid")
    assert health.status == "ok"
    assert list(response.json()["data"]) == ["fingerprint"], "anybody may ask: neither sizes nor revisions"
    assert health.model.fingerprint == snapshot.model.card["fingerprint"]
    assert health.data.fingerprint == snapshot.data_fingerprint


def test_a_request_has_the_contracts_fields_and_three_of_its_own():
    assert list(RankRequest.model_fields) == [*_in_order(), "k", "lang", "risk"]


def _in_order():
    names = list(CONSULTATIONS.names)
    names.remove("category")
    return ["category", *names]
