"""The snapshot in use follows the store while it answers; a model that cannot be used changes nothing."""

import logging
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

import pytest

from matcher.eligibility import Programme
from matcher.errors import UnknownValueError
from matcher.rankers import make_ranker
from matcher.training import train
from service.serving import model_files
from service.serving.live import PATIENCE_SECONDS, Serving
from service.store import models
from service.store.clients import CLIENTS
from service.store.engine import Store
from service.store.errors import BusyError
from service.store.experts import EXPERTS
from service.store.loading import load
from service.store.watch import watch
from tests.service.builders import ON, a_client, a_dataset, a_filled_database, a_home, a_trained_model, activate_model

ASKED = {"category": "finance"}


@contextmanager
def serving(store: Store, home=None):
    watching = watch(store)
    made = Serving(store, watching, home=home or a_home(), programme=Programme.default(), lang="ja", today=lambda: ON)
    made.start()
    yield made
    made.close()
    watching.close()


@pytest.fixture
def filled(store):
    with store.write() as tx:
        load(tx, a_dataset())
        activate_model(tx)
    return store


@pytest.fixture
def live(filled):
    with serving(filled) as made:
        yield made


def until(condition, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.02)


def ranked(live: Serving) -> dict[str, str]:
    return {item.expert_id: item.name for item in live.snapshot.rank(ASKED, k=100, lang="ja", on=ON).items}


def change(store: Store, expert_id: str, **cells) -> None:
    with store.write() as tx:
        EXPERTS.change(tx, expert_id, cells)


@cache
def another_model() -> models.Trained:
    """One that has learned from half of the dispatches, its file beside the other's."""
    data = a_dataset()
    part = replace(data, dispatches=data.dispatches.iloc[::2])
    scratch = model_files.folder(a_home()) / "scratch"
    return model_files.keep(a_home(), scratch, train(part, make_ranker("additive"), path=scratch, as_of=ON))


def test_a_suspension_takes_effect_on_the_next_request(live, filled):
    expert_id = next(iter(ranked(live)))
    change(filled, expert_id, status="suspended")
    assert expert_id not in ranked(live)
    change(filled, expert_id, status=None)
    assert expert_id in ranked(live)


def test_a_suspension_by_another_process_takes_effect_too(live, filled):
    expert_id = next(iter(ranked(live)))
    other = Store.open(filled.engine.url.render_as_string(hide_password=False))
    change(other, expert_id, status="suspended")
    other.close()
    assert expert_id not in {item.expert_id for item in live.whole.rank(ASKED, k=100, lang="ja", on=ON).items}
    until(lambda: expert_id not in ranked(live), seconds=1)


def test_a_new_expert_is_ranked_as_soon_as_prepared_and_a_whole_snapshot_waits_for_that(live, filled):
    ranked(live)
    with filled.write() as tx:
        EXPERTS.create(tx, {"expert_id": "A-new", "name": "新人", "categories": ["finance"]})
        revision = tx.revised
    whole = live.whole
    assert not whole.is_behind
    assert whole.revision == revision
    assert "A-new" in ranked(live)


def test_where_nothing_changed_the_snapshot_is_the_same_and_found_in_microseconds(live):
    first = live.snapshot
    begun = time.perf_counter()
    assert all(live.snapshot is first for _ in range(1000))
    assert (time.perf_counter() - begun) / 1000 < 200e-6  # some 5 us; the bound leaves room for a busy machine


def test_requests_that_come_together_read_a_change_once(live, filled, monkeypatch):
    ranked(live)
    read, renewed = [], type(live.snapshot.holdings).renewed

    def counted(holdings, tx):
        made = renewed(holdings, tx)
        read.append(made is not holdings)
        return made

    monkeypatch.setattr(type(live.snapshot.holdings), "renewed", counted)
    with filled.write() as tx:
        CLIENTS.create(tx, {"client_id": "C-new"})
    with ThreadPoolExecutor(8) as pool:
        revisions = set(pool.map(lambda _: live.snapshot.revision, range(32)))
    assert len(revisions) == 1
    assert sum(read) == 1


def test_without_a_model_nobody_is_kept_waiting_and_one_that_is_activated_serves(store):
    with serving(store) as made:
        begun = time.monotonic()
        with pytest.raises(BusyError):
            _ = made.snapshot
        assert time.monotonic() - begun < PATIENCE_SECONDS / 2
        assert not made.model_is_sound()
        with store.write() as tx:
            activate_model(tx)
        until(made.model_is_sound)
        assert made.snapshot.model.card["fingerprint"] == a_trained_model().fingerprint


def test_a_model_that_cannot_rank_the_data_is_refused_once(filled, caplog, monkeypatch):
    def fail(*_args, **_options):
        raise UnknownValueError("category", "x", "others")

    with serving(filled) as made, caplog.at_level(logging.ERROR, "service"):
        before = ranked(made)
        monkeypatch.setattr("service.serving.live.Snapshot.of", fail)
        with filled.write() as tx:
            models.register(tx, another_model())
            models.activate(tx, another_model().model_id)
        until(lambda: "model refused" in caplog.messages)
        time.sleep(0.6)
        assert caplog.messages.count("model refused") == 1
        assert ranked(made) == before


@pytest.mark.parametrize("damage", ["torn", "other", "gone"])
def test_a_model_file_that_is_not_the_registered_one_is_refused_and_the_old_one_serves_on(
    filled, tmp_path, caplog, damage
):
    other = another_model()
    home = shutil.copytree(a_home(), tmp_path / "home")
    path = home / other.file
    damaged = {"torn": path.read_bytes()[:-1], "other": (home / a_trained_model().file).read_bytes()}
    path.unlink() if damage == "gone" else path.write_bytes(damaged[damage])
    with serving(filled, home) as made, caplog.at_level(logging.ERROR, "service"):
        before = ranked(made)
        with filled.write() as tx:
            models.register(tx, other)
            models.activate(tx, other.model_id)
        until(lambda: "model refused" in caplog.messages)
        assert ranked(made) == before
        assert made.snapshot.model.card["fingerprint"] == a_trained_model().fingerprint
        assert not made.model_is_sound()
        time.sleep(0.6)
        assert caplog.messages.count("model refused") == 1, "it is not read again and again"


def test_forty_swaps_under_load_fail_no_request():
    database = a_filled_database()
    fingerprints = [a_trained_model().fingerprint, another_model().fingerprint]
    with a_client(database=database) as client:
        store = client.app.state.store
        ids = _registered(store)
        stopped, answers = threading.Event(), []

        def ask() -> None:
            while not stopped.is_set():
                answer = client.post("/v1/rank", json=ASKED)
                answers.append((answer.status_code, answer.json().get("model", {}).get("fingerprint")))

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for number in range(40):
            with store.write() as tx:
                models.activate(tx, ids[(number + 1) % 2])
            until(
                lambda number=number: (
                    client.app.state.serving.snapshot.model.card["fingerprint"] == fingerprints[(number + 1) % 2]
                )
            )
        stopped.set()
        for thread in threads:
            thread.join()
    assert {status for status, _ in answers} == {200}
    assert {fingerprint for _, fingerprint in answers} == set(fingerprints)


def _registered(store: Store) -> list[str]:
    other = another_model()
    with store.write() as tx:
        models.register(tx, other)
    return [a_trained_model().model_id, other.model_id]
