"""Peers that know a small world."""

from functools import cache

from matcher.dataset import Dataset
from matcher.peers import peers
from matcher.rankers.base import Ranker
from matcher.sample import generate
from tests.rankers.contract import AS_OF

EXPERTS = 60


@cache
def a_small_world() -> Dataset:
    """Shared by all tests; none may change it."""
    return generate(experts=EXPERTS, consultations=800, seed=3).data


def fit(name: str, data: Dataset) -> Ranker:
    return peers()[name]().fit(data, as_of=AS_OF)


@cache
def fitted(name: str) -> Ranker:
    """Shared, too."""
    return fit(name, a_small_world())
