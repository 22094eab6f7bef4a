import pytest

from matcher.errors import UnknownValueError
from matcher.evaluation.methods import baseline_of, methods
from matcher.peers import PEER_CLASSES, peers
from matcher.peers.extra import MissingExtraError
from matcher.rankers import RANKERS
from tests.evaluation.builders import a_world, sent

CHOSEN = a_world(["E1"], [sent("K1", "E1")])


def test_ours_are_measured_and_peers_on_request():
    assert list(methods(CHOSEN, None)) == list(RANKERS)
    assert list(methods(CHOSEN, None, with_peers=True)) == [*RANKERS, *peers()]


def test_without_a_dispatch_there_is_no_choice_to_learn():
    assert "additive-choice" not in methods(a_world(["E1"], []), None)
    assert "additive-choice" in methods(a_world(["E1"], []), ["additive-choice"]), "but whoever asks for it gets it"


def test_a_peer_is_measured_by_name_beside_ours_once():
    name = next(iter(peers()))
    assert list(methods(CHOSEN, ["nearest", name, "nearest"])) == ["nearest", name]
    made = methods(CHOSEN, [name])[name]()
    assert made.name == name


def test_a_peer_that_is_not_installed_is_named_with_its_extra(monkeypatch):
    absent = next(kind for kind in PEER_CLASSES if kind.package)
    monkeypatch.setattr("matcher.evaluation.methods.peers", lambda: {})
    with pytest.raises(MissingExtraError, match="extra `peers`"):
        methods(CHOSEN, [absent.name])


def test_the_baseline_is_the_nearest_else_the_first_else_the_one_asked_for():
    assert baseline_of(["random", "nearest"], None) == "nearest"
    assert baseline_of(["random", "additive"], None) == "random"
    assert baseline_of(["random", "nearest"], "random") == "random"


def test_a_baseline_that_is_not_measured_is_refused():
    with pytest.raises(UnknownValueError, match="unknown baseline 'additive'; accepted: one that is measured: random"):
        baseline_of(["random"], "additive")
