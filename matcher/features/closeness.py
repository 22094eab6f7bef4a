"""Features of how close an expert's usual case is to the consultation, whether they have few cases or many."""

from collections.abc import Callable

import numpy as np

from matcher.features.feature import Feature, Floats, Group
from matcher.features.pairs import Pairs

STEADYING = 4.0  # cases unlike the consultation that steady a mean
RECENT_STEADYING = 0.5


def _mean(of: str, count: str, steadying: float) -> Callable[[Pairs], Floats]:
    return lambda pairs: np.asarray(pairs.past[of] / (pairs.past[count] + steadying))


TEXT_MEAN = Feature(
    "text_mean",
    {"ja": "過去の相談との近さの平均", "en": "usual closeness of past cases"},
    Group.TEXT,
    "cosine",
    "mean text similarity of the expert's cases, steadied by four cases of none",
    _mean("text_broad", "cases", STEADYING),
)
TEXT_MEAN_RECENT = Feature(
    "text_mean_recent",
    {"ja": "最近の相談との近さの平均", "en": "usual closeness of recent cases"},
    Group.TEXT,
    "squared cosine",
    "mean squared text similarity of the expert's cases, halved every year, steadied by half a case of none",
    _mean("text_recent", "cases_recent", RECENT_STEADYING),
)
MEANS = (TEXT_MEAN, TEXT_MEAN_RECENT)
