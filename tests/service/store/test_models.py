import pytest

from matcher.errors import InvalidValueError
from service.store import models
from service.store.errors import MissingError, TakenError
from service.store.models import Trained
from service.store.schema import Change, revisions


def a_model(store, name):
    with store.write() as tx:
        return models.register(tx, Trained(name, f"{name}.model", "a" * 64, "b" * 64, {"名": name}, {"ndcg": 0.5}, 1))


def activate(store, name):
    with store.write() as tx:
        models.activate(tx, name, by="P1")


def active(store):
    with store.read() as tx:
        row = models.active(tx)
    return row and row["model_id"]


def roll_back(store):
    with store.write() as tx:
        return models.roll_back(tx)["model_id"]


def test_a_registered_model_serves_once_it_is_activated(store):
    made = a_model(store, "A")
    assert active(store) is None
    activate(store, "A")
    with store.read() as tx:
        assert models.active(tx) == made
        assert [row.kind for row in tx.execute(revisions.select())] == [Change.MODEL]
        assert [row["principal_id"] for row in models.history(tx)] == ["P1"]


def test_a_model_is_registered_once_and_an_unknown_one_is_not_activated(store):
    a_model(store, "A")
    with pytest.raises(TakenError):
        a_model(store, "A")
    with pytest.raises(MissingError):
        activate(store, "B")


def test_rolling_back_goes_back_step_by_step(store):
    for name in "ABC":
        a_model(store, name)
        activate(store, name)
    assert [roll_back(store), active(store), roll_back(store)] == ["B", "B", "A"]
    with pytest.raises(MissingError, match="earlier"):
        roll_back(store)
    assert active(store) == "A"


def test_rolling_back_passes_over_a_model_whose_file_was_refused(store):
    for name in "ABC":
        a_model(store, name)
        activate(store, name)
    with store.write() as tx:
        models.refuse(tx, "B", "its bytes are others")
    assert roll_back(store) == "A"
    with pytest.raises(InvalidValueError):
        activate(store, "B")


def test_without_a_model_there_is_nothing_to_go_back_from(store):
    with pytest.raises(MissingError, match="model"):
        roll_back(store)


def test_models_are_listed_newest_first_in_pages(store):
    for name in "ABC":
        a_model(store, name)
    with store.read() as tx:
        first = models.page(tx, limit=2)
        rest = models.page(tx, after=models.key_of(first[-1]), limit=2)
    assert [row["model_id"] for row in first + rest] == ["C", "B", "A"]
