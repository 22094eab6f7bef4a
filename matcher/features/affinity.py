"""What a profile says of each category, beside what it claims: learned from the register and past texts, not outcomes.

Two readings of an introduction and its qualifications: how close it is to what clients write in a category
(nearest centroid, Rocchio 1971), and how usual the category is among experts who present themselves like this
(ridge regression of all experts' claims on their profiles). A claim that neither bears out is worth less.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.features.text import GRID, Vectors, cosine, gridded

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

RIDGE = 30.0  # in units of a unit-length profile: about the weight of thirty profiles
STEADYING = 0.02  # added to both shares before their ratio is taken
WEIGHT_STEP = 2.0**-24  # weights on a grid, so that sums over whole-number profiles are exact in float64
FEWEST_HOLDERS = 5  # a qualification that fewer experts hold tells nothing


@dataclass(frozen=True)
class Affinity:
    """`centroids` (C, width), `weights` (width + Q + 1, C) of profile, qualifications and a constant, `usual` (C,).

    `qualifications` (Q,) are those that enough experts hold. A category without past texts has a zero centroid;
    where no expert claims anything, `usual` is zero and no expectation is known.
    """

    centroids: Vectors
    weights: Floats
    usual: Floats
    qualifications: npt.NDArray[np.str_]

    @classmethod
    def of(
        cls,
        profile: Vectors,
        qualifications: list[tuple[str, ...]],
        claims: Bools,
        text: Vectors,
        category: npt.NDArray[np.int64],
    ) -> "Affinity":
        """Learns from n experts (profiles, qualifications, claims) and m past texts with their categories."""
        sums = np.zeros((claims.shape[1], text.shape[1]))
        np.add.at(sums, category, text)
        centre = text.sum(axis=0, dtype=np.float64) / max(len(text), 1)
        count = np.bincount(category, minlength=claims.shape[1])
        apart = np.where(count[:, None] > 0, sums / np.maximum(count, 1)[:, None] - centre, 0.0)
        names, holders = np.unique([name for held in qualifications for name in held], return_counts=True)
        known = names[holders >= FEWEST_HOLDERS].astype(str)
        stated = np.asarray(claims.any(axis=1), dtype=np.bool_)
        columns = _columns(profile, qualifications, known)[stated]
        wanted = claims[stated].astype(np.float64)
        gram = columns.T @ columns + np.diag(np.append(np.full(columns.shape[1] - 1, RIDGE), 1e-3))
        weights = np.linalg.solve(gram, columns.T @ wanted)
        usual = wanted.mean(axis=0) if len(wanted) else np.zeros(claims.shape[1])
        return cls(gridded(apart), np.round(weights / WEIGHT_STEP) * WEIGHT_STEP, usual, known)

    def closeness(self, profile: Vectors) -> Floats:
        """Cosine of each profile with each category's centroid (n, C); NaN where either says nothing."""
        silent = ~np.asarray(profile.any(axis=1))[:, None] | ~np.asarray(self.centroids.any(axis=1))
        return np.where(silent, np.nan, cosine(profile, self.centroids))

    def expectation(self, profile: Vectors, qualifications: list[tuple[str, ...]]) -> Floats:
        """How much more usual than usual each category is for such a profile (n, C), log ratio; NaN if unknown."""
        columns = _columns(profile, qualifications, self.qualifications)
        expected = np.maximum(columns @ self.weights, 0.0)
        ratio = np.log((expected + STEADYING) / (self.usual + STEADYING))
        silent = ~np.asarray(profile.any(axis=1) | columns[:, profile.shape[1] : -1].any(axis=1))
        return np.where(silent[:, None] | (self.usual.sum() == 0), np.nan, ratio)

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """All arrays, by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def from_state(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> "Affinity":
        """The inverse of `state`."""
        return cls(**{field.name: arrays[field.name] for field in fields(cls)})


def _columns(profile: Vectors, qualifications: list[tuple[str, ...]], known: npt.NDArray[np.str_]) -> Floats:
    place = {name: index for index, name in enumerate(known)}
    columns = np.zeros((len(profile), profile.shape[1] + len(known) + 1))
    columns[:, : profile.shape[1]] = profile / np.float32(GRID)
    columns[:, -1] = 1.0
    for row, held in enumerate(qualifications):
        for name in held:
            if name in place:
                columns[row, profile.shape[1] + place[name]] = 1.0
    return columns
