"""Texts as short dense vectors: tokens of Latin and Japanese script, informative ones first, latent semantics.

No downloads: everything is learned from the register's and the consultations' own words.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer

Vectors = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Coordinates are whole numbers and a vector is about this long, so every partial sum of a dot product stays
# below 2**24 and float32 adds it up exactly: the same to the last bit in any order, batch or thread count.
GRID = 2048
WIDTH = 100
MOST_TERMS = 60_000
MOST_TEXTS = 60_000  # from more, a sample is learned from
MOST_TEXTS_FOR_AXES = 20_000
STEADYING = 10.0  # texts of the usual mixture of categories that steady a term's own
LEAST_INFORMATION = 0.03

_RUN = re.compile(
    r"(?P<word>[a-z0-9][a-z0-9+#._-]*)"
    r"|(?P<japanese>[\u3005-\u3007\u3041-\u309f\u30a0-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+)"
)

_ADDRESS = re.compile(r"[a-z0-9._%+-]{1,64}@\S*|https?://\S*|www\.\S*")
_NUMBER = re.compile(r"\d{4}|\d+-\d+")
_END = re.compile(r"(?<=[。!?！？])\s*|(?<=\.)\s+|\n+|\u3000+|\s(?=[・■【])")


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


def split_sentences(text: str) -> list[str]:
    """The sentences, or items of a list, of a text, at least one (empty for an empty text).

    >>> split_sentences("食品の販路を支援します。ECに強い。・資格：中小企業診断士　・オンライン可")
    ['食品の販路を支援します。', 'ECに強い。・資格：中小企業診断士', '・オンライン可']
    """
    return [part for part in _END.split(text) if part] or [""]


@dataclass(frozen=True)
class Counts:
    """How often each term stands in each sentence, CSR (sentences, terms); text i has rows first[i] to first[i + 1]."""

    sentences: Any
    first: Ints

    @property
    def texts(self) -> Any:
        """The same for whole texts, CSR (texts, terms)."""
        count = len(self.first) - 1
        member = sparse.csr_matrix(
            (np.ones(self.first[-1]), np.arange(self.first[-1]), self.first), shape=(count, self.first[-1])
        )
        whole = member @ self.sentences
        whole.sort_indices()  # sums over a text's terms are made in this order, whichever way they are made
        return whole

    def part(self, begin: int, end: int) -> "Counts":
        """Of the texts from `begin` to before `end`."""
        first = self.first[begin : end + 1]
        return Counts(self.sentences[first[0] : first[-1]], first - first[0])


class TextSpace:
    """Latent semantic vectors (Deerwester et al. 1990) of weighted terms with sublinear term frequency.

    A term weighs by its inverse document frequency times the root of what it tells of the category: the
    divergence of the categories of the texts that hold it from those of all texts (Kullback & Leibler 1951).
    A term must stand in at least two sentences. Vectors have shape (n, width), whole numbers, length about `GRID`;
    a text without any known term is the zero vector, whose similarity with everything is 0.
    """

    def __init__(self, terms: Sequence[str], weights: Floats, axes: Floats) -> None:
        self.terms = tuple(terms)
        self.weights = weights
        self.axes = axes
        self._place = {term: index for index, term in enumerate(self.terms)}
        self._counter = CountVectorizer(analyzer=tokens, vocabulary=self._place or {"": 0}, dtype=np.float64)

    @classmethod
    def fit(cls, texts: Sequence[str], kinds: Floats | None = None, *, seed: int) -> tuple[Self, Counts]:
        """Learns terms, weights and axes, and gives the texts' counts beside, which costs nothing more.

        `kinds` (n, C): how a text's categories are shared out, a row of zeros where none is known. A corpus without
        two repeated terms gives a space in which all is 0.
        """
        rng = np.random.default_rng(seed)
        every = np.arange(len(texts))
        chosen = np.sort(rng.choice(every, MOST_TEXTS, replace=False)) if len(texts) > MOST_TEXTS else every
        terms, counts = _counted([texts[int(row)] for row in chosen])
        whole = counts.texts
        weights = _inverse_frequency(whole)
        if kinds is not None:
            weights = weights * np.sqrt(_information(whole, kinds[chosen]))
        space = cls(terms, weights, np.zeros((len(terms), 0)))
        rows = space.weighed(whole)
        rows = rows[np.diff(rows.indptr) > 0]
        width = min(WIDTH, min(rows.shape) - 1)
        if width >= 1:
            if rows.shape[0] > MOST_TEXTS_FOR_AXES:
                rows = rows[np.sort(rng.choice(rows.shape[0], MOST_TEXTS_FOR_AXES, replace=False))]
            with np.errstate(divide="ignore", invalid="ignore"):  # texts all alike have no variance to explain
                svd = TruncatedSVD(width, random_state=seed).fit(rows)
            space = cls(terms, weights, svd.components_.T.copy())
        return space, counts if len(chosen) == len(texts) else space.counts(texts)

    @property
    def width(self) -> int:
        """Coordinates a vector."""
        return int(self.axes.shape[1])

    def counts(self, texts: Sequence[str]) -> Counts:
        """The known terms of the texts' sentences."""
        parts = [split_sentences(text) for text in texts]
        first = np.cumsum([0, *map(len, parts)])
        sentences = [sentence for part in parts for sentence in part]
        if not self.terms or not sentences:
            return Counts(sparse.csr_matrix((len(sentences), len(self.terms))), first)
        return Counts(self._counter.transform(sentences), first)

    def places(self, sentence: str) -> list[int]:
        """The places of a sentence's known terms, one for each time a term is met."""
        return [place for term in tokens(sentence) if (place := self._place.get(term)) is not None]

    def weights_of(self, row: Ints, term: Ints, count: Floats) -> Floats:
        """What `weighed` gives for cells in order of row and term, each (cells,)."""
        weight = (1 + np.log(count)) * self.weights[term]
        return np.asarray(weight / np.sqrt(np.bincount(row, weight**2))[row])

    def weighed(self, counts: Any) -> Any:
        """Counts (n, terms) as rows of length 1: sublinear frequency times weight."""
        rows = counts.astype(np.float64, copy=True)
        row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
        rows.data = self.weights_of(row, rows.indices, rows.data)
        return rows

    def placed(self, counts: Any) -> Vectors:
        """Vectors of counted texts, shape (n, width)."""
        return gridded(np.asarray(self.weighed(counts) @ self.axes))

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, shape (len(texts), width); an empty text is the zero vector."""
        return self.placed(self.counts(texts).texts)

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """The terms (UTF-8 bytes, separated by line feeds, which no term holds), their weights, and the axes."""
        return {
            "terms": np.frombuffer("\n".join(self.terms).encode(), dtype=np.uint8),
            "weights": self.weights,
            "axes": self.axes,
        }

    @classmethod
    def from_state(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """The inverse of `state`."""
        text = arrays["terms"].tobytes().decode()
        return cls(text.split("\n") if text else (), arrays["weights"], arrays["axes"])


def gridded(rows: npt.NDArray[np.float64]) -> Vectors:
    """Each row at length `GRID`, rounded to whole numbers; a row of (almost) zeros stays zero."""
    length = np.sqrt((rows**2).sum(axis=1, keepdims=True))
    unit = np.divide(rows, length, out=np.zeros_like(rows), where=length > 1e-6)
    return np.asarray(np.round(unit * GRID), dtype=np.float32)


def cosine(vectors: Vectors, other: Vectors) -> npt.NDArray[np.float64]:
    """Cosines of each vector (n, width) with each of the others (m, width) or one (width,); 0 where one is zero."""
    return np.asarray(vectors @ other.T, dtype=np.float64) / GRID**2


def _counted(texts: Sequence[str]) -> tuple[tuple[str, ...], Counts]:
    parts = [split_sentences(text) for text in texts]
    first = np.cumsum([0, *map(len, parts)])
    counter = CountVectorizer(analyzer=tokens, min_df=2, max_features=MOST_TERMS, dtype=np.float64)
    try:
        sentences = counter.fit_transform([sentence for part in parts for sentence in part])
    except ValueError:  # scikit-learn's way to say that no term is left
        return (), Counts(sparse.csr_matrix((int(first[-1]), 0)), first)
    return tuple(counter.get_feature_names_out().tolist()), Counts(sentences, first)


def _inverse_frequency(counts: Any) -> Floats:
    held = np.bincount(counts.indices, minlength=counts.shape[1])
    return np.asarray(np.log((1 + counts.shape[0]) / (1 + held)) + 1)


def _information(counts: Any, kinds: Floats) -> Floats:
    """What each term tells of the category, in nats; 1 for all where no category is known."""
    usual = kinds.sum(axis=0)
    if not usual.sum():
        return np.ones(counts.shape[1])
    usual = usual / usual.sum()
    labelled = sparse.csr_matrix(kinds)
    held = ((counts > 0).astype(np.float64).T @ labelled).tocoo()  # (terms, C), mostly zeros
    mass = np.bincount(held.row, held.data, minlength=counts.shape[1]) + STEADYING
    share = (held.data + STEADYING * usual[held.col]) / mass[held.row]
    told = np.bincount(held.row, share * np.log(share / usual[held.col]), minlength=counts.shape[1])
    # Categories never seen with the term keep their steadied share: together what `seen` leaves of it.
    seen = np.bincount(held.row, usual[held.col], minlength=counts.shape[1])
    rest = STEADYING / mass * (1 - seen) * np.log(STEADYING / mass)
    return np.asarray(np.maximum(told + rest, LEAST_INFORMATION))
