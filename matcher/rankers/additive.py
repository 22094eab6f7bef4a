"""Our ranker: additive log-odds of a resolved case, or of being sent, with an exact explanation."""

from collections.abc import Mapping
from copy import copy
from dataclasses import asdict
from typing import Any, ClassVar, Literal, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit
from threadpoolctl import threadpool_limits

from matcher.consultation import Consultation
from matcher.dataset import Dataset
from matcher.errors import UnknownValueError
from matcher.explanation import Explanation, Explanations, codes
from matcher.features.declared import CHOICE_FEATURES, FIT_FEATURES, MERIT_FEATURES
from matcher.features.feature import Feature
from matcher.features.pairs import Pairs
from matcher.rankers.base import DeferredScores, Scores
from matcher.rankers.blend import Blend
from matcher.rankers.choice_events import choice_events, decided_until
from matcher.rankers.design import computed
from matcher.rankers.merit import Z90, Brief, Merit
from matcher.rankers.preference import Preference
from matcher.rankers.remembering import RememberingRanker, part
from matcher.rankers.training import Material
from matcher.rankers.utility import Utility, said

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Objective = Literal["merit", "choice"]
OBJECTIVES: tuple[Objective, ...] = ("merit", "choice")
HELD_OUT = 0.2  # share of outcomes, the latest, on which the utility's weights are learned
MOST_EARLY = 100_000  # outcomes before them, the latest, from which a first merit is learned for three numbers
FIT_EVENTS, FIT_ALTERNATIVES = 1500, 60


