"""Merit: the probability that a case is resolved if this expert is sent, from dispatches whose outcome is known."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from matcher.features.declared import MERIT_FEATURES
from matcher.features.pairs import Pairs
from matcher.rankers.design import COEFFICIENT_STEP, Design, feature_values, on_grid
from matcher.rankers.mixed import MixedFit, fit_mixed

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

Z90 = 1.6448536269514722  # the standard normal's 95th percentile: a central 90 % interval


@dataclass(frozen=True)
class Belief:
    """What merit says of p pairs, all (p,) but `parts` (p, F): the log-odds and its spread, in terms.

    `base + parts.sum(axis=1) + expert + category = eta`; the probability is the mean over the belief
    N(eta, sd^2), its interval the central 90 % (MacKay 1992, Neural Computation 4, eq. for the moderated output).
    """

    base: float
    parts: Floats
    unknown: npt.NDArray[np.bool_]
    expert: Floats
    category: Floats
    outcomes: Ints
    eta: Floats
    sd: Floats

    @property
    def moderated(self) -> Floats:
        """Log-odds of the expected probability."""
        return self.eta / np.sqrt(1 + np.pi * self.sd**2 / 8)

    @property
    def probability(self) -> Floats:
        """P(resolved | sent)."""
        return np.asarray(expit(self.moderated))

    @property
    def lower(self) -> Floats:
        """The 5th percentile of the believed success probability."""
        return np.asarray(expit(self.eta - Z90 * self.sd))

    @property
    def upper(self) -> Floats:
        """The 95th percentile."""
        return np.asarray(expit(self.eta + Z90 * self.sd))


@dataclass(frozen=True)
class Merit:
    """A fitted merit model; `keys` (G,) are an expert's place * categories + category, sorted.

    `learned` is False at a cold start, when coefficients are the declared priors and no probability is claimed.
    """

    design: Design
    fit: MixedFit
    keys: Ints
    places: Ints
    outcomes: Ints
    centre: Floats
    learned: bool

    @classmethod
    def of(cls, pairs: Pairs, outcome: Floats) -> "Merit":
        """Learns from p dispatched pairs and their outcomes (0/1); without both kinds it is a cold start."""
        values = feature_values(MERIT_FEATURES, pairs)
        design = Design.of(MERIT_FEATURES, values)
        prior = np.append(0.0, design.prior)
        if len(np.unique(outcome)) < 2:
            return cls(
                design, _untaught(prior), *(np.zeros(0, dtype=np.int64),) * 3, np.zeros(len(MERIT_FEATURES)), False
            )
        key = pairs.place * len(pairs.schema.categories) + pairs.consultations.category[pairs.ci]
        keys, group = np.unique(key, return_inverse=True)
        places, key_expert = np.unique(keys // len(pairs.schema.categories), return_inverse=True)
        columns = np.hstack([np.ones((len(outcome), 1)), design.matrix(values)])
        fit = fit_mixed(columns, outcome, group, key_expert, prior, [(None, None), *design.bounds])
        outcomes = np.bincount(key_expert[group], minlength=len(places))
        return cls(design, fit, keys, places, outcomes, np.zeros(len(MERIT_FEATURES)), True)

    def centred_on(self, pairs: Pairs) -> "Merit":
        """The same model, its terms counted from their mean over `pairs`: 0 is what is usual."""
        if not len(pairs):
            return self
        columns = self.design.matrix(feature_values(MERIT_FEATURES, pairs))
        mean = self.design.contributions(columns, self.fit.coefficients[1:]).mean(axis=0)
        return replace(self, centre=on_grid(mean, COEFFICIENT_STEP))

    def believe(self, pairs: Pairs) -> Belief:
        """The belief about each pair."""
        values = feature_values(MERIT_FEATURES, pairs)
        columns = self.design.matrix(values)
        parts = self.design.contributions(columns, self.fit.coefficients[1:]) - self.centre
        base = float(self.fit.coefficients[0] + self.centre.sum())
        expert, category, variance, outcomes = self._effects(pairs)
        spread = np.hstack([np.ones((len(columns), 1)), columns]) @ self.fit.covariance_root
        eta = base + parts.sum(axis=1) + expert + category
        sd = np.sqrt((spread**2).sum(axis=1) + variance)
        return Belief(base, parts, np.isnan(values), expert, category, outcomes, eta, sd)

    def _effects(self, pairs: Pairs) -> tuple[Floats, Floats, Floats, Ints]:
        """Posterior means of both effects, the variance of their sum, and how many outcomes the expert has."""
        fit, place = self.fit, pairs.place
        key = place * len(pairs.schema.categories) + pairs.consultations.category[pairs.ci]
        group, seen = _find(self.keys, key)
        expert, known = _find(self.places, place)
        own, shared = fit.group_sd**2, fit.expert_sd**2
        means = _taken(fit.expert, expert, known, 0.0), _taken(fit.group, group, seen, 0.0)
        variance = _taken(fit.expert_variance, expert, known, shared) + _taken(fit.group_variance, group, seen, own)
        variance += 2 * _taken(fit.covariance, group, seen, 0.0)
        return *means, variance, _taken(self.outcomes, expert, known, 0)

    def state(self) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
        """Scalars and arrays."""
        fit = self.fit
        card = {"learned": self.learned, "expert_sd": fit.expert_sd, "group_sd": fit.group_sd}
        arrays = {name: getattr(fit, name) for name in _FIT_ARRAYS} | {name: getattr(self, name) for name in _ARRAYS}
        return card, arrays | {"design_centre": self.design.centre, "design_scale": self.design.scale}

    @classmethod
    def from_state(cls, card: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> "Merit":
        """The inverse of `state`."""
        fit = MixedFit(
            **{name: arrays[name] for name in _FIT_ARRAYS}, expert_sd=card["expert_sd"], group_sd=card["group_sd"]
        )
        design = Design(MERIT_FEATURES, arrays["design_centre"], arrays["design_scale"])
        return cls(design, fit, **{name: arrays[name] for name in _ARRAYS}, learned=card["learned"])


_ARRAYS = ("keys", "places", "outcomes", "centre")
_FIT_ARRAYS = (
    "coefficients",
    "covariance_root",
    "expert",
    "expert_variance",
    "group",
    "group_variance",
    "covariance",
)


def _untaught(prior: Floats) -> MixedFit:
    nothing = np.zeros(0)
    root = np.zeros((len(prior), len(prior)))
    return MixedFit(on_grid(prior, COEFFICIENT_STEP), root, *(nothing,) * 5, expert_sd=0.0, group_sd=0.0)


def _find(keys: Ints, wanted: Ints) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Where each wanted key is, and whether it is there at all."""
    if not len(keys):
        return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=bool)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return place, keys[place] == wanted


def _taken(values: Any, place: Ints, there: npt.NDArray[np.bool_], otherwise: float) -> Any:
    return np.where(there, values[place], otherwise) if len(values) else np.full(len(place), otherwise)
