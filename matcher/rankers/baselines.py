"""What is done without learning, behind the same interface: the yardsticks that a learned ranker must beat."""

import hashlib
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from threadpoolctl import threadpool_limits

from matcher.consultation import Consultation
from matcher.dataset import Dataset
from matcher.explanation import Explanation, Term
from matcher.features.expertise import CLAIMS_CATEGORY
from matcher.features.feature import Feature, Group
from matcher.features.gist import Gist
from matcher.features.pairs import Pairs
from matcher.features.popularity import POPULARITY
from matcher.features.region import DISTANCE, SAME_PREFECTURE_FEATURE
from matcher.rankers.base import Scores
from matcher.rankers.remembering import RememberingRanker, evidence_of
from matcher.rankers.training import Material
from matcher.reference.distance import PAIR_BASES, SAME_PREFECTURE

Floats = npt.NDArray[np.float64]

FARTHER_THAN_JAPAN = 4000.0  # km; a claim outweighs any distance, and an unknown distance comes last
SAME_PREFECTURE_KM = 50.0  # a distance within the prefecture that is not known: about the radius of one


class RuleRanker(RememberingRanker):
    """A ranker whose score is the sum of stated rules; `fit` only remembers."""

    features: ClassVar[tuple[Feature, ...]]

    def fit(self, data: Dataset, *, as_of: pd.Timestamp, seed: int = 0) -> Self:
        """Remembers the cases up to `as_of`; texts are not read."""
        self.seed = seed
        with threadpool_limits(1):  # as every fit: the number of threads must not show in a model
            self.remember(Material.of(data.before(as_of), as_of=as_of, gist=Gist.empty()))
        return self

    def parts(self, pairs: Pairs) -> Floats:
        """The rules' parts of the score, shape (n, features)."""
        raise NotImplementedError

    def score(self, consultation: Consultation, experts: pd.DataFrame) -> Scores:
        """The rules' sum; no probability."""
        return Scores.without_probability(self.parts(self.pairs(consultation, experts)).sum(axis=1))

    def explain(self, consultation: Consultation, experts: pd.DataFrame) -> list[Explanation]:
        """One term a rule, base 0."""
        pairs = self.pairs(consultation, experts)
        parts = self.parts(pairs)
        evidence = [evidence_of(feature, pairs) for feature in self.features]
        values = [f.compute(pairs) if f.compute is not None else np.zeros(len(pairs)) for f in self.features]
        return [
            Explanation(
                str(expert_id),
                0.0,
                tuple(
                    Term(feature, float(parts[row, i]), evidence[i][row], not bool(np.isnan(values[i][row])))
                    for i, feature in enumerate(self.features)
                ),
                {},
            )
            for row, expert_id in enumerate(experts["expert_id"])
        ]

    def learned(self) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
        """The seed."""
        return {"seed": self.seed}, {}

    @classmethod
    def relearned(cls, card: Mapping[str, Any], _arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """The inverse of `learned`."""
        ranker = cls()
        ranker.seed = card["seed"]
        return ranker


LOT = Feature(
    "lot", {"ja": "くじ", "en": "lot"}, Group.OTHER, "share", "a draw that depends on the two ids and the seed"
)


class RandomRanker(RuleRanker):
    """Any eligible expert: a lot drawn from the seed, the consultation's id and the expert's id."""

    name = "random"
    features = (LOT,)

    def parts(self, pairs: Pairs) -> Floats:
        """A number in [0, 1)."""
        asked = pairs.consultations.ids[0]
        lots = [_lot(f"{self.seed}|{asked}|{expert}") for expert in pairs.experts.ids]
        return np.array(lots, dtype=np.float64).reshape(-1, 1)


class NearestRanker(RuleRanker):
    """The nearest expert who claims the category: what a careful hub does by hand."""

    name = "nearest"
    features = (CLAIMS_CATEGORY, DISTANCE)

    def parts(self, pairs: Pairs) -> Floats:
        """A claim of the category counts more than any distance; kilometres count down."""
        claims = _values(CLAIMS_CATEGORY, pairs) == 2.0
        km = _values(DISTANCE, pairs)
        within = pairs.distance[1] == PAIR_BASES.index(SAME_PREFECTURE)
        km = np.where(np.isnan(km), np.where(within, SAME_PREFECTURE_KM, FARTHER_THAN_JAPAN), km)
        return np.column_stack([claims * 2 * FARTHER_THAN_JAPAN, -km])


class PopularityRanker(RuleRanker):
    """Who was sent most of late: each past dispatch counts 1, halved every year."""

    name = "popularity"
    features = (next(feature for feature in POPULARITY if feature.name == "cases_recent"),)

    def parts(self, pairs: Pairs) -> Floats:
        """The logarithm of the faded count."""
        return _values(self.features[0], pairs).reshape(-1, 1)


class SearchRanker(RuleRanker):
    """Today's official search: a filter by category and prefecture; all who pass are equal."""

    name = "search"
    features = (CLAIMS_CATEGORY, SAME_PREFECTURE_FEATURE)

    def parts(self, pairs: Pairs) -> Floats:
        """1 for each filter that is passed; what is not stated does not pass."""
        claims = _values(CLAIMS_CATEGORY, pairs) == 2.0
        here = _values(SAME_PREFECTURE_FEATURE, pairs) == 1.0
        return np.column_stack([claims, here]).astype(np.float64)


def _values(feature: Feature, pairs: Pairs) -> Floats:
    return feature.compute(pairs) if feature.compute is not None else np.full(len(pairs), np.nan)


def _lot(text: str) -> float:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6]) / 2**48