class AdditiveRanker(RememberingRanker):
    """Additive over declared features, with effects an expert and an expert and category.

    `merit` scores by a utility, the log-odds of the expected probability that the case is resolved if the expert is
    sent: intercept + slope * merit + weight * fit. Merit is learned from outcomes, fit from whom coordinators sent,
    without how often; the three numbers from the latest outcomes, which a first merit did not see. `choice` scores by
    what past choices reveal, popularity included, and keeps the probability beside it. The base of both is
    what a usual pair of a consultation and an expert gets; a term says how far this pair is from it.
    """

    name: ClassVar[str] = "additive"
    merit_features: ClassVar[tuple[Feature, ...]] = MERIT_FEATURES

    def __init__(self, objective: str = "merit") -> None:
        if objective not in OBJECTIVES:
            raise UnknownValueError("objective", objective, ", ".join(OBJECTIVES))
        self.objective = objective
        self.risk = "neutral"

    def with_risk(self, risk: str) -> Self:
        """The same model, ordering by the expected log-odds or by the lower end of their 90 % interval.

        Raises `UnknownValueError`, and `InvalidValueError` for a cautious order by choice, which has no interval.
        """
        if risk == "cautious" and self.objective == "merit" and self.merit.learned:
            ranker = copy(self)
            ranker.risk = risk
            return ranker
        return super().with_risk(risk)

    def fit(self, data: Dataset, *, as_of: pd.Timestamp, seed: int = 0) -> Self:
        """Learns as of a date. Without any outcome, or any dispatch, what is declared of each feature stands in."""
        rng = np.random.default_rng(seed)
        with threadpool_limits(1):  # the number of threads changes the last bits of a matrix product
            material = Material.of(data.before(as_of), seed=seed, as_of=as_of)
            self.remember(material)
            usual = material.usual(rng)
            pairs, outcome = material.outcomes()
            merit = Merit.of(pairs, outcome, self.merit_features).centred_on(usual)
            fitting = choice_events(material, rng, most_events=FIT_EVENTS, alternatives=FIT_ALTERNATIVES)
            fitness = Preference.of(*fitting, FIT_FEATURES).centred_on(usual)
            blend = _blend(pairs, outcome, fitting, usual, self.merit_features, timed=material.history.is_timed)
            self._join(merit, fitness, blend)
            self.preference = None
            if self.objective == "choice":
                events = choice_events(material, rng, aged=True)
                self.preference = Preference.of(*events, CHOICE_FEATURES).centred_on(usual)
        return self

    def score(self, consultation: Consultation, experts: pd.DataFrame) -> Scores:
        """The objective's score, and P(resolved | sent) with its 90 % interval where outcomes were learned from."""
        pairs = self.pairs(consultation, experts)
        columns = self.columns(experts)
        belief, blend = self.merit.brief(pairs, columns), self.blend
        fit = blend.weight * self.fitness.total(pairs, columns) if blend.weight else np.zeros(1)

        def bounds(rows: Any) -> tuple[Floats, Floats]:
            """Log-odds of the lower and the upper end."""
            some = Brief(belief.eta[rows], belief.sd[rows])
            centre = blend.intercept + blend.slope * some.centre + (fit[rows] if blend.weight else fit)
            return centre - Z90 * some.spread, centre + Z90 * some.spread

        middle = blend.intercept + blend.slope * belief.moderated + fit
        if self.preference is not None:
            score = self.preference.base + self.preference.parts(pairs)[0].sum(axis=1)
        else:
            score = bounds(slice(None))[0] if self.risk == "cautious" else middle
        if not self.merit.learned:
            return Scores.without_probability(score)

        def chances(rows: Any) -> tuple[Floats, Floats, Floats]:
            lower, upper = bounds(rows)
            return expit(middle[rows]), expit(lower), expit(upper)

        return DeferredScores(score, chances)

    def explain(self, consultation: Consultation, experts: pd.DataFrame) -> list[Explanation]:
        """Terms of the score; `log_odds` are the probability's own and sum to its log-odds, whichever the objective."""
        if experts.empty:
            return []
        every = np.arange(len(experts))
        return self.explained(consultation, experts, every).each(experts["expert_id"].tolist())

    def explained(self, consultation: Consultation, experts: pd.DataFrame, rows: Ints) -> Explanations:
        """The same of the experts at one or more rows, by columns; what consultations have alike is kept."""
        pairs = self.pairs(consultation, experts)
        columns = self.columns(experts)
        told = self._utility.describe(pairs, columns, rows)
        belief, blend = told.belief, self.blend
        middle = told.terms(blend, blend.slope * belief.moderated)
        names = ("base", *(feature.name for feature in told.features))
        base = blend.intercept + blend.slope * told.base
        log_odds = np.column_stack([np.full(len(rows), base), middle])
        if not self.merit.learned:
            names, log_odds = (), np.zeros((len(rows), 0))
        if self.preference is not None:
            return _chosen(self.preference, pairs.take(rows), names, log_odds)
        terms = middle
        if self.risk == "cautious":
            terms = told.terms(blend, blend.slope * belief.centre - Z90 * belief.spread)
        return Explanations(told.features, base, terms, told.says, told.fact, names, log_odds)

    def _join(self, merit: Merit, fitness: Preference, blend: Blend) -> None:
        self.merit, self.fitness, self.blend = merit, fitness, blend
        self._utility = Utility(merit, fitness, blend)

    def learned(self) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
        """Objective, spreads and weights; coefficients and effects."""
        merit_card, merit = self.merit.state()
        models = {"merit": merit, "fitness": self.fitness.state()}
        if self.preference is not None:
            models["preference"] = self.preference.state()
        arrays = {f"{name}.{key}": array for name, state in models.items() for key, array in state.items()}
        card = {"objective": self.objective, "merit": merit_card, "blend": asdict(self.blend)}
        return card, arrays

    @classmethod
    def relearned(cls, card: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """The inverse of `learned`."""
        ranker = cls(card["objective"])
        ranker._join(
            Merit.from_state(card["merit"], part(arrays, "merit")),
            Preference.from_state(part(arrays, "fitness"), FIT_FEATURES),
            Blend(**card["blend"]),
        )
        chosen = part(arrays, "preference")
        ranker.preference = Preference.from_state(chosen, CHOICE_FEATURES) if chosen else None
        return ranker


def _blend(
    pairs: Pairs,
    outcome: Floats,
    fitting: tuple[Pairs, Floats, Any],
    usual: Pairs,
    features: tuple[Feature, ...],
    *,
    timed: bool,
) -> Blend:
    """Weights from the latest outcomes, with merit and fit learned from what was before them."""
    if not timed or not len(outcome):
        return Blend()
    cut = np.quantile(pairs.as_of, 1 - HELD_OUT)
    late = pairs.as_of > cut
    early = np.flatnonzero(~late)
    if len(early) > MOST_EARLY:
        early = early[np.argsort(-pairs.as_of[early], kind="stable")[:MOST_EARLY]]
    merit = Merit.of(pairs.take(early), outcome[early], features)
    if not merit.learned:
        return Blend()
    fit = Preference.of(*decided_until(cut, *fitting), FIT_FEATURES).centred_on(usual)
    held_out = pairs.take(late)
    return Blend.learn(merit.believe(held_out).moderated, fit.parts(held_out)[0].sum(axis=1), outcome[late])


def _chosen(preference: Preference, pairs: Pairs, names: tuple[str, ...], log_odds: Floats) -> Explanations:
    """What the score by choice is made of."""
    features = preference.design.features
    parts, unknown = preference.parts(pairs)
    raw, _ = computed(features, pairs)
    facts = said(features, pairs, raw)
    says = codes(facts, (~unknown).tolist())
    return Explanations(features, preference.base, parts, says, lambda row, place: facts[row][place], names, log_odds)
