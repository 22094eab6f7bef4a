"""A peer: somebody else's learner behind our interface, seeing the same memory; measured beside us, never served."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from threadpoolctl import threadpool_limits

from matcher.consultation import Consultation
from matcher.dataset import Dataset
from matcher.explanation import Explanation, Term
from matcher.features.feature import Feature, Group
from matcher.features.pairs import Pairs
from matcher.rankers.base import Scores
from matcher.rankers.remembering import RememberingRanker, part
from matcher.rankers.training import Material

Floats = npt.NDArray[np.float64]
Arrays = dict[str, npt.NDArray[Any]]

VERDICT = Feature(
    "peer_verdict",
    {"ja": "総合評価", "en": "overall verdict"},
    Group.OTHER,
    "score",
    "the whole score of a peer, which does not say what it is made of",
)


class PeerRanker(RememberingRanker):
    """A ranker that explains nothing and is learned as arrays.

    `package` is the import name of what it needs from the extra `peers`, empty for what the core brings.
    `arrays` is all it learned; empty where there was nothing to learn from.
    """

    package: ClassVar[str] = ""
    features: ClassVar[tuple[Feature, ...]] = (VERDICT,)

    def fit(self, data: Dataset, *, as_of: pd.Timestamp, seed: int = 0) -> Self:
        """Learns on one thread. Raises `MissingExtraError`."""
        with threadpool_limits(1):
            material = Material.of(data.before(as_of), seed=seed, as_of=as_of)
            self.remember(material)
            self.take(self.learn(material, seed))
        return self

    def take(self, arrays: Arrays) -> None:
        """Becomes the ranker that learned these arrays."""
        self.arrays = arrays

    def learn(self, _material: Material, _seed: int) -> Arrays:
        """What there is to learn beside the memory, as arrays: nothing unless a peer says otherwise."""
        return {}

    def explain(self, consultation: Consultation, experts: pd.DataFrame) -> list[Explanation]:
        """One term, the whole score: a peer does not say what its score is made of."""
        scores = self.score(consultation, experts).score
        return [
            Explanation(str(expert), 0.0, (Term(VERDICT, float(score), {}, True),), {})
            for expert, score in zip(experts["expert_id"], scores, strict=True)
        ]

    def learned(self) -> tuple[dict[str, Any], Arrays]:
        """The arrays."""
        return {}, {f"peer.{name}": array for name, array in self.arrays.items()}

    @classmethod
    def relearned(cls, _card: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """The inverse of `learned`."""
        ranker = cls()
        ranker.take(part(arrays, "peer"))
        return ranker


class ReadingPeer(PeerRanker):
    """A peer in two steps, so that peers that read the same can share the reading, which takes most of the time."""

    @abstractmethod
    def read(self, pairs: Pairs) -> Floats:
        """Values (n, columns) of n pairs."""

    @abstractmethod
    def decide(self, values: Floats) -> Scores:
        """Scores of what was read."""

    def score(self, consultation: Consultation, experts: pd.DataFrame) -> Scores:
        """What it decides on what it reads; a probability has no interval."""
        return self.decide(self.read(self.pairs(consultation, experts)))
