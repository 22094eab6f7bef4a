"""Why a score is what it is: a base and one term a feature that sum to it exactly, with the evidence named."""

from collections.abc import Mapping
from dataclasses import dataclass

from matcher.features.feature import Evidence, Feature
from matcher.lang import Lang


@dataclass(frozen=True)
class Term:
    """One feature's part of a score, in the score's units, and the facts it rests on.

    `known` is False where the feature's value is unknown for this pair: then the term is what "unknown"
    was learned to mean, and the shortlist may say so as a reason for caution.
    """

    feature: Feature
    contribution: float
    evidence: Evidence
    known: bool = True

    def sentence(self, lang: Lang) -> str:
        """The evidence in plain words; empty when there is nothing worth saying."""
        return self.feature.sentence(self.evidence, lang)

    def speaks(self) -> int:
        """1 where the sentence speaks for the expert, -1 against, 0 neither."""
        return self.feature.tells(self.evidence)


@dataclass(frozen=True)
class Explanation:
    """`base + sum(contributions) = score` to 1e-9; `log_odds` are the terms of P(resolved), `base` among them.

    They sum to the log-odds of the probability, and are empty where no probability is known.
    """

    expert_id: str
    base: float
    terms: tuple[Term, ...]
    log_odds: Mapping[str, float]

    @property
    def contributions(self) -> dict[str, float]:
        """Feature name to its part of the score."""
        return {term.feature.name: term.contribution for term in self.terms}
