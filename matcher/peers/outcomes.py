"""Peers that learn whether a case is resolved, from profiles and smoothed track records instead of mixed effects."""

from abc import abstractmethod

import numpy as np
from scipy.special import expit

from matcher.features.declared import MERIT_FEATURES
from matcher.features.pairs import Pairs
from matcher.peers.choices import plain_values
from matcher.peers.peer import Arrays, Floats, ReadingPeer
from matcher.peers.track_record import track_record
from matcher.rankers.base import Scores
from matcher.rankers.training import Material


class OutcomePeer(ReadingPeer):
    """A classifier of dispatched pairs with a known outcome; its probability has no interval."""

    def learn(self, material: Material, seed: int) -> Arrays:
        """Nothing where outcomes are all alike or unknown."""
        pairs, outcome = material.outcomes()
        if len(np.unique(outcome)) < 2:
            return {}
        return self.learn_outcomes(self.read(pairs), outcome, seed)

    @abstractmethod
    def learn_outcomes(self, values: Floats, outcome: Floats, seed: int) -> Arrays:
        """From values (n, F) and outcomes (n,), 0 or 1."""

    def read(self, pairs: Pairs) -> Floats:
        """`MERIT_FEATURES` and the track record beside them."""
        return np.hstack([plain_values(MERIT_FEATURES, pairs), track_record(pairs)])

    def decide(self, values: Floats) -> Scores:
        """Log-odds and probability; all alike, and no probability, where nothing was learned."""
        if not self.arrays:
            return Scores.without_probability(np.zeros(len(values)))
        log_odds = self.log_odds(values)
        nothing = np.full(len(values), np.nan)
        return Scores(log_odds, np.asarray(expit(log_odds)), nothing, nothing)

    @abstractmethod
    def log_odds(self, values: Floats) -> Floats:
        """The learned log-odds (n,)."""
