"""Rankers behind one interface; `make_ranker` makes one by name."""

from collections.abc import Callable

from matcher.errors import UnknownValueError
from matcher.rankers.additive import OBJECTIVES, AdditiveRanker
from matcher.rankers.base import Ranker, Scores
from matcher.rankers.baselines import NearestRanker, PopularityRanker, RandomRanker, SearchRanker

RANKERS: dict[str, Callable[[], Ranker]] = {
    "random": RandomRanker,
    "search": SearchRanker,
    "popularity": PopularityRanker,
    "nearest": NearestRanker,
    "additive": AdditiveRanker,
    "additive-choice": lambda: AdditiveRanker("choice"),
}
RANKER_CLASSES: tuple[type[Ranker], ...] = (
    RandomRanker,
    SearchRanker,
    PopularityRanker,
    NearestRanker,
    AdditiveRanker,
)


def make_ranker(name: str) -> Ranker:
    """An unfitted ranker by name. Raises `UnknownValueError`."""
    if name not in RANKERS:
        raise UnknownValueError("ranker", name, ", ".join(RANKERS))
    return RANKERS[name]()


__all__ = ["OBJECTIVES", "RANKERS", "RANKER_CLASSES", "AdditiveRanker", "Ranker", "Scores", "make_ranker"]
