"""Which rankers are measured: ours, the baselines, and on request the peers that are installed."""

from collections.abc import Callable, Mapping, Sequence

from matcher.dataset import Dataset
from matcher.errors import UnknownValueError
from matcher.peers import PEER_CLASSES, peers
from matcher.peers.extra import MissingExtraError
from matcher.rankers import RANKERS, Ranker

BASELINE = "nearest"
CHOICE = "additive-choice"
Make = Callable[[], Ranker]


def methods(data: Dataset, names: Sequence[str] | None, *, with_peers: bool = False) -> dict[str, Make]:
    """How to make each ranker that is to be measured: those named, else all of ours, and the peers if asked for.

    Without any visible dispatch there is no choice to learn from, and the objective `choice` is left out.
    Raises `UnknownValueError`, and `MissingExtraError` for a named peer whose package is not installed.
    """
    others: Mapping[str, Make] = peers()
    known: dict[str, Make] = {**RANKERS, **others}
    missing = {kind.name: kind.package for kind in PEER_CLASSES if kind.name not in known}
    ours = [name for name in RANKERS if name != CHOICE or len(data.dispatches)]
    asked = [*(names or ours), *(others if with_peers else ())]
    for name in asked:
        if name in missing:
            raise MissingExtraError(missing[name])
        if name not in known:
            raise UnknownValueError("ranker", name, ", ".join(known))
    return {name: known[name] for name in asked}


def baseline_of(names: Sequence[str], baseline: str | None) -> str:
    """The ranker that the others are set against: the one asked for, else `BASELINE`, else the first one.

    Raises `UnknownValueError` for one that is not measured.
    """
    if baseline is None:
        return BASELINE if BASELINE in names else names[0]
    if baseline not in names:
        raise UnknownValueError("baseline", baseline, f"one that is measured: {', '.join(names)}")
    return baseline
