"""The terms of the utility of single experts: merit's and fit's parts a feature, and what each of them can say."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.explanation import NOTHING, says
from matcher.features.feature import Aspect, Evidence, Feature
from matcher.features.pairs import Pairs
from matcher.features.record import CASE_EFFECT, CATEGORY_EFFECT, EXPERT_EFFECT, UNCERTAINTY
from matcher.rankers.blend import Blend
from matcher.rankers.columns import Columns, Facts, Made, key_of
from matcher.rankers.design import Design, computed
from matcher.rankers.merit import Brief, Merit
from matcher.rankers.preference import Preference

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int8]

EFFECTS = (EXPERT_EFFECT, CATEGORY_EFFECT)


@dataclass(frozen=True, eq=False)
class Described:
    """k experts: parts of merit and of fit a feature (k, F), effects (k, 2), the case, and what the terms say.

    `says` (k, F + 4) also holds the effects, the case and what little is known.
    """

    features: tuple[Feature, ...]
    belief: Brief
    base: float
    merit: Floats
    fit: Floats
    effects: Floats
    case: float
    says: Codes
    facts: Sequence[Sequence[Evidence]]

    def evidence(self, row: int, place: int) -> Evidence:
        """The facts behind a term."""
        return self.facts[row][place]

    def terms(self, blend: Blend, counted: Floats) -> Floats:
        """The terms (k, F + 4); `counted` is merit's part of the utility, which the last term makes up."""
        parts = blend.slope * self.merit + blend.weight * self.fit if blend.weight else blend.slope * self.merit
        case = np.full(len(parts), blend.slope * self.case)
        return np.column_stack([parts, blend.slope * self.effects, case, counted - blend.slope * self.belief.eta])


class Utility:
    """The features of merit and, where it counts, of fit, by what they read of a consultation."""

    def __init__(self, merit: Merit, fitness: Preference, blend: Blend) -> None:
        self.merit, self.fitness = merit, fitness
        used = (*merit.design.features, *(fitness.design.features if blend.weight else ()))
        self.features = tuple({feature.name: feature for feature in used}.values())
        self.by_aspect = {
            aspect: [place for place, feature in enumerate(self.features) if feature.reads is aspect]
            for aspect in dict.fromkeys(feature.reads for feature in self.features)
        }

    def describe(self, pairs: Pairs, columns: Columns, rows: Ints) -> Described:
        """The experts at these rows of a register, for one consultation with all of it."""
        merit, fit = np.zeros((2, len(rows), len(self.features)))
        codes = np.zeros((len(rows), len(self.features) + len(EFFECTS) + 2), dtype=np.int8)
        facts: list[list[Evidence]] = [[{}] * codes.shape[1] for _ in rows]
        for aspect, places in self.by_aspect.items():
            made, found = columns.told(
                (self, aspect),
                key_of(aspect, pairs.consultations),
                pairs,
                rows,
                lambda some, p=places: self._tell(p, some),  # type: ignore[misc]
                of_cases=aspect is Aspect.TOPIC,
            )
            merit[:, places], fit[:, places], codes[:, places] = made
            for whole, some in zip(facts, found, strict=True):
                for place, evidence in zip(places, some, strict=True):
                    whole[place] = evidence
        effects, outcomes, variance = self._effects(pairs, columns, rows, codes, facts)
        codes[:, -2] = NOTHING
        recorded = outcomes > 0
        for row, there in enumerate(recorded):
            facts[row][-1] = {"recorded": bool(there)}
        codes[:, -1] = np.where(recorded, *(says(UNCERTAINTY, {"recorded": there}, True) for there in (True, False)))
        case, case_variance = self.merit.case(pairs)
        eta = self.merit.base + case + merit.sum(axis=1) + effects.sum(axis=1)
        belief = Brief(eta, np.sqrt(self.merit.doubt + case_variance + variance))
        features = (*self.features, *EFFECTS, CASE_EFFECT, UNCERTAINTY)
        return Described(features, belief, self.merit.base, merit, fit, effects, case, codes, facts)

    def _tell(self, places: list[int], pairs: Pairs) -> tuple[Made, Facts]:
        features = tuple(self.features[place] for place in places)
        raw, values = computed(features, pairs)
        facts, codes = said(features, pairs, raw, ~np.isnan(values))
        merit = _parts(features, values, self.merit.design, self.merit.fit.coefficients[1:], self.merit.centre)
        fit = _parts(features, values, self.fitness.design, self.fitness.coefficients, self.fitness.centre)
        return (merit, fit, codes), facts

    def _effects(
        self, pairs: Pairs, columns: Columns, rows: Ints, codes: Codes, facts: Facts
    ) -> tuple[Floats, Ints, Floats]:
        _, variance, effects, outcomes = self.merit.kept_effects(pairs, columns)
        known = outcomes > 0

        def tell(some: Pairs) -> tuple[Made, Facts]:
            there = np.column_stack([known[some.ei]] * len(EFFECTS))
            found, told = said(EFFECTS, some, np.zeros((len(some), len(EFFECTS))), there)
            return (told,), found

        category = int(pairs.consultations.category[0])
        (told,), found = columns.told((self, "effects"), category, pairs, rows, tell, of_cases=True)
        first = len(self.features)
        codes[:, first : first + len(EFFECTS)] = told
        for whole, some in zip(facts, found, strict=True):
            whole[first : first + len(EFFECTS)] = some
        return effects[rows], outcomes[rows], variance[rows]


def said(features: Sequence[Feature], pairs: Pairs, raw: Floats, known: npt.NDArray[np.bool_]) -> tuple[Facts, Codes]:
    """The evidence of computed values (p, F), a list each pair, and what each term can say, as codes (p, F)."""
    by_feature = [feature.evidence(pairs, raw[:, place]) for place, feature in enumerate(features)]
    facts: Any = [list(row) for row in zip(*by_feature, strict=True)]
    codes = [
        [says(*term) for term in zip(features, row, here, strict=True)]
        for row, here in zip(facts, known.tolist(), strict=True)
    ]
    return facts, np.array(codes, dtype=np.int8).reshape(known.shape)


def _parts(features: Sequence[Feature], values: Floats, design: Design, coefficients: Floats, centre: Floats) -> Floats:
    """A model's parts (p, F) of these features' values; 0 for a feature that it does not read."""
    names = [feature.name for feature in design.features]
    here = [place for place, feature in enumerate(features) if feature.name in names]
    parts = np.zeros(values.shape)
    if here:
        places = [names.index(features[place].name) for place in here]
        parts[:, here] = design.parts_at(places, values[:, here], coefficients) - centre[places]
    return parts
