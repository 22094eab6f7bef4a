"""Random choices by the array: every function takes the generator and draws for all rows at once."""

from collections.abc import Mapping, Sequence
from string import Formatter
from typing import Any

import numpy as np
import numpy.typing as npt

Rng = np.random.Generator
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]


def texts(values: Sequence[Any]) -> Texts:
    """An object array of Python values, whatever their lengths."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def pick(rng: Rng, weights: Sequence[float] | Floats, size: int) -> Ints:
    """`size` indices of `weights`, each drawn in proportion to its weight."""
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.asarray(np.searchsorted(edges, rng.random(size) * edges[-1], side="right"), dtype=np.intp)


def pick_in_groups(rng: Rng, weights: Floats, group_of: Ints, groups: Ints) -> Ints:
    """For each wanted group one index of `weights` among those of the group, in proportion to weight.

    `group_of` names each index's group and must be sorted. A group without an index gets some other index.
    """
    edges = np.concatenate([[0.0], np.cumsum(weights)])
    first = edges[np.searchsorted(group_of, groups, side="left")]
    last = edges[np.searchsorted(group_of, groups, side="right")]
    drawn = np.searchsorted(edges, first + rng.random(len(groups)) * (last - first), side="right") - 1
    ends = np.searchsorted(group_of, groups, side="right") - 1
    return np.asarray(np.maximum(np.minimum(drawn, ends), 0), dtype=np.intp)


def ranks(rng: Rng, log_weights: Floats) -> Ints:
    """Row by row the rank (0 = first) of each column in a draw without replacement by weight (Gumbel's trick)."""
    noisy = log_weights + rng.gumbel(size=log_weights.shape)
    order = np.argsort(-noisy, axis=1, kind="stable")
    placed = np.empty_like(order)
    np.put_along_axis(placed, order, np.broadcast_to(np.arange(order.shape[1]), order.shape), axis=1)
    return placed


def some(rng: Rng, values: Sequence[Any], size: int) -> Texts:
    """`size` of the values, each as likely."""
    return texts(values)[rng.integers(0, len(values), size)]


def fill(templates: Sequence[str], chosen: Ints, slots: Mapping[str, Texts]) -> Texts:
    """Row by row the chosen template with its `{slots}` filled from the same row; -1 gives an empty text."""
    filled = texts([""] * len(chosen))
    order = np.argsort(chosen, kind="stable")
    starts = np.flatnonzero(np.diff(chosen[order], prepend=-2))
    for rows in np.split(order, starts[1:]) if len(chosen) else []:
        if (template := int(chosen[rows[0]])) >= 0:
            filled[rows] = _joined(templates[template], rows, slots)
    return filled


def _joined(template: str, rows: Ints, slots: Mapping[str, Texts]) -> Texts:
    text = texts([""] * len(rows))
    for literal, slot, _, _ in Formatter().parse(template):
        text = text + literal
        if slot is not None:
            text = text + slots[slot][rows]
    return text
