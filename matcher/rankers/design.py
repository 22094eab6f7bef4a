"""The design matrix: each declared feature as the columns of its shape, on a grid on which sums are exact."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from matcher.features.feature import Aspect, Feature
from matcher.features.pairs import Pairs

Floats = npt.NDArray[np.float64]

# Columns are multiples of 2**-12 and coefficients of 2**-30: with at most 2**8 columns below 2**4 every
# partial sum fits the 53 bits of a float64, so a score is the same to the last bit in any order of adding up.
COLUMN_STEP = 2.0**-12
COEFFICIENT_STEP = 2.0**-30
LARGEST_COLUMN = 8.0


def on_grid(values: Floats, step: float) -> Floats:
    """The nearest multiples of `step`."""
    return np.round(values / step) * step


@dataclass(frozen=True)
class Design:
    """Columns of features: ramps between knots, or a standardised line, and one for "unknown" each.

    "Unknown" is the expert's silence. Where the question does not arise (an infinite value), or where it is the
    consultation that is silent, a third column stands alone: it takes up what such cases are like, which is the
    same for every candidate, or experts would be paid for it.

    `centre` and `scale` (F,) standardise the lines. A ramp rises from 0 to 1 between two knots, so coefficients
    of one sign make a monotone shape (Ramsay 1988, I-splines of order 1).
    """

    features: tuple[Feature, ...]
    centre: Floats
    scale: Floats

    @classmethod
    def of(cls, features: Sequence[Feature], values: Floats) -> "Design":
        """Standardised by the known ones of `values` (p, F)."""
        known = np.isfinite(values)
        count = np.maximum(known.sum(axis=0), 1)
        mean = np.where(known, values, 0).sum(axis=0) / count
        spread = np.sqrt((np.where(known, values - mean, 0) ** 2).sum(axis=0) / count)
        return cls(tuple(features), mean, np.where(spread > 1e-9, spread, 1.0))

    @cached_property
    def by_aspect(self) -> dict[Aspect, list[int]]:
        """Places of the features by what they read of a consultation."""
        places: dict[Aspect, list[int]] = {}
        for aspect in Aspect:
            if here := [place for place, feature in enumerate(self.features) if feature.reads is aspect]:
                places[aspect] = here
        return places

    @cached_property
    def widths(self) -> list[int]:
        """Columns a feature, those beside its shape included."""
        return [ramps + beside for ramps, beside in self._layout]

    @property
    def _layout(self) -> list[tuple[int, int]]:
        """Per feature: columns of its shape, and columns beside it (unknown; does not arise)."""
        return [(max(len(f.knots) - 1, 1), 1 if f.applies is None else 2) for f in self.features]

    @cached_property
    def starts(self) -> npt.NDArray[np.int64]:
        """The first column of each feature."""
        return np.concatenate([[0], np.cumsum(self.widths)[:-1]]).astype(np.int64)

    @cached_property
    def _ramps(self) -> list[tuple[Floats, Floats]]:
        """Where each feature's ramps begin, and how far they reach."""
        return [(np.array(feature.knots[:-1]), np.diff(feature.knots)) for feature in self.features]

    @property
    def bounds(self) -> list[tuple[float | None, float | None]]:
        """Limits of each coefficient that keep monotone features monotone."""
        limits: list[tuple[float | None, float | None]] = []
        for feature, (ramps, beside) in zip(self.features, self._layout, strict=True):
            low = 0.0 if feature.monotone > 0 else None
            high = 0.0 if feature.monotone < 0 else None
            limits += [(low, high)] * ramps + [(None, None)] * beside
        return limits

    @property
    def prior(self) -> Floats:
        """Each coefficient before any data: the feature's declared worth, spread over its ramps."""
        parts = []
        for feature, (ramps, beside) in zip(self.features, self._layout, strict=True):
            ramp = feature.prior / ramps if feature.knots else feature.prior / 2
            # Unknown counts as the middle of the range: neither for nor against.
            middle = feature.prior / 2 if feature.knots else 0.0
            parts.append(np.concatenate([np.full(ramps, ramp), [middle, 0.0][:beside]]))
        return np.concatenate(parts) if parts else np.zeros(0)

    def matrix(self, values: Floats) -> Floats:
        """Columns (p, sum of widths) of feature values (p, F)."""
        columns = []
        for index, feature in enumerate(self.features):
            cells = values[:, index]
            unknown, known = np.isnan(cells), np.isfinite(cells)
            filled = np.where(known, cells, 0.0)
            if feature.knots:
                lows, rise = self._ramps[index]
                shape = np.minimum(np.maximum((filled[:, None] - lows) / rise, 0.0), 1.0)
            else:
                line = (filled - self.centre[index]) / self.scale[index]
                shape = np.clip(line, -LARGEST_COLUMN, LARGEST_COLUMN)[:, None]
            columns.append(np.where(known[:, None], shape, 0.0))
            columns.append(unknown[:, None].astype(np.float64))
            if feature.applies is not None:
                columns.append(np.isposinf(cells)[:, None].astype(np.float64))
        return on_grid(np.hstack(columns), COLUMN_STEP) if columns else np.zeros((len(values), 0))

    def parts_at(self, places: Sequence[int], values: Floats, coefficients: Floats) -> Floats:
        """The parts of the linear predictor (p, len(places)) of these features' values, of the same shape."""
        part, chosen = self._part(tuple(places))
        return part.contributions(part.matrix(values), coefficients[chosen])

    def _part(self, places: tuple[int, ...]) -> "tuple[Design, npt.NDArray[np.int64]]":
        """A design of these features alone, and where their coefficients are."""
        if places not in self._parts:
            chosen = [np.arange(self.starts[place], self.starts[place] + self.widths[place]) for place in places]
            features = tuple(self.features[place] for place in places)
            part = Design(features, self.centre[list(places)], self.scale[list(places)])
            self._parts[places] = part, np.concatenate(chosen)
        return self._parts[places]

    @cached_property
    def _parts(self) -> "dict[tuple[int, ...], tuple[Design, npt.NDArray[np.int64]]]":
        return {}

    def contributions(self, columns: Floats, coefficients: Floats) -> Floats:
        """Each feature's part (p, F) of the linear predictor."""
        if not self.features:
            return np.zeros((len(columns), 0))
        return np.add.reduceat(columns * coefficients, self.starts, axis=1)


def feature_values(features: Sequence[Feature], pairs: Pairs) -> Floats:
    """Values (p, F) of computed features: NaN = unknown, infinite = the question does not arise for the pair."""
    return computed(features, pairs)[1]


def computed(features: Sequence[Feature], pairs: Pairs) -> tuple[Floats, Floats]:
    """The features as they were computed (p, F), 0 where nothing is, and their values (see `feature_values`)."""
    raw = np.zeros((len(pairs), len(features)))
    for index, feature in enumerate(features):
        if feature.compute is not None:
            raw[:, index] = feature.compute(pairs)
    values = np.where([feature.compute is None for feature in features], np.nan, raw)
    for index, feature in enumerate(features):
        if feature.applies is not None:
            values[~feature.applies(pairs), index] = np.inf
    return raw, values
