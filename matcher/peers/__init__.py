"""Other learners behind our interface, to be measured beside ours: the optional extra `peers`."""

from matcher.peers.bm25 import Bm25
from matcher.peers.extra import is_installed
from matcher.peers.factors import ImplicitFactors
from matcher.peers.histogram import HistogramBoosting
from matcher.peers.lightgbm_models import LightGBMLambdarank, LightGBMOutcomes
from matcher.peers.logistic import LogisticChoice, LogisticOutcomes
from matcher.peers.neighbours import TextNeighbours
from matcher.peers.peer import PeerRanker
from matcher.peers.xgboost_models import XGBoostNdcg
from matcher.rankers.base import Ranker

PEER_CLASSES: tuple[type[PeerRanker], ...] = (
    Bm25,
    TextNeighbours,
    ImplicitFactors,
    LogisticChoice,
    HistogramBoosting,
    LightGBMLambdarank,
    XGBoostNdcg,
    LogisticOutcomes,
    LightGBMOutcomes,
)


def peers() -> dict[str, type[Ranker]]:
    """Peers whose packages are installed, by name; the rest come with the extra `peers`."""
    return {kind.name: kind for kind in PEER_CLASSES if not kind.package or is_installed(kind.package)}


__all__ = ["PEER_CLASSES", "PeerRanker", "peers"]
