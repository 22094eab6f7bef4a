"""How alike two texts are, from which units stand together in texts at hand; nothing is learned from judged pairs."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer
from threadpoolctl import threadpool_limits

from matcher.errors import InvalidValueError
from matcher.similarity.units import units

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Pairs = Sequence[tuple[str, str]]

WIDTH = 50
# Share of all units at which a unit counts half in a text's mean (Arora et al. 2017 have 0.001 to 0.0001 for words;
# characters are commoner).
HALF = 0.01


class Resemblance:
    """Vectors of units from their positive pointwise mutual information within texts (Levy & Goldberg 2014).

    A unit must stand in at least two texts and tell something of its company. `idf` and `weight` (of a unit in a
    text's mean) have shape (units,), `vectors` (units, width) with rows of length 1.
    """

    def __init__(self, terms: Sequence[str], idf: Floats, weight: Floats, vectors: Floats) -> None:
        self.idf, self.weight, self.vectors = idf, weight, vectors
        self._index = {term: row for row, term in enumerate(terms)}

    @classmethod
    def fit(cls, texts: Sequence[str], *, seed: int, width: int = WIDTH) -> Self:
        """Learns from texts alone; repeated texts count once. InvalidValueError where they share too little."""
        counter = CountVectorizer(analyzer=units, binary=True, min_df=2, dtype=np.float64)
        try:
            stands = counter.fit_transform(sorted(set(texts)))
        except ValueError:  # scikit-learn's way to say that no unit is left
            raise _too_little(texts) from None
        information = _information(stands)
        telling = np.flatnonzero(np.diff(information.indptr))
        if len(telling) < 2:
            raise _too_little(texts)
        information = information[telling][:, telling]
        with threadpool_limits(1):
            svd = TruncatedSVD(min(width, len(telling) - 1), n_iter=4, random_state=seed).fit(information)
            placed = svd.transform(information) / np.sqrt(np.maximum(svd.singular_values_, 1e-12))
        count = np.asarray(stands.sum(axis=0)).ravel()
        share = count / count.sum()
        terms = counter.get_feature_names_out()[telling].tolist()
        idf = np.log(stands.shape[0] / count)
        return cls(terms, idf[telling], (HALF / (HALF + share))[telling], _unit(placed))

    def known(self, text: str) -> Ints:
        """Rows of the text's known units, each once, ascending."""
        rows = {self._index[unit] for unit in units(text) if unit in self._index}
        return np.array(sorted(rows), dtype=np.int64)

    def means(self, texts: Sequence[str]) -> Floats:
        """Weighted means of the units' vectors (smooth inverse frequency, Arora et al. 2017), length 1 or 0."""
        sums = np.zeros((len(texts), self.vectors.shape[1]))
        for row, text in enumerate(texts):
            found = self.known(text)
            sums[row] = self.weight[found] @ self.vectors[found]
        return _unit(sums)

    def mean_cosines(self, pairs: Pairs) -> Floats:
        """Cosine of the two texts' means, shape (pairs,); 0 where one of the two has no known unit."""
        left, right = (self.means([pair[side] for pair in pairs]) for side in (0, 1))
        return np.asarray((left * right).sum(axis=1))

    def likeness(self, left: Ints, right: Ints) -> Floats:
        """Cosines of each of the left units with each of the right, shape (left, right)."""
        return np.asarray(self.vectors[left] @ self.vectors[right].T)

    def similarity(self, pairs: Pairs) -> Floats:
        """At most 1, reached by texts of the same units; NaN where one of the two has no known unit.

        The mean of two views: the cosine of the texts' means, and how near each unit finds its like in the other
        text, weighted by idf, from both sides (greedy alignment as in BERTScore, Zhang et al. 2020).
        """
        with threadpool_limits(1):
            aligned = np.array([self._aligned(self.known(left), self.known(right)) for left, right in pairs])
            return np.asarray((aligned.reshape(-1) + self.mean_cosines(pairs)) / 2)

    def _aligned(self, left: Ints, right: Ints) -> float:
        if not len(left) or not len(right):
            return float("nan")
        likeness = self.likeness(left, right)
        sides = ((likeness.max(axis=1), left), (likeness.max(axis=0), right))
        return sum(float(np.average(nearest, weights=self.idf[side] + 1e-12)) for nearest, side in sides) / 2


def _unit(rows: Floats) -> Floats:
    """Rows at length 1; a row of zeros stays."""
    length = np.sqrt((rows**2).sum(axis=1, keepdims=True))
    return np.asarray(np.divide(rows, length, out=np.zeros_like(rows), where=length > 0))


def _information(stands: Any) -> sp.csr_matrix:
    """max(0, log p(a, b) / p(a) p(b)) of units that stand in one text, 0 of a unit with itself; (units, units)."""
    together = sp.csr_matrix(stands.T @ stands)
    total = np.asarray(together.sum(axis=1)).ravel()
    cells = together.tocoo()
    value = np.log(cells.data * total.sum() / (total[cells.row] * total[cells.col]))
    kept = (value > 0) & (cells.row != cells.col)
    shape = together.shape
    return sp.csr_matrix((value[kept], (cells.row[kept], cells.col[kept])), shape=shape)


def _too_little(texts: Sequence[str]) -> InvalidValueError:
    what = "number of texts to learn resemblance from"
    return InvalidValueError(what, len(texts), "texts that share words or characters, and not all the same ones")
