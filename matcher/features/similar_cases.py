"""Features of how much similar work an expert has done: similar texts, the same category, shared categories."""

from collections.abc import Callable
from typing import Any

import numpy as np

from matcher.features.feature import Feature, Floats, Group
from matcher.features.pairs import Pairs
from matcher.features.tally import category_evidence, similar_evidence, tally_sentence


def _log_sum(name: str, floor: float) -> Callable[[Pairs], Floats]:
    return lambda pairs: np.log(floor + pairs.past[name])


def history_feature(name: str, ja: str, en: str, group: Group, meaning: str, floor: float, **more: Any) -> Feature:
    """A feature whose value is log(`floor` + the sum called `name`)."""
    return Feature(name, {"ja": ja, "en": en}, group, "log", meaning, _log_sum(name, floor), **more)


SIMILAR_CASES = (
    history_feature(
        "text",
        "似た相談の件数",
        "similar cases",
        Group.TEXT,
        "log of the sum of squared text similarities",
        0.01,
        sentence=tally_sentence("似た相談", "similar cases"),
        evidence=similar_evidence,
        tells=lambda evidence: -1 if evidence["cases"] == 0 else 1,
        prior=0.5,
    ),
    history_feature(
        "text_recent", "最近の似た相談", "recent similar cases", Group.TEXT, "the same, halved every year", 0.01
    ),
    history_feature(
        "text_worth",
        "似た相談での評価",
        "worth in similar cases",
        Group.TEXT,
        "the same, weighted by how good the case was (votes, rating, satisfaction or resolved)",
        0.01,
    ),
    history_feature(
        "text_resolved",
        "似た相談の解決",
        "resolved similar cases",
        Group.TEXT,
        "log of the sum of squared text similarities over resolved cases",
        0.01,
    ),
    history_feature(
        "category",
        "同じ分野の件数",
        "cases of this category",
        Group.RECORD,
        "log of the number of cases of the consultation's own category",
        0.1,
        sentence=tally_sentence("同じ分野", "this category"),
        evidence=category_evidence,
        tells=lambda evidence: -1 if evidence["cases"] == 0 else 1,
        prior=0.5,
    ),
    history_feature(
        "category_recent", "最近の同分野", "recent in this category", Group.RECORD, "the same, halved every year", 0.1
    ),
    history_feature(
        "kind",
        "関連分野の件数",
        "cases of shared categories",
        Group.RECORD,
        "log of the sum of similarities of all categories and areas, rare ones weighing more",
        0.1,
    ),
    history_feature(
        "kind_recent",
        "最近の関連分野",
        "recent in shared categories",
        Group.RECORD,
        "the same, halved every year",
        0.1,
    ),
)
