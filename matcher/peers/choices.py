"""Peers that learn whom coordinators sent, from the same events and features as our `additive-choice`."""

from abc import abstractmethod
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from matcher.features.declared import CHOICE_FEATURES
from matcher.features.feature import Feature
from matcher.features.pairs import Pairs
from matcher.peers.peer import Arrays, Floats, ReadingPeer
from matcher.rankers.base import Scores
from matcher.rankers.choice_events import choice_events
from matcher.rankers.design import feature_values
from matcher.rankers.training import Material

Ints = npt.NDArray[np.int64]

DOES_NOT_ARISE = -1000.0  # below every value of a feature: a tree tells it from all of them
BEST_GAIN = 3


class ChoicePeer(ReadingPeer):
    """A learner over choice events; scores without a probability."""

    def learn(self, material: Material, seed: int) -> Arrays:
        """Nothing where no choice is known."""
        pairs, share, first = choice_events(material, np.random.default_rng(seed))
        if not len(first):
            return {}
        sizes = np.diff(np.append(first, len(share)))
        return self.learn_choices(self.read(pairs), gains(share, first), sizes, seed)

    @abstractmethod
    def learn_choices(self, values: Floats, gain: Ints, sizes: Ints, seed: int) -> Arrays:
        """From alternatives (n, F), event after event, their gains (n,) and the events' sizes."""

    def read(self, pairs: Pairs) -> Floats:
        """The values of `CHOICE_FEATURES`."""
        return plain_values(CHOICE_FEATURES, pairs)

    def decide(self, values: Floats) -> Scores:
        """All alike where nothing was learned."""
        return Scores.without_probability(self.predict(values) if self.arrays else np.zeros(len(values)))

    @abstractmethod
    def predict(self, values: Floats) -> Floats:
        """The learned score (n,)."""


def plain_values(features: Sequence[Feature], pairs: Pairs) -> Floats:
    """Values (n, F) for learners without a notion of an infinite value; NaN = unknown."""
    values = feature_values(features, pairs)
    return np.where(np.isposinf(values), DOES_NOT_ARISE, values)


def gains(share: Floats, first: Ints) -> Ints:
    """Gains 0 .. `BEST_GAIN` of alternatives from the shares that chose them; an event's best has the highest.

    >>> gains(np.array([0.6, 0.2, 0.0, 1.0]), np.array([0, 3])).tolist()
    [3, 1, 0, 3]
    """
    sizes = np.diff(np.append(first, len(share)))
    best = np.repeat(np.maximum.reduceat(share, first), sizes)
    return np.asarray(np.ceil(np.round(BEST_GAIN * share / best, 6)), dtype=np.int64)
