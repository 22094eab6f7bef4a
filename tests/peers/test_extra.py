import pytest

from matcher import peers as package
from matcher.errors import MatcherError
from matcher.peers import PEER_CLASSES, extra, peers
from matcher.peers.lightgbm_models import LightGBMLambdarank
from matcher.peers.neighbours import TextNeighbours
from tests.peers.builders import a_small_world
from tests.rankers.contract import AS_OF


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (extra, package):
        monkeypatch.setattr(module, "is_installed", lambda _package: False)


def test_a_missing_package_names_itself_and_the_extra(nothing_installed: None) -> None:
    with pytest.raises(MatcherError, match=r"'lightgbm' is not installed; accepted: the extra `peers`"):
        LightGBMLambdarank().fit(a_small_world(), as_of=AS_OF)


def test_a_module_of_a_missing_package_names_the_package() -> None:
    with pytest.raises(MatcherError, match="package 'no_such_package_of_ours' is not installed"):
        extra.imported("no_such_package_of_ours.part")


def test_without_the_extra_only_peers_on_core_packages_are_offered(nothing_installed: None) -> None:
    assert set(peers()) == {kind.name for kind in PEER_CLASSES if not kind.package}
    assert peers()["text_neighbours"] is TextNeighbours


def test_what_is_installed_is_offered() -> None:
    assert {name for name in peers() if name.startswith("lightgbm")} in (
        set(),
        {"lightgbm_lambdarank", "lightgbm_outcomes"},
    )
    assert extra.is_installed("numpy")
    assert not extra.is_installed("no_such_package_of_ours")
