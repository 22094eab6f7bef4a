"""The design matrix: each declared feature as the columns of its shape, on a grid on which sums are exact."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matcher.features.feature import Feature
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

    `centre` and `scale` (F,) standardise the lines. A ramp rises from 0 to 1 between two knots, so coefficients
    of one sign make a monotone shape (Ramsay 1988, I-splines of order 1).
    """

    features: tuple[Feature, ...]
    centre: Floats
    scale: Floats

    @classmethod
    def of(cls, features: Sequence[Feature], values: Floats) -> "Design":
        """Standardised by the known ones of `values` (p, F)."""
        known = ~np.isnan(values)
        count = np.maximum(known.sum(axis=0), 1)
        mean = np.where(known, values, 0).sum(axis=0) / count
        spread = np.sqrt((np.where(known, values - mean, 0) ** 2).sum(axis=0) / count)
        return cls(tuple(features), mean, np.where(spread > 1e-9, spread, 1.0))

    @property
    def widths(self) -> list[int]:
        """Columns a feature, the one for "unknown" included."""
        return [max(len(feature.knots) - 1, 1) + 1 for feature in self.features]

    @property
    def starts(self) -> npt.NDArray[np.int64]:
        """The first column of each feature."""
        return np.concatenate([[0], np.cumsum(self.widths)[:-1]]).astype(np.int64)

    @property
    def bounds(self) -> list[tuple[float | None, float | None]]:
        """Limits of each coefficient that keep monotone features monotone."""
        limits: list[tuple[float | None, float | None]] = []
        for feature, width in zip(self.features, self.widths, strict=True):
            low = 0.0 if feature.monotone > 0 else None
            high = 0.0 if feature.monotone < 0 else None
            limits += [(low, high)] * (width - 1) + [(None, None)]
        return limits

    @property
    def prior(self) -> Floats:
        """Each coefficient before any data: the feature's declared worth, spread over its ramps."""
        parts = []
        for feature, width in zip(self.features, self.widths, strict=True):
            ramp = feature.prior / (width - 1) if feature.knots else feature.prior / 2
            # Unknown counts as the middle of the range: neither for nor against.
            parts.append(np.append(np.full(width - 1, ramp), feature.prior / 2 if feature.knots else 0.0))
        return np.concatenate(parts) if parts else np.zeros(0)

    def matrix(self, values: Floats) -> Floats:
        """Columns (p, sum of widths) of feature values (p, F)."""
        columns = []
        for index, feature in enumerate(self.features):
            cells = values[:, index]
            unknown = np.isnan(cells)
            filled = np.where(unknown, 0.0, cells)
            if feature.knots:
                lows, highs = np.array(feature.knots[:-1]), np.array(feature.knots[1:])
                shape = np.clip((filled[:, None] - lows) / (highs - lows), 0.0, 1.0)
            else:
                line = (filled - self.centre[index]) / self.scale[index]
                shape = np.clip(line, -LARGEST_COLUMN, LARGEST_COLUMN)[:, None]
            columns.append(np.where(unknown[:, None], 0.0, shape))
            columns.append(unknown[:, None].astype(np.float64))
        return on_grid(np.hstack(columns), COLUMN_STEP) if columns else np.zeros((len(values), 0))

    def contributions(self, columns: Floats, coefficients: Floats) -> Floats:
        """Each feature's part (p, F) of the linear predictor."""
        if not self.features:
            return np.zeros((len(columns), 0))
        return np.add.reduceat(columns * coefficients, self.starts, axis=1)


def feature_values(features: Sequence[Feature], pairs: Pairs) -> Floats:
    """Values (p, F) of computed features."""
    values = np.full((len(pairs), len(features)), np.nan)
    for index, feature in enumerate(features):
        if feature.compute is not None:
            values[:, index] = feature.compute(pairs)
    return values
