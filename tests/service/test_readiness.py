import asyncio
import shutil
import socket
import threading
import time

import pytest

from service.readiness import Readiness, has_space, store_checks
from service.store.engine import Store
from tests.service.builders import a_client, a_home, a_trained_model


def failing(checks, seconds=0.2):
    return asyncio.run(Readiness(checks, seconds).failing())


def test_what_works_is_ready_and_what_does_not_is_named():
    assert failing({"a": lambda: True, "b": lambda: True}) == []
    assert failing({"a": lambda: True, "b": lambda: False, "c": lambda: 1 / 0}) == ["b", "c"]


def test_a_part_that_never_answers_is_named_in_time_and_keeps_one_thread():
    freed = threading.Event()
    readiness = Readiness({"slow": lambda: freed.wait(5), "quick": lambda: True}, 0.1)

    async def thrice():
        return [await readiness.failing() for _ in range(3)]

    before, begun = threading.active_count(), time.monotonic()
    assert asyncio.run(thrice()) == [["slow"]] * 3
    assert time.monotonic() - begun < 0.5
    assert threading.active_count() == before + 1
    freed.set()


def test_a_part_that_answers_again_is_ready_again():
    freed = threading.Event()
    readiness = Readiness({"slow": lambda: freed.wait(5)}, 0.1)

    async def looked():
        late = await readiness.failing()
        freed.set()
        await asyncio.sleep(0.05)
        return late, await readiness.failing()

    assert asyncio.run(looked()) == (["slow"], [])


def test_a_migrated_database_is_ready(store):
    assert failing(store_checks(store), 5) == []


def test_a_database_without_tables_and_one_that_is_not_there_are_named(databases, tmp_path):
    with databases.empty("postgresql") as url:
        store = Store.open(url)
        assert failing(store_checks(store), 5) == ["database", "migrations"]
        store.close()
    gone = Store.open("postgresql+psycopg://x:x@127.0.0.1:1/x")
    assert failing(store_checks(gone), 5) == ["database", "migrations"]


def test_a_database_that_accepts_and_never_answers_is_named_in_time():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        store = Store.open(f"postgresql+psycopg://x:x@127.0.0.1:{silent.getsockname()[1]}/x")
        begun = time.monotonic()
        assert failing(store_checks(store), 0.3) == ["database", "migrations"]
        assert time.monotonic() - begun < 1


def test_the_disk_is_looked_at_where_the_folder_will_be(tmp_path):
    assert has_space(tmp_path / "not" / "yet", 0)
    assert not has_space(tmp_path, 10**9)


@pytest.fixture
def client():
    with a_client(min_free_megabytes=1_000_000) as client:
        client.get("/health")  # answered when the model is prepared
        yield client


def test_the_part_that_fails_is_named_and_the_process_lives(client):
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert [error["field"] for error in answer.json()["errors"]] == ["disk"]
    assert answer.headers["retry-after"]
    assert client.get("/health/live").json() == {"status": "ok"}


def test_all_parts_that_work_are_ready():
    with a_client() as client:
        client.get("/health")
        assert client.get("/health/ready").json() == {"status": "ok"}


def test_a_model_whose_file_is_not_the_registered_one_is_named(tmp_path):
    home = shutil.copytree(a_home(), tmp_path / "home")
    with a_client(home=home) as client:
        client.get("/health")
        (home / a_trained_model().file).write_bytes(b"torn")
        answer = client.get("/health/ready")
        assert [error["field"] for error in answer.json()["errors"]] == ["model"]
        assert client.post("/v1/rank", json={"category": "finance"}).status_code == 200


def test_a_service_without_a_model_lives_and_is_not_ready(databases):
    with databases.migrated("sqlite") as url, a_client(database=url) as client:
        answer = client.get("/health/ready")
        assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (503, ["model"])
        assert client.get("/health/live").status_code == 200
