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
KIND_MEAN = Feature(
    "kind_mean",
    {"ja": "過去の相談との分野の重なり", "en": "usual overlap of categories"},
    Group.RECORD,
    "cosine",
    "mean similarity of categories and areas of the expert's cases, steadied by four cases of none",
    _mean("kind", "cases", STEADYING),
)
CATEGORY_SHARE = Feature(
    "category_share",
    {"ja": "この分野が占める割合", "en": "share of this category"},
    Group.RECORD,
    "share",
    "share of the expert's cases that are of the consultation's category, steadied by four of others",
    _mean("category", "cases", STEADYING),
)

MEANS = (TEXT_MEAN, TEXT_MEAN_RECENT)
SHARES = (KIND_MEAN, CATEGORY_SHARE)
