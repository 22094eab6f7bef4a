"""Choice: whom coordinators sent, popularity included; for data that has choices only (`--objective choice`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.features.feature import Feature
from matcher.features.pairs import Pairs
from matcher.rankers.choice import fit_choice
from matcher.rankers.columns import Columns
from matcher.rankers.design import COEFFICIENT_STEP, Design, feature_values, on_grid

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Preference:
    """A fitted choice model: utility = sum of terms, each counted from its mean over usual pairs (`centre`)."""

    design: Design
    coefficients: Floats
    centre: Floats

    @property
    def base(self) -> float:
        """The utility of a usual pair."""
        return float(self.centre.sum())

    @classmethod
    def of(cls, pairs: Pairs, weight: Floats, first: Ints, features: Sequence[Feature]) -> "Preference":
        """Learns from the alternatives of past choices (see `fit_choice` for `weight` and `first`)."""
        values = feature_values(features, pairs)
        design = Design.of(features, values)
        coefficients = fit_choice(design.matrix(values), weight, first, design.prior, design.bounds)
        return cls(design, coefficients, np.zeros(len(features)))

    def centred_on(self, pairs: Pairs) -> "Preference":
        """The same model, its terms counted from their mean over `pairs`."""
        if not len(pairs):
            return self
        parts, _ = self.parts(pairs)
        return replace(self, centre=on_grid(self.centre + parts.mean(axis=0), COEFFICIENT_STEP))

    def parts(self, pairs: Pairs) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """Terms (p, F) of the utility, and which rest on an unknown value."""
        values = feature_values(self.design.features, pairs)
        columns = self.design.matrix(values)
        return self.design.contributions(columns, self.coefficients) - self.centre, np.isnan(values)

    def total(self, pairs: Pairs, columns: Columns) -> Floats:
        """The utility (p,), less its base, of one consultation with every row of a register."""
        return columns.total("fit", self.design.by_aspect, pairs, self._sum)

    def _sum(self, places: list[int], pairs: Pairs) -> Floats:
        values = feature_values([self.design.features[place] for place in places], pairs)
        return np.asarray(self.design.parts_at(places, values, self.coefficients).sum(axis=1)) - float(
            self.centre[places].sum()
        )

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """Named arrays."""
        design = {"design_centre": self.design.centre, "design_scale": self.design.scale}
        return {"coefficients": self.coefficients, "centre": self.centre} | design

    @classmethod
    def from_state(cls, arrays: Mapping[str, npt.NDArray[Any]], features: Sequence[Feature]) -> "Preference":
        """The inverse of `state`, for the same features."""
        design = Design(tuple(features), arrays["design_centre"], arrays["design_scale"])
        return cls(design, arrays["coefficients"], arrays["centre"])
