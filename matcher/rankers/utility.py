"""The terms of the utility of single experts: merit's and fit's parts a feature, and what each of them can say."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matcher.explanation import NOTHING, Fact, codes
from matcher.features.feature import Feature
from matcher.features.pairs import Pairs
from matcher.features.record import CASE_EFFECT, CATEGORY_EFFECT, EXPERT_EFFECT, UNCERTAINTY
from matcher.rankers.blend import Blend
from matcher.rankers.columns import OF_CASES, Columns, Facts, Made, key_of
from matcher.rankers.design import Design, computed
from matcher.rankers.merit import Brief, Merit
from matcher.rankers.preference import Preference

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int8]

EFFECTS = (EXPERT_EFFECT, CATEGORY_EFFECT)
_CASE = Fact(CASE_EFFECT, {})
_LITTLE = [Fact(UNCERTAINTY, {"recorded": recorded}) for recorded in (True, False)]
_LITTLE_SAYS = [fact.says(True) for fact in _LITTLE]


@dataclass(frozen=True, eq=False)
class Described:
    """k experts: parts of merit and of fit a feature (k, F), effects (k, 2), the case, and what the terms say.

    `says` (k, F + 4) also holds the effects, the case and what little is known; `told` has the facts
    in parts, `where` the part of each term and its turn in it.
    """

    features: tuple[Feature, ...]
    belief: Brief
    base: float
    merit: Floats
    fit: Floats
    effects: Floats
    case: float
    says: Codes
    told: Sequence[Facts]
    where: Sequence[tuple[int, int]]

    def fact(self, row: int, place: int) -> Fact:
        """The facts behind a term."""
        part, turn = self.where[place]
        return self.told[part][row][turn]

    def terms(self, blend: Blend, counted: Floats) -> Floats:
        """The terms (k, F + 4); `counted` is merit's part of the utility, which the last term makes up."""
        parts = blend.slope * self.merit + blend.weight * self.fit if blend.weight else blend.slope * self.merit
        case = np.full(len(parts), blend.slope * self.case)
        return np.column_stack([parts, blend.slope * self.effects, case, counted - blend.slope * self.belief.eta])


class Utility:
    """The features of merit and, where it counts, of fit, by what they read of a consultation."""

    def __init__(self, merit: Merit, fitness: Preference, blend: Blend) -> None:
        self.merit, self.fitness = merit, fitness
        self.counts_fit = blend.weight > 0
        used = (*merit.design.features, *(fitness.design.features if self.counts_fit else ()))
        self.features = tuple({feature.name: feature for feature in used}.values())
        self.by_aspect = {
            aspect: [place for place, feature in enumerate(self.features) if feature.reads is aspect]
            for aspect in dict.fromkeys(feature.reads for feature in self.features)
        }
        beside = range(len(self.features), len(self.features) + len(EFFECTS) + 2)
        parts = [*self.by_aspect.values(), list(beside[: len(EFFECTS)]), list(beside[len(EFFECTS) :])]
        found = {place: (part, turn) for part, places in enumerate(parts) for turn, place in enumerate(places)}
        self.where = [found[place] for place in range(len(found))]

    def describe(self, pairs: Pairs, columns: Columns, rows: Ints) -> Described:
        """The experts at these rows of a register, for one consultation with all of it."""
        merit, fit = np.zeros((2, len(rows), len(self.features)))
        says = np.full((len(rows), len(self.features) + len(EFFECTS) + 2), NOTHING, dtype=np.int8)
        told: list[Facts] = []
        for aspect, places in self.by_aspect.items():
            made, facts = columns.told(
                (self, aspect),
                key_of(aspect, pairs.consultations),
                pairs,
                rows,
                lambda some, p=places: self._tell(p, some),  # type: ignore[misc]
                of_cases=aspect in OF_CASES,
            )
            merit[:, places], fit[:, places], says[:, places] = made
            told.append(facts)
        _, variance, effects, outcomes = self.merit.kept_effects(pairs, columns)
        places = list(range(len(self.features), len(self.features) + len(EFFECTS)))
        says[:, places], facts = self._effects(pairs, columns, rows)
        told.append(facts)
        says[:, -1] = np.where(outcomes[rows] > 0, *_LITTLE_SAYS)
        told.append([[_CASE, _LITTLE[int(known == 0)]] for known in outcomes[rows]])
        case, case_variance = self.merit.case(pairs)
        eta = self.merit.base + case + merit.sum(axis=1) + effects[rows].sum(axis=1)
        belief = Brief(eta, np.sqrt(self.merit.doubt + case_variance + variance[rows]))
        features = (*self.features, *EFFECTS, CASE_EFFECT, UNCERTAINTY)
        return Described(features, belief, self.merit.base, merit, fit, effects[rows], case, says, told, self.where)

    def _tell(self, places: list[int], pairs: Pairs) -> tuple[Made, Facts]:
        features = tuple(self.features[place] for place in places)
        raw, values = computed(features, pairs)
        facts = said(features, pairs, raw)
        merit = _parts(features, values, self.merit.design, self.merit.fit.coefficients[1:], self.merit.centre)
        fit = np.zeros_like(merit)
        if self.counts_fit:
            fit = _parts(features, values, self.fitness.design, self.fitness.coefficients, self.fitness.centre)
        return (merit, fit, codes(facts, (~np.isnan(values)).tolist())), facts

    def _effects(self, pairs: Pairs, columns: Columns, rows: Ints) -> tuple[Codes, Facts]:
        *_, outcomes = self.merit.kept_effects(pairs, columns)

        def tell(some: Pairs) -> tuple[Made, Facts]:
            known = np.column_stack([outcomes[some.ei] > 0] * len(EFFECTS))
            facts = said(EFFECTS, some, np.zeros(known.shape))
            return (codes(facts, known.tolist()),), facts

        category = int(pairs.consultations.category[0])
        (told,), facts = columns.told((self, "effects"), category, pairs, rows, tell, of_cases=True)
        return told, facts


def said(features: Sequence[Feature], pairs: Pairs, raw: Floats) -> Facts:
    """The facts behind computed values (p, F), a list each pair."""
    by_feature = [
        [Fact(feature, evidence) for evidence in feature.evidence(pairs, raw[:, place])]
        for place, feature in enumerate(features)
    ]
    return [list(row) for row in zip(*by_feature, strict=True)]


def _parts(features: Sequence[Feature], values: Floats, design: Design, coefficients: Floats, centre: Floats) -> Floats:
    """A model's parts (p, F) of these features' values; 0 for a feature that it does not read."""
    names = [feature.name for feature in design.features]
    here = [place for place, feature in enumerate(features) if feature.name in names]
    parts = np.zeros(values.shape)
    if here:
        places = [names.index(features[place].name) for place in here]
        parts[:, here] = design.parts_at(places, values[:, here], coefficients) - centre[places]
    return parts
