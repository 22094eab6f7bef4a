import shutil

import pytest

from service.store import audit, models
from tests.service.builders import EARLIER_MODEL, a_client, a_home, a_trained_model


@pytest.fixture
def home(tmp_path):
    a_trained_model()
    return shutil.copytree(a_home(), tmp_path / "home")


@pytest.fixture
def client(home, with_models):
    with a_client(database=with_models, home=home) as client:
        client.get("/health")  # answered when the model is prepared
        yield client


def listed(client) -> dict[str, dict]:
    return {row["model_id"]: row for row in client.get("/v1/models").json()["items"]}


def test_all_versions_are_listed_and_one_serves(client):
    assert [row["active"] for row in listed(client).values()].count(True) == 1
    assert listed(client)[a_trained_model().model_id]["active"]
    assert listed(client)[EARLIER_MODEL]["card"]["trained_until"] == "2026-04-01"


def test_a_model_is_activated_and_rolled_back(client):
    assert client.post(f"/v1/models/{EARLIER_MODEL}/activate").json()["active"]
    assert listed(client)[EARLIER_MODEL]["active"]
    assert client.post("/v1/models/rollback").status_code == 404, "nothing served before the earlier one"
    assert client.post(f"/v1/models/{a_trained_model().model_id}/activate").status_code == 200
    assert client.post("/v1/models/rollback").json()["model_id"] == EARLIER_MODEL


def test_the_same_key_activates_once(client):
    headers = {"Idempotency-Key": "once-and-again"}
    answers = [client.post(f"/v1/models/{EARLIER_MODEL}/activate", headers=headers) for _ in range(2)]
    assert answers[0].content == answers[1].content
    with client.app.state.store.read() as tx:
        assert len(models.history(tx)) == 3  # two of the world's own


def test_a_model_that_is_not_there_is_404(client):
    assert client.post("/v1/models/none/activate").status_code == 404


def test_a_damaged_file_is_409_is_noted_and_passed_by(client, home):
    (home / a_trained_model().file).write_bytes(b"torn")
    for _ in range(2):
        answer = client.post(f"/v1/models/{EARLIER_MODEL}/activate")
        assert answer.status_code == 409
    assert listed(client)[EARLIER_MODEL]["refused_because"]
    assert client.post("/v1/models/rollback").status_code == 404
    assert client.post("/v1/rank", json={"category": "finance"}).status_code == 200


def test_who_activated_it_is_on_the_audit_trail(client):
    client.post(f"/v1/models/{EARLIER_MODEL}/activate", headers={"X-Request-Id": "request-1"})
    with client.app.state.store.read() as tx:
        (entry,) = audit.entries(tx, action="model activated")
    assert (entry["subject"], entry["request_id"]) == (f"model:{EARLIER_MODEL}", "request-1")
    assert entry["principal_id"].startswith("key_")


def test_health_names_the_model_that_was_activated(client):
    client.post(f"/v1/models/{EARLIER_MODEL}/activate")
    assert client.get("/health").json()["model"]["fingerprint"] == a_trained_model().fingerprint
