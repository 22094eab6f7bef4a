import time

import pytest

from service.store.engine import Store
from service.store.schema import Change
from service.store.watch import watch


@pytest.fixture
def seen(store):
    seen = watch(store)
    yield seen
    seen.close()


def eventually(question, expected, seconds=5.0):
    until = time.monotonic() + seconds
    while question() != expected and time.monotonic() < until:
        time.sleep(0.001)
    assert question() == expected


def revise(store, *changes):
    with store.write() as tx:
        return tx.revise(*changes)


def test_nothing_has_changed_at_first(seen):
    assert {seen.newest(kind) for kind in Change} == {0}


def test_each_kind_has_its_own_newest_revision_whoever_made_it(store, seen, database_url):
    another = Store.open(database_url)  # as another process would
    first = revise(another, Change.ACCESS, Change.MODEL)
    second = revise(another, Change.MODEL)
    another.close()
    eventually(lambda: seen.newest(Change.MODEL), second)
    assert seen.newest(Change.ACCESS) == first
    assert seen.newest(Change.EXPERTS) == 0


def test_a_commit_is_seen_at_once(store, seen):
    for _ in range(5):
        number = revise(store, Change.ACCESS)
        begun = time.monotonic()
        eventually(lambda number=number: seen.newest(Change.ACCESS), number)
        assert time.monotonic() - begun < (0.002 if store.engine.dialect.name == "sqlite" else 0.5)


def test_what_is_undone_is_not_seen(store, seen):
    with pytest.raises(ZeroDivisionError), store.write() as tx:
        1 // (tx.revise(Change.ACCESS) - 1)
    number = revise(store, Change.MODEL)
    eventually(lambda: seen.newest(Change.MODEL), number)
    assert seen.newest(Change.ACCESS) == 0


def test_what_was_before_is_known_to_a_later_watch(store):
    number = revise(store, Change.ACCESS)
    seen = watch(store)
    assert seen.newest(Change.ACCESS) == number
    seen.close()


def test_asking_costs_microseconds(seen):
    begun = time.perf_counter()
    for _ in range(2000):
        seen.newest(Change.ACCESS)
    assert (time.perf_counter() - begun) / 2000 < 50e-6


def test_a_database_that_cannot_be_asked_gives_no_answer(tmp_path):
    (tmp_path / "x.sqlite").write_bytes(b"no database" * 100)
    store = Store.open(f"sqlite:///{tmp_path / 'x.sqlite'}")
    seen = watch(store)
    assert seen.newest(Change.ACCESS) is None
    seen.close()
    store.close()
