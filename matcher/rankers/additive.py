"""Our ranker: additive log-odds of a resolved case, or of being sent, with an exact explanation."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from threadpoolctl import threadpool_limits

from matcher.consultation import Consultation
from matcher.dataset import Dataset
from matcher.errors import UnknownValueError
from matcher.explanation import Explanation, Term
from matcher.features.declared import CHOICE_FEATURES, MERIT_FEATURES
from matcher.features.feature import Feature
from matcher.features.pairs import Pairs
from matcher.features.record import CATEGORY_EFFECT, EXPERT_EFFECT, UNCERTAINTY
from matcher.rankers.base import Scores
from matcher.rankers.choice_events import choice_events
from matcher.rankers.merit import Belief, Merit
from matcher.rankers.preference import Preference
from matcher.rankers.remembering import RememberingRanker, evidence_of, part
from matcher.rankers.training import Material

Floats = npt.NDArray[np.float64]
Objective = Literal["merit", "choice"]
OBJECTIVES: tuple[Objective, ...] = ("merit", "choice")


class AdditiveRanker(RememberingRanker):
    """Additive over declared features, with effects an expert and an expert and category.

    `merit` scores by the log-odds of the expected probability that the case is resolved if the expert is sent;
    who was sent often plays no part. `choice` scores by the utility that past choices reveal, popularity
    included, and keeps the probability beside it. The base of both is what a usual pair of a consultation and
    an expert gets; a term says how far this pair is from it.
    """

    name: ClassVar[str] = "additive"

    def __init__(self, objective: str = "merit") -> None:
        if objective not in OBJECTIVES:
            raise UnknownValueError("objective", objective, ", ".join(OBJECTIVES))
        self.objective = objective

    def fit(self, data: Dataset, *, as_of: pd.Timestamp, seed: int = 0) -> Self:
        """Learns as of a date. Without any outcome, or any dispatch, what is declared of each feature stands in."""
        rng = np.random.default_rng(seed)
        with threadpool_limits(1):  # the number of threads changes the last bits of a matrix product
            material = Material.of(data.before(as_of), seed=seed, as_of=as_of)
            self.remember(material)
            usual = material.usual(rng)
            self.merit = Merit.of(*material.outcomes()).centred_on(usual)
            self.preference = self._preference(material, usual, rng)
        return self

    def score(self, consultation: Consultation, experts: pd.DataFrame) -> Scores:
        """The objective's score, and P(resolved | sent) with its 90 % interval where outcomes were learned from."""
        pairs = self.pairs(consultation, experts)
        belief = self.merit.believe(pairs)
        if self.preference is not None:
            parts, _ = self.preference.parts(pairs)
            score = self.preference.base + parts.sum(axis=1)
        else:
            score = belief.moderated
        if not self.merit.learned:
            return Scores.without_probability(score)
        return Scores(score, belief.probability, belief.lower, belief.upper)

    def explain(self, consultation: Consultation, experts: pd.DataFrame) -> list[Explanation]:
        """Terms of the score; `log_odds` are the probability's own and sum to its log-odds, whichever the objective."""
        pairs = self.pairs(consultation, experts)
        belief = self.merit.believe(pairs)
        columns = self._merit_columns(pairs, belief)
        names = [column[0].name for column in columns]
        log_odds = [{"base": belief.base} | dict(zip(names, row, strict=True)) for row in _rows(columns)]
        base = belief.base
        if self.preference is not None:
            parts, unknown = self.preference.parts(pairs)
            features = self.preference.design.features
            columns = [(f, parts[:, i], ~unknown[:, i], evidence_of(f, pairs)) for i, f in enumerate(features)]
            base = self.preference.base
        return [
            Explanation(
                str(expert_id),
                base,
                tuple(
                    Term(f, float(part[row]), evidence[row], bool(known[row])) for f, part, known, evidence in columns
                ),
                log_odds[row] if self.merit.learned else {},
            )
            for row, expert_id in enumerate(experts["expert_id"])
        ]

    def _preference(self, material: Material, usual: Pairs, rng: np.random.Generator) -> Preference | None:
        return (
            Preference.of(*choice_events(material, rng), CHOICE_FEATURES).centred_on(usual)
            if self.objective == "choice"
            else None
        )

    def _merit_columns(self, pairs: Pairs, belief: Belief) -> list[tuple[Feature, Floats, Any, list[dict[str, Any]]]]:
        """Feature, term, whether known, and evidence, of every part of the merit score."""
        columns = [
            (
                feature,
                belief.parts[:, index],
                ~belief.unknown[:, index],
                evidence_of(feature, pairs),
            )
            for index, feature in enumerate(MERIT_FEATURES)
        ]
        recorded = belief.outcomes > 0
        effects = (
            (EXPERT_EFFECT, belief.expert),
            (CATEGORY_EFFECT, belief.category),
        )
        columns += [(f, part, recorded, evidence_of(f, pairs)) for f, part in effects]
        shrunk = belief.moderated - belief.eta
        beside = [{"recorded": bool(there)} for there in recorded]
        return [*columns, (UNCERTAINTY, shrunk, np.ones(len(pairs), dtype=bool), beside)]

    def learned(self) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
        """Objective and spreads; coefficients and effects."""
        merit_card, merit = self.merit.state()
        arrays = {f"merit.{name}": array for name, array in merit.items()}
        if self.preference is not None:
            arrays |= {f"preference.{name}": array for name, array in self.preference.state().items()}
        return {"objective": self.objective, "merit": merit_card}, arrays

    @classmethod
    def relearned(cls, card: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """The inverse of `learned`."""
        ranker = cls(card["objective"])
        ranker.merit = Merit.from_state(card["merit"], part(arrays, "merit"))
        chosen = part(arrays, "preference")
        ranker.preference = Preference.from_state(chosen, CHOICE_FEATURES) if chosen else None
        return ranker


def _rows(columns: list[tuple[Feature, Floats, Any, Any]]) -> list[list[float]]:
    return [[float(value) for value in row] for row in np.column_stack([column[1] for column in columns])]
