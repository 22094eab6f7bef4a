from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from service.store.idempotency import KeptAnswer, claim, forget, keep_answer

DAY = timedelta(days=1)
ANSWER = KeptAnswer("hash", 201, {"ETag": '"1"'}, '{"名": 1}'.encode())


def test_a_key_is_free_once_and_then_gives_the_answer_that_was_kept(store):
    with store.write() as tx:
        assert claim(tx, "p", "k", "hash", DAY) is None
        keep_answer(tx, "p", "k", ANSWER)
    with store.write() as tx:
        assert claim(tx, "p", "k", "another", DAY) == ANSWER
        assert claim(tx, "p", "k2", "hash", DAY) is None
        assert claim(tx, "p2", "k", "hash", DAY) is None


def test_what_is_undone_leaves_the_key_free(store):
    with pytest.raises(ZeroDivisionError), store.write() as tx:
        1 // (claim(tx, "p", "k", "hash", DAY) is not None)
    with store.write() as tx:
        assert claim(tx, "p", "k", "hash", DAY) is None


def test_of_parallel_claims_one_gets_the_key_and_all_others_its_answer(store):
    def work(number: int) -> bool:
        with store.write() as tx:
            kept = claim(tx, "p", "k", "hash", DAY)
            if kept is None:
                keep_answer(tx, "p", "k", ANSWER)
            assert kept in (None, ANSWER)
            return kept is None

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(work, range(16))) == 1


def test_an_old_key_is_free_again(store):
    now = datetime(2026, 4, 1, tzinfo=UTC)
    store.now = lambda: now
    with store.write() as tx:
        claim(tx, "p", "k", "hash", DAY)
        keep_answer(tx, "p", "k", ANSWER)
    store.now = lambda: now + DAY + timedelta(seconds=1)
    with store.write() as tx:
        assert claim(tx, "p", "k", "hash", DAY) is None


def test_old_answers_are_forgotten(store):
    with store.write() as tx:
        claim(tx, "p", "k", "hash", DAY)
        keep_answer(tx, "p", "k", ANSWER)
        assert forget(tx, tx.now) == 0
        assert forget(tx, tx.now + DAY) == 1
