"""Resemblance as people judge it: learned from judged pairs, on top of `Resemblance`."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import Ridge
from threadpoolctl import threadpool_limits

from matcher.errors import InvalidValueError
from matcher.similarity.resemblance import Floats, Ints, Pairs, Resemblance
from matcher.similarity.units import grams

FOLDS = 5
LEAST_PAIRS = 100  # a leaf of the trees holds 40
SHRINKAGE = 30.0
ALIGNMENT = 12  # columns
LEAST_SWAPS = 5  # pairs that must hold a swap of two units before it has a weight of its own


class TermWeights:
    """Ridge regression on what two texts share, what one alone has, and which unlike units stand for each other."""

    def __init__(self, resemblance: Resemblance, pairs: Pairs, labels: Floats) -> None:
        self._resemblance = resemblance
        self._counter = CountVectorizer(analyzer=grams, binary=True, min_df=2, dtype=np.float64)
        try:
            self._counter.fit(sorted({text for pair in pairs for text in pair}))
        except ValueError:  # scikit-learn's way to say that no gram is left
            raise InvalidValueError("judged pairs", len(pairs), "texts that share words or characters") from None
        held = Counter(swap for pair in pairs for swap in self._swaps(*pair))
        kept = sorted(swap for swap, count in held.items() if count >= LEAST_SWAPS)
        self._columns = {swap: column for column, swap in enumerate(kept)}
        self._ridge = Ridge(alpha=SHRINKAGE, solver="lsqr", tol=1e-6).fit(self._design(pairs), labels)

    def predict(self, pairs: Pairs) -> Floats:
        """Labels expected from the terms alone, shape (pairs,)."""
        return np.asarray(self._ridge.predict(self._design(pairs)))

    def _design(self, pairs: Pairs) -> Any:
        left, right = (self._counter.transform([pair[side] for pair in pairs]) for side in (0, 1))
        shared = left.multiply(right)
        cells = [
            (row, self._columns[swap])
            for row, pair in enumerate(pairs)
            for swap in self._swaps(*pair)
            if swap in self._columns
        ]
        at = np.array(cells, dtype=np.int64).reshape(-1, 2).T
        swaps = sp.csr_matrix((np.ones(len(cells)), (at[0], at[1])), shape=(len(pairs), len(self._columns)))
        return sp.hstack([shared, left + right - 2 * shared, swaps]).tocsr()

    def _swaps(self, left: str, right: str) -> set[tuple[int, int]]:
        """Each unit with the other text's unit that is most like it, where that is another unit; lower row first."""
        ours, theirs = (self._resemblance.known(text) for text in (left, right))
        if not len(ours) or not len(theirs):
            return set()
        likeness = self._resemblance.likeness(ours, theirs)
        nearest = [*zip(ours, theirs[likeness.argmax(axis=1)], strict=True)]
        nearest += zip(ours[likeness.argmax(axis=0)], theirs, strict=True)
        return {(int(min(pair)), int(max(pair))) for pair in nearest if pair[0] != pair[1]}


class LearnedResemblance:
    """Boosted trees (Ke et al. 2017) on a few columns of a pair, among them what its terms say (stacking)."""

    def __init__(self, resemblance: Resemblance, terms: TermWeights, trees: HistGradientBoostingRegressor) -> None:
        self._resemblance, self._terms, self._trees = resemblance, terms, trees

    @classmethod
    def fit(cls, resemblance: Resemblance, pairs: Pairs, labels: Sequence[float], *, seed: int) -> Self:
        """Learns one finite label a pair (higher is more alike); the trees see the terms' word out of fold."""
        told = np.asarray(labels, dtype=np.float64)
        if len(told) != len(pairs):
            raise InvalidValueError("number of labels", len(told), f"one for each of the {len(pairs)} pairs")
        if len(pairs) < LEAST_PAIRS:
            raise InvalidValueError("number of judged pairs", len(pairs), f"at least {LEAST_PAIRS}")
        if not np.isfinite(told).all():
            raise InvalidValueError("label", told[~np.isfinite(told)][0], "a finite number")
        with threadpool_limits(1):
            terms = TermWeights(resemblance, pairs, told)
            said = _out_of_fold(resemblance, pairs, told, np.random.default_rng(seed))
            trees = HistGradientBoostingRegressor(
                max_iter=400,
                learning_rate=0.05,
                max_leaf_nodes=6,
                min_samples_leaf=40,
                l2_regularization=5.0,
                early_stopping=False,
                random_state=seed,
            )
            trees.fit(np.column_stack([columns(resemblance, pairs), said]), told)
        return cls(resemblance, terms, trees)

    def predict(self, pairs: Pairs) -> Floats:
        """Expected labels, shape (pairs,); the order of the two texts does not matter."""
        if not pairs:
            return np.zeros(0)
        with threadpool_limits(1):
            table = np.column_stack([columns(self._resemblance, pairs), self._terms.predict(pairs)])
            return np.asarray(self._trees.predict(table))


def columns(resemblance: Resemblance, pairs: Pairs) -> Floats:
    """What the trees see of each pair, the same in either order: (pairs, 3 + ALIGNMENT).

    The alignment is NaN, the cosine 0, where a text has no known unit.
    """
    ordered = [(min(pair), max(pair)) for pair in pairs]  # the last bit of a sum can turn at a tree's threshold
    rows = [_alignment(resemblance, resemblance.known(left), resemblance.known(right)) for left, right in ordered]
    length = np.sort([[len(left), len(right)] for left, right in pairs], axis=1)
    return np.column_stack([resemblance.mean_cosines(ordered), length, rows])


def _alignment(resemblance: Resemblance, left: Ints, right: Ints) -> list[float]:
    """How near and how far from the other text's the units of each are (lower side first), and what both share."""
    if not len(left) or not len(right):
        return [float("nan")] * ALIGNMENT
    likeness = resemblance.likeness(left, right)
    weights = [resemblance.idf[side] for side in (left, right)]
    totals = [float(weight.sum()) + 1e-12 for weight in weights]
    missed = [weight * (1 - likeness.max(axis=axis)) for weight, axis in zip(weights, (1, 0), strict=True)]
    near = [1 - float(miss.sum()) / total for miss, total in zip(missed, totals, strict=True)]
    worst = [float(miss.max()) for miss in missed]
    lost = [float(miss.sum()) for miss in missed]
    shared = np.intersect1d(left, right)
    common = float(resemblance.idf[shared].sum())
    return [
        *sorted(near),
        *sorted(worst),
        *sorted(lost),
        float(likeness.mean()),
        common,
        common / min(totals),
        common / max(totals),
        len(shared) / min(len(left), len(right)),
        len(shared) / max(len(left), len(right)),
    ]


def _out_of_fold(resemblance: Resemblance, pairs: Pairs, labels: Floats, rng: np.random.Generator) -> Floats:
    """What the terms say of each pair, learned from the other folds."""
    fold = rng.permutation(len(pairs)) % FOLDS
    said = np.zeros(len(pairs))
    for held_out in range(FOLDS):
        test, train = np.flatnonzero(fold == held_out), np.flatnonzero(fold != held_out)
        terms = TermWeights(resemblance, [pairs[row] for row in train.tolist()], labels[train])
        said[test] = terms.predict([pairs[row] for row in test.tolist()])
    return said
