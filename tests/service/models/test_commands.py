import shutil

import pytest

from service.store.engine import Store
from tests.service.builders import EARLIER_MODEL, a_filled_database, a_home, a_trained_model
from tests.service.commands import call_of


@pytest.fixture
def home(tmp_path):
    a_trained_model()
    return shutil.copytree(a_home(), tmp_path / "home")


@pytest.fixture
def database():
    return a_filled_database()


@pytest.fixture
def call(monkeypatch, capsys, home, database):
    return call_of(monkeypatch, capsys, {"MATCHER_HOME": str(home), "MATCHER_DATABASE": database})


def states(call) -> dict[str, str]:
    code, listed, _ = call("models", "list")
    assert code == 0
    return {line.split("\t")[0]: line.split("\t")[1] for line in listed.splitlines()}


def test_models_are_listed_activated_and_rolled_back(call):
    newest = a_trained_model().model_id
    assert states(call) == {newest: "active", EARLIER_MODEL: "-"}
    assert call("models", "rollback")[0] == 0
    assert states(call) == {newest: "-", EARLIER_MODEL: "active"}
    assert call("models", "activate", newest)[0] == 0
    assert states(call) == {newest: "active", EARLIER_MODEL: "-"}


def test_a_damaged_model_is_not_activated(call, home):
    (home / a_trained_model().file).write_bytes(b"torn")
    code, _, errors = call("models", "activate", EARLIER_MODEL)
    assert code == 2
    assert a_trained_model().file in errors


def test_retraining_says_what_came_of_it(call, database):
    code, said, _ = call("retrain")
    assert code == 0
    assert "\t" in said
    store = Store.open(database)
    with store.read() as tx:
        assert tx.revision() > 0
    store.close()


def test_a_model_that_is_not_there_is_one_clear_line(call):
    code, _, errors = call("models", "activate", "none")
    assert (code, errors.count("\n")) == (2, 1)
