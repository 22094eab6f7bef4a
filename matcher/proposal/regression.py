"""Which categories a text's words speak for: ridge regression of categories on TF-IDF weights."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from matcher.features.text import tokens

Floats = npt.NDArray[np.float64]

RIDGE = 2.0  # in units of texts of length 1
ITERATIONS = 10  # of conjugate gradients: as good as the exact solution on all that was measured
MOST_TERMS = 20_000


class WordRegression:
    """Linear in TF-IDF weights (sublinear term frequency, length 1): weights of shape (terms, categories).

    Weights are kept in half precision, rounded before the first use, so that a stored model says what the fresh
    one says.
    """

    def __init__(self, terms: Sequence[str], idf: Floats, weights: npt.NDArray[np.float16]) -> None:
        self.terms, self.idf, self.stored = tuple(terms), idf, weights
        self._weights = weights.astype(np.float32)
        if self.terms:
            self._vectorizer = _vectorizer(vocabulary={term: place for place, term in enumerate(self.terms)})
            self._vectorizer.idf_ = idf

    @classmethod
    def fit(cls, texts: Sequence[str], wanted: Floats, importance: Floats) -> Self:
        """From n texts, what is to be foretold of each (n, categories) and how much each counts (n,).

        A term must stand in at least two texts; where none does, everything foretold is 0.
        """
        nothing = cls((), np.zeros(0), np.zeros((0, wanted.shape[1]), dtype=np.float16))
        vectorizer = _vectorizer(min_df=2, max_features=MOST_TERMS)
        try:
            columns = vectorizer.fit_transform(texts) if any(texts) else None
        except ValueError:  # scikit-learn's way to say that no term is left
            return nothing
        if columns is None:
            return nothing
        root = np.sqrt(importance)
        rows = (sparse.diags_array(root) @ columns).tocsr()
        weights = rows.T @ _dual_ridge(rows, wanted * root[:, None])
        return cls(vectorizer.get_feature_names_out().tolist(), vectorizer.idf_, weights.astype(np.float16))

    def __call__(self, texts: Sequence[str]) -> Floats:
        """What is foretold of each text, (len(texts), categories); 0 for a text without a known term."""
        if not self.terms or not texts:
            return np.zeros((len(texts), self._weights.shape[1]))
        return np.asarray(self._vectorizer.transform(texts) @ self._weights, dtype=np.float64)

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """Terms (UTF-8 bytes, separated by line feeds, which no term holds), their idf, and the weights."""
        terms = np.frombuffer("\n".join(self.terms).encode(), dtype=np.uint8)
        return {"terms": terms, "idf": self.idf, "weights": self.stored}

    @classmethod
    def from_state(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """The inverse of `state`."""
        text = arrays["terms"].tobytes().decode()
        return cls(text.split("\n") if text else (), arrays["idf"], arrays["weights"])


def _dual_ridge(rows: Any, wanted: Floats) -> Floats:
    """Solves (rows rows' + RIDGE) x = wanted, every column by conjugate gradients (Hestenes, Stiefel 1952)."""
    turned = rows.T.tocsr()
    solution = np.zeros_like(wanted)
    rest, direction = wanted.copy(), wanted.copy()
    square = (rest**2).sum(axis=0)
    for _ in range(ITERATIONS):
        image = rows @ (turned @ direction) + RIDGE * direction
        step = square / np.maximum((direction * image).sum(axis=0), 1e-30)
        solution += step * direction
        rest -= step * image
        before, square = square, (rest**2).sum(axis=0)
        direction = rest + direction * (square / np.maximum(before, 1e-30))
    return solution


def _vectorizer(**options: Any) -> TfidfVectorizer:
    return TfidfVectorizer(analyzer=tokens, sublinear_tf=True, dtype=np.float64, **options)
