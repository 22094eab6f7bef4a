"""Merit: the probability that a case is resolved if this expert is sent, from dispatches whose outcome is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.features.declared import MERIT_FEATURES
from matcher.features.feature import Feature
from matcher.features.pairs import Pairs
from matcher.rankers.columns import Columns
from matcher.rankers.design import COEFFICIENT_STEP, Design, feature_values, on_grid
from matcher.rankers.mixed import Effects, MixedFit, fit_mixed

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

Z90 = 1.6448536269514722  # the standard normal's 95th percentile: a central 90 % interval
# Spread of what no outcome can show, because a case happens once: how hard it is for this expert, in log-odds. An
# assumption, settled on two synthetic worlds (seeds 101, 102) so that 90 % intervals hold the true probability.
CASE_SD = 0.8
CASE_STRETCH = float(np.sqrt(1 + np.pi * CASE_SD**2 / 8))
LEVELS = 2  # an expert, and the expert in a category


@dataclass(frozen=True)
class Brief:
    """What merit says of p pairs in short: log-odds and spread, both (p,); see `Belief`."""

    eta: Floats
    sd: Floats

    @property
    def moderated(self) -> Floats:
        """Log-odds of the expected probability."""
        return self.eta / self.flattening

    @cached_property
    def flattening(self) -> Floats:
        """By how much the log-odds of a mean over the belief are nearer to 0 than their mean."""
        return np.asarray(np.sqrt(1 + np.pi * self.sd**2 / 8))

    @property
    def centre(self) -> Floats:
        """Log-odds at the centre of the belief about the case."""
        return CASE_STRETCH * self.eta

    @property
    def spread(self) -> Floats:
        """Standard deviation of the belief about the case, log-odds."""
        return np.asarray(np.sqrt((CASE_STRETCH * self.sd) ** 2 + CASE_SD**2))


@dataclass(frozen=True)
class Belief(Brief):
    """What merit says of p pairs, all (p,) but `parts` (p, F) and `effects` (p, 2): the log-odds and its spread.

    `base + parts.sum(axis=1) + effects.sum(axis=1) + case = eta`. The case's own log-odds are believed to be
    N(stretch * eta, stretch^2 * sd^2 + CASE_SD^2): coefficients fitted over many cases are smaller than those within
    one (Zeger, Liang & Albert 1988, Biometrics 44, eq. 3.3). The probability is the mean over this belief, its interval
    the central 90 % (MacKay 1992, Neural Computation 4, eq. for the moderated output).
    """

    base: float
    parts: Floats
    unknown: Bools
    effects: Floats
    case: Floats
    outcomes: Ints


@dataclass(frozen=True)
class Keys:
    """Who the effects are of: sorted keys of experts (their place in the history), and with a category.

    `client` (sorted ids) and `category` (places) are those of the crossed effects; `outcomes` is counted an expert.
    """

    expert: Ints
    group: Ints
    client: npt.NDArray[np.str_]
    category: Ints
    outcomes: Ints


@dataclass(frozen=True)
class Merit:
    """A fitted merit model.

    `doubt` is the variance that the coefficients' uncertainty gives to a usual pair's log-odds. `learned` is False at a
    cold start, when coefficients are the declared priors and no probability is claimed.
    """

    design: Design
    fit: MixedFit
    keys: Keys
    centre: Floats
    doubt: float
    learned: bool

    @classmethod
    def of(cls, pairs: Pairs, outcome: Floats, features: Sequence[Feature] = MERIT_FEATURES) -> "Merit":
        """Learns from p dispatched pairs and their outcomes (0/1); without both kinds it is a cold start."""
        values = feature_values(features, pairs)
        design = Design.of(features, values)
        prior, centre = np.append(0.0, design.prior), np.zeros(len(features))
        if len(np.unique(outcome)) < 2:
            nobody = np.zeros(0, dtype=np.int64)
            return cls(design, _untaught(prior), Keys(nobody, nobody, _no_ids(), nobody, nobody), centre, 0.0, False)
        groups, leaf = np.unique(_node_keys(pairs)[1], return_inverse=True)
        experts, of_group = np.unique(groups // len(pairs.schema.categories), return_inverse=True)
        clients, client = np.unique(_clients(pairs), return_inverse=True)
        categories, category = np.unique(pairs.consultations.category[pairs.ci], return_inverse=True)
        columns = np.hstack([np.ones((len(outcome), 1)), design.matrix(values)])
        bounds = [(None, None), *design.bounds]
        fit = fit_mixed(columns, outcome, leaf, (of_group,), (client, category), prior, bounds)
        outcomes = np.bincount(of_group[leaf], minlength=len(experts))
        return cls(design, fit, Keys(experts, groups, clients, categories, outcomes), centre, 0.0, True)

    def centred_on(self, pairs: Pairs) -> "Merit":
        """The same model, its terms counted from their mean over `pairs`, which are usual ones: 0 is what is usual."""
        if not len(pairs):
            return self
        columns = self.design.matrix(feature_values(self.design.features, pairs))
        mean = self.design.contributions(columns, self.fit.coefficients[1:]).mean(axis=0)
        spread = np.hstack([np.ones((len(columns), 1)), columns]) @ self.fit.covariance_root
        doubt = float((spread**2).sum(axis=1).mean())
        return replace(self, centre=on_grid(mean, COEFFICIENT_STEP), doubt=doubt)

    def believe(self, pairs: Pairs) -> Belief:
        """The belief about each pair."""
        values = feature_values(self.design.features, pairs)
        parts = self.design.contributions(self.design.matrix(values), self.fit.coefficients[1:]) - self.centre
        effects, variance, outcomes = self._effects(pairs)
        case, case_variance = self._case(pairs)
        eta = self.base + parts.sum(axis=1) + effects.sum(axis=1) + case
        sd = np.sqrt(self.doubt + case_variance + variance)
        return Belief(eta, sd, self.base, parts, np.isnan(values), effects, case, outcomes)

    @property
    def base(self) -> float:
        """The log-odds of a usual pair."""
        return float(self.fit.coefficients[0] + self.centre.sum())

    def brief(self, pairs: Pairs, columns: Columns) -> Brief:
        """The belief about one consultation with every row of a register, without its terms."""
        parts = columns.total("merit", self.design.by_aspect, pairs, self._sum)
        effects, variance, *_ = self.kept_effects(pairs, columns)
        case, case_variance = self.case(pairs)
        return Brief(self.base + case + parts + effects, np.sqrt(self.doubt + case_variance + variance))

    def kept_effects(self, pairs: Pairs, columns: Columns) -> tuple[Floats, Floats, Floats, Ints]:
        """Of one consultation and every row: the effects' sum, its variance, the effects (n, 2), known outcomes."""
        name = ("effects", int(pairs.consultations.category[0]))
        return columns.of(name, lambda: self._summed_effects(pairs))  # type: ignore[return-value]

    def case(self, pairs: Pairs) -> tuple[float, float]:
        """What is known of the client and the category of one consultation, and its variance."""
        if not len(pairs):
            return 0.0, 0.0
        mean, variance = self._case(pairs.take(np.zeros(1, dtype=np.int64)))
        return float(mean[0]), float(variance[0])

    def _sum(self, places: list[int], pairs: Pairs) -> Floats:
        values = feature_values([self.design.features[place] for place in places], pairs)
        parts = self.design.parts_at(places, values, self.fit.coefficients[1:])
        return np.asarray(parts.sum(axis=1)) - float(self.centre[places].sum())

    def _summed_effects(self, pairs: Pairs) -> tuple[Floats, Floats, Floats, Ints]:
        means, variance, outcomes = self._effects(pairs)
        return means.sum(axis=1), variance, means, outcomes

    def _effects(self, pairs: Pairs) -> tuple[Floats, Floats, Ints]:
        """Posterior means of the nested effects (p, 2), the variance of their sum, the expert's known outcomes."""
        means, variance = np.zeros((len(pairs), LEVELS)), np.zeros(len(pairs))
        keys = (self.keys.expert, self.keys.group)
        for level, (effects, known, wanted) in enumerate(zip(self.fit.nested, keys, _node_keys(pairs), strict=True)):
            node, there = _find(known, wanted)
            means[:, level] = _taken(effects.mean, node, there, 0.0)
            variance = np.where(there, _taken(effects.variance, node, there, 0.0), variance + effects.sd**2)
        expert, there = _find(self.keys.expert, pairs.place)
        return means, variance, _taken(self.keys.outcomes, expert, there, 0)

    def _case(self, pairs: Pairs) -> tuple[Floats, Floats]:
        """What is known of the client and the category, the same for every expert, and its variance."""
        mean, variance = np.zeros(len(pairs)), np.zeros(len(pairs))
        wanted = (_clients(pairs), pairs.consultations.category[pairs.ci])
        for effects, keys, key in zip(self.fit.crossed, (self.keys.client, self.keys.category), wanted, strict=True):
            node, there = _find(keys, key)
            mean += _taken(effects.mean, node, there, 0.0)
            variance += _taken(effects.variance, node, there, effects.sd**2)
        return mean, variance

    def state(self) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
        """Scalars and arrays."""
        fit = self.fit
        effects = {**{f"nested{i}": e for i, e in enumerate(fit.nested)}}
        effects |= {f"crossed{i}": e for i, e in enumerate(fit.crossed)}
        card = {
            "learned": self.learned,
            "doubt": self.doubt,
            "sd": {name: effect.sd for name, effect in effects.items()},
        }
        arrays = {f"{name}_{part}": getattr(e, part) for name, e in effects.items() for part in ("mean", "variance")}
        arrays |= {f"keys_{field.name}": getattr(self.keys, field.name) for field in fields(Keys)}
        arrays |= {"coefficients": fit.coefficients, "covariance_root": fit.covariance_root, "centre": self.centre}
        return card, arrays | {"design_centre": self.design.centre, "design_scale": self.design.scale}

    @classmethod
    def from_state(cls, card: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> "Merit":
        """The inverse of `state`."""
        effects = {
            name: Effects(arrays[f"{name}_mean"], arrays[f"{name}_variance"], sd) for name, sd in card["sd"].items()
        }
        nested, crossed = (
            tuple(effects[name] for name in sorted(effects) if name.startswith(kind)) for kind in ("nested", "crossed")
        )
        fit = MixedFit(arrays["coefficients"], arrays["covariance_root"], nested, crossed)
        design = Design(MERIT_FEATURES, arrays["design_centre"], arrays["design_scale"])
        keys = Keys(**{field.name: arrays[f"keys_{field.name}"] for field in fields(Keys)})
        return cls(design, fit, keys, arrays["centre"], card["doubt"], card["learned"])


def _untaught(prior: Floats) -> MixedFit:
    nothing = Effects(np.zeros(0), np.zeros(0), 0.0)
    root = np.zeros((len(prior), len(prior)))
    return MixedFit(on_grid(prior, COEFFICIENT_STEP), root, (nothing,) * LEVELS, (nothing,) * 2)


def _no_ids() -> npt.NDArray[np.str_]:
    return np.zeros(0, dtype="<U1")


def _node_keys(pairs: Pairs) -> tuple[Ints, Ints]:
    """Each pair's expert, and expert with category; negative for one without a case."""
    return pairs.place, pairs.place * len(pairs.schema.categories) + pairs.consultations.category[pairs.ci]


def _clients(pairs: Pairs) -> npt.NDArray[np.str_]:
    """Each pair's client; where it is not known who it is, the consultation stands for it."""
    asked = pairs.consultations
    known = [client if client is not None else f"\0{own}" for client, own in zip(asked.clients, asked.ids, strict=True)]
    return np.array(known, dtype=np.str_)[pairs.ci]


def _find(keys: npt.NDArray[Any], wanted: npt.NDArray[Any]) -> tuple[Ints, Bools]:
    """Where each wanted key is, and whether it is there at all."""
    if not len(keys):
        return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=bool)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return place, keys[place] == wanted


def _taken(values: Any, place: Ints, there: Bools, otherwise: float) -> Any:
    return np.where(there, values[place], otherwise) if len(values) else np.full(len(place), otherwise)
