"""Texts as short dense vectors: tokens of Latin and Japanese script, TF-IDF, latent semantics; no downloads."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

Vectors = npt.NDArray[np.float32]

# Coordinates are whole numbers and a vector is about this long, so every partial sum of a dot product stays
# below 2**24 and float32 adds it up exactly: the same to the last bit in any order, batch or thread count.
GRID = 2048
WIDTH = 100
MOST_TERMS = 60_000
MOST_TEXTS_FOR_AXES = 20_000

_RUN = re.compile(
    r"(?P<word>[a-z0-9][a-z0-9+#._-]*)"
    r"|(?P<japanese>[\u3005-\u3007\u3041-\u309f\u30a0-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+)"
)

_ADDRESS = re.compile(r"\S*@\S*|https?://\S*|www\.\S*")
_NUMBER = re.compile(r"\d{4}|\d+-\d+")


def tokens(text: str) -> list[str]:
    """Tokens of a text: whole words of Latin script, single kanji and katakana, and pairs of Japanese characters.

    Mail and web addresses and words with four or more digits in a row or between hyphens (telephone numbers,
    postcodes) are left out: they would stay in the model as terms, and tell nothing of a subject.

    >>> tokens("ECサイトの開設")[:4]
    ['ec', 'サ', 'イ', 'ト']
    """
    found: list[str] = []
    for run in _RUN.finditer(_ADDRESS.sub(" ", unicodedata.normalize("NFKC", text).casefold())):
        word = run.group("word")
        if word is not None:
            if not _NUMBER.search(word):
                found.append(word.rstrip("._-"))
            continue
        characters = run.group("japanese")
        found.extend(character for character in characters if not "\u3041" <= character <= "\u309f")
        found.extend(map(str.__add__, characters, characters[1:]))
    return found


class TextSpace:
    """Latent semantic vectors (Deerwester et al. 1990) of TF-IDF weights with sublinear term frequency.

    A term must stand in at least two texts. Vectors have shape (n, width), whole numbers, length about `GRID`;
    a text without any known term is the zero vector, whose similarity with everything is 0.
    """

    def __init__(self, terms: Sequence[str], idf: npt.NDArray[np.float64], axes: npt.NDArray[np.float64]) -> None:
        self.terms = tuple(terms)
        self.idf = idf
        self.axes = axes
        self._vectorizer = _vectorizer(vocabulary={term: index for index, term in enumerate(self.terms)})
        if self.terms:
            self._vectorizer.idf_ = idf

    @classmethod
    def fit(cls, texts: Sequence[str], *, seed: int) -> tuple[Self, Vectors]:
        """Learns terms, weights and axes, and gives the texts' own vectors beside, which costs nothing more.

        A corpus without two repeated terms gives a space in which all is 0.
        """
        vectorizer = _vectorizer(min_df=2, max_features=MOST_TERMS)
        nothing = cls((), np.zeros(0), np.zeros((0, 0)))
        if not any(texts):
            return nothing, nothing.vectors(texts)
        try:
            whole = vectorizer.fit_transform(texts)
        except ValueError:  # scikit-learn's way to say that no term is left
            return nothing, nothing.vectors(texts)
        weights = whole[np.diff(whole.indptr) > 0]
        width = min(WIDTH, min(weights.shape) - 1)
        if width < 1:
            return nothing, nothing.vectors(texts)
        if weights.shape[0] > MOST_TEXTS_FOR_AXES:
            chosen = np.random.default_rng(seed).choice(weights.shape[0], MOST_TEXTS_FOR_AXES, replace=False)
            weights = weights[np.sort(chosen)]
        with np.errstate(
            divide="ignore", invalid="ignore"
        ):  # texts all alike have no variance to explain, which is not used here
            svd = TruncatedSVD(width, random_state=seed).fit(weights)
        space = cls(vectorizer.get_feature_names_out().tolist(), vectorizer.idf_, svd.components_.T.copy())
        return space, space._placed(whole)

    @property
    def width(self) -> int:
        """Coordinates a vector."""
        return int(self.axes.shape[1])

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, shape (len(texts), width); an empty text is the zero vector."""
        if not self.terms or not texts:
            return np.zeros((len(texts), self.width), dtype=np.float32)
        return self._placed(self._vectorizer.transform(texts))

    def _placed(self, weights: Any) -> Vectors:
        """TF-IDF rows turned into vectors on the grid."""
        return gridded(np.asarray(weights @ self.axes))

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """The terms (UTF-8 bytes, separated by line feeds, which no term holds), their weights, and the axes."""
        return {
            "terms": np.frombuffer("\n".join(self.terms).encode(), dtype=np.uint8),
            "idf": self.idf,
            "axes": self.axes,
        }

    @classmethod
    def from_state(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """The inverse of `state`."""
        text = arrays["terms"].tobytes().decode()
        return cls(text.split("\n") if text else (), arrays["idf"], arrays["axes"])


def gridded(rows: npt.NDArray[np.float64]) -> Vectors:
    """Each row at length `GRID`, rounded to whole numbers; a row of (almost) zeros stays zero."""
    length = np.sqrt((rows**2).sum(axis=1, keepdims=True))
    unit = np.divide(rows, length, out=np.zeros_like(rows), where=length > 1e-6)
    return np.asarray(np.round(unit * GRID), dtype=np.float32)


def cosine(vectors: Vectors, other: Vectors) -> npt.NDArray[np.float64]:
    """Cosines of each vector (n, width) with each of the others (m, width) or one (width,); 0 where one is zero."""
    return np.asarray(vectors @ other.T, dtype=np.float64) / GRID**2


def _vectorizer(**options: Any) -> TfidfVectorizer:
    return TfidfVectorizer(analyzer=tokens, sublinear_tf=True, dtype=np.float64, **options)
