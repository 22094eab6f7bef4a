"""The order of a shortlist: by score, equal scores by id, and sharing a rank."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matcher.errors import InvalidValueError

BLOCK = 256


@dataclass(frozen=True, eq=False)
class Order:
    """The best k: their `positions` in the input, their `rank` (1, 1, 3) and whether it is `tied`; each (k,)."""

    positions: npt.NDArray[np.intp]
    rank: npt.NDArray[np.int64]
    tied: npt.NDArray[np.bool_]


def best(
    score: npt.NDArray[np.float64],
    ids: npt.NDArray[np.str_],
    k: int,
    *,
    among: npt.NDArray[np.bool_] | None = None,
) -> Order:
    """The best k of those `among` n by (-score, id), all of them where k is larger.

    A tie with one behind the cut is a tie. Raises `InvalidValueError` for k < 1.

    >>> best(np.array([0.5, 0.9, 0.5]), np.array(["b", "c", "a"]), 2)
    Order(positions=array([1, 2]), rank=array([1, 2]), tied=array([False,  True]))
    """
    if k < 1:
        raise InvalidValueError("k", k, "a whole number of 1 or more")
    rows = np.arange(len(score)) if among is None else np.flatnonzero(among)
    k = min(k, len(rows))
    if k == 0:
        return Order(np.empty(0, np.intp), np.empty(0, np.int64), np.empty(0, np.bool_))
    near = rows[_near(score[rows], k)]
    ordered = near[np.lexsort((ids[near], -score[near]))]
    ascending = -score[ordered]
    before, upto = (np.searchsorted(ascending, ascending, side=side) for side in ("left", "right"))
    return Order(ordered[:k], before[:k] + 1, (upto - before > 1)[:k])


def _near(score: npt.NDArray[np.float64], k: int) -> npt.NDArray[np.intp]:
    """Where the k largest are, and whatever equals the least of them, among n >= k.

    The k-th largest of the blocks' maxima is one of k values as large, so nothing below it is wanted.
    """
    candidates = np.arange(len(score))
    blocks = len(score) // BLOCK
    if blocks > k:
        highest = score[: blocks * BLOCK].reshape(blocks, BLOCK).max(axis=1)
        candidates = np.flatnonzero(score >= np.partition(highest, blocks - k)[blocks - k])
    some = score[candidates]
    return np.asarray(candidates[some >= np.partition(some, len(some) - k)[len(some) - k]])
