"""A stored shortlist comes out again byte for byte, whatever happened to data and models since."""

import pytest

from service.shortlists.batch import rerank
from service.shortlists.reproducing import ErasedError, reproduce
from service.store import models, shortlists
from service.store.dispatches import DISPATCHES
from service.store.errors import MissingError
from service.store.experts import EXPERTS
from service.store.loading import load
from tests.service.builders import EARLIER_MODEL, ON, Programme, a_dataset, a_home, activate_model


@pytest.fixture
def kept(store):
    """The store, with a shortlist of each open consultation."""
    with store.write() as tx:
        load(tx, a_dataset())
    with store.write() as tx:
        activate_model(tx)
    rerank(store, a_home(), Programme.default(), k=5, lang="ja", on=ON)
    return store


def some_shortlist(store) -> str:
    with store.read() as tx:
        return str(shortlists.page(tx, limit=1)[0]["shortlist_id"])


def everything_changes(store) -> None:
    data = a_dataset()
    with store.write() as tx:
        for expert_id in data.experts["expert_id"].head(10):
            EXPERTS.change(tx, expert_id, {"status": "suspended", "introduction": "別の紹介", "name": "別名"})
        EXPERTS.create(tx, {"expert_id": "A-new", "name": "新人"})
        for dispatch_id in data.dispatches["dispatch_id"].head(5):
            DISPATCHES.remove(tx, dispatch_id)
    with store.write() as tx:
        activate_model(tx, EARLIER_MODEL)


def test_right_after_it_was_made_it_is_the_same(kept):
    assert reproduce(kept, a_home(), some_shortlist(kept)).is_same


def test_after_everything_changed_it_is_still_the_same(kept):
    shortlist_id = some_shortlist(kept)
    everything_changes(kept)
    made = reproduce(kept, a_home(), shortlist_id)
    with kept.read() as tx:
        assert made.answer == shortlists.read(tx, shortlist_id)["answer"]
    assert made.is_same


def test_an_answer_that_was_tampered_with_is_not_the_same(kept):
    shortlist_id = some_shortlist(kept)
    with kept.write() as tx:
        tx.connection.exec_driver_sql(
            f"UPDATE shortlists SET answer_sha256 = 'x' WHERE shortlist_id = '{shortlist_id}'"
        )
    assert not reproduce(kept, a_home(), shortlist_id).is_same


def test_one_with_an_erased_person_says_so(kept):
    shortlist_id = some_shortlist(kept)
    with kept.write() as tx:
        shortlists.erase(tx, [shortlist_id])
    with pytest.raises(ErasedError, match="not reproducible"):
        reproduce(kept, a_home(), shortlist_id)


def test_one_whose_model_was_destroyed_with_a_persons_memory_says_so(kept):
    with kept.read() as tx:
        model_id = models.active(tx)["model_id"]
    with kept.write() as tx:
        models.refuse(tx, model_id, models.ERASED)
    with pytest.raises(ErasedError):
        reproduce(kept, a_home(), some_shortlist(kept))


def test_one_that_is_not_there_is_missing(kept):
    with pytest.raises(MissingError):
        reproduce(kept, a_home(), "none")


def test_a_retired_model_still_makes_it_again(kept):
    with kept.write() as tx:
        activate_model(tx, EARLIER_MODEL)
        models.refuse(tx, EARLIER_MODEL, "retired")
    assert reproduce(kept, a_home(), some_shortlist(kept)).is_same
