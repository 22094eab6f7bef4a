"""Why a score is what it is: a base and one term a feature that sum to it exactly, with the evidence named."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from matcher.features.feature import Evidence, Feature
from matcher.lang import Lang
from matcher.plain import plain

Floats = npt.NDArray[np.float64]

# What a term can say, one code each: its words speak for the expert, neither for nor against, against; there is
# nothing to say; or its value is unknown.
FOR, NEITHER, AGAINST, NOTHING, UNKNOWN = 1, 0, -1, 2, 3


class Fact:
    """The facts behind a feature's value, and the words for them, which are made when they are first read."""

    __slots__ = ("_en", "_ja", "_plain", "evidence", "feature")

    def __init__(self, feature: Feature, evidence: Evidence) -> None:
        self.feature, self.evidence = feature, evidence
        self._ja: str | None = None
        self._en: str | None = None
        self._plain: dict[str, Any] | None = None

    def sentence(self, lang: Lang) -> str:
        """The evidence in plain words; empty when there is nothing worth saying."""
        if lang == "en":
            if self._en is None:
                self._en = self.feature.sentence(self.evidence, "en")
            return self._en
        if self._ja is None:
            self._ja = self.feature.sentence(self.evidence, "ja")
        return self._ja

    @property
    def plain(self) -> dict[str, Any]:
        """The evidence as JSON can hold it; not to be changed."""
        if self._plain is None:
            self._plain = plain(self.evidence)
        return self._plain

    def says(self, known: bool) -> int:
        """What a term can say, as a code. Whether there are words for the evidence is the same in every language."""
        if not known:
            return UNKNOWN
        return self.feature.tells(self.evidence) if self.sentence("ja") else NOTHING


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


@dataclass(frozen=True, eq=False)
class Explanations:
    """The explanations of k experts by columns: `terms` (k, F) and what each `says` (k, F), a code as `FOR`.

    `fact` gives the facts of a row and a feature. `log_odds` (k, L) has the names `log_odds_names`, L = 0 where no
    probability is known.
    """

    features: tuple[Feature, ...]
    base: float
    terms: Floats
    says: npt.NDArray[np.int8]
    fact: Callable[[int, int], Fact]
    log_odds_names: tuple[str, ...]
    log_odds: Floats

    @classmethod
    def of(cls, explanations: Sequence[Explanation]) -> Self:
        """From one or more explanations with the same features."""
        first = explanations[0]
        names = tuple(first.log_odds)
        facts = [[Fact(term.feature, term.evidence) for term in found.terms] for found in explanations]
        known = [[term.known for term in found.terms] for found in explanations]
        return cls(
            tuple(term.feature for term in first.terms),
            first.base,
            np.array([[term.contribution for term in found.terms] for found in explanations]),
            codes(facts, known),
            lambda row, place: facts[row][place],
            names,
            np.array([[found.log_odds[name] for name in names] for found in explanations]),
        )

    def each(self, expert_ids: Sequence[str]) -> list[Explanation]:
        """One explanation an expert."""
        terms, log_odds, known = self.terms.tolist(), self.log_odds.tolist(), (self.says != UNKNOWN).tolist()
        return [
            Explanation(
                expert_id,
                self.base,
                tuple(
                    Term(feature, terms[row][place], self.fact(row, place).evidence, known[row][place])
                    for place, feature in enumerate(self.features)
                ),
                dict(zip(self.log_odds_names, log_odds[row], strict=True)),
            )
            for row, expert_id in enumerate(expert_ids)
        ]


def codes(facts: Sequence[Sequence[Fact]], known: Sequence[Sequence[bool]]) -> npt.NDArray[np.int8]:
    """What each of the terms can say (k, F)."""
    rows = [[fact.says(there) for fact, there in zip(*row, strict=True)] for row in zip(facts, known, strict=True)]
    return np.array(rows, dtype=np.int8)
