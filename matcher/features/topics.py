"""Topics: what cases inside a category are about, found in past texts, and which experts write of them.

A category's texts fall into a few groups (k-means on their vectors). A word speaks for a topic by its lift: the log
of how much more often the topic is met among the texts that hold the word (naive Bayes evidence, in nats).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.cluster import KMeans

from matcher.features.text import Counts, Vectors, cosine, gridded

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST_TOPICS = 4  # a category
FEWEST_TEXTS = 40  # a topic, on average
MOST_TEXTS = 3000  # of a category; from more, a sample is grouped
STEADYING = 5.0  # texts of the usual mixture of topics that steady a word's own
LIFT_STEP = 2.0**-8  # a sentence's lifts are below 2**12: float32 adds them up exactly
KINSHIP_STEP = 2.0**-12
EXPERTS_AT_ONCE = 20_000
MOST_SENTENCES = 255  # of a profile; what comes after them is not read


@dataclass(frozen=True)
class Topics:
    """J topics: the category of each, in order (J,), and the positive lifts of T terms, CSR (T, J), nats."""

    category: Ints
    kinship: Floats
    lifts: Any

    @classmethod
    def fit(cls, texts: Any, vectors: Vectors, category: Ints, *, seed: int) -> Self:
        """From counts (n, T), vectors and categories (n,) of n past texts; a text without a known term is left out."""
        there = np.flatnonzero(np.diff(texts.indptr) > 0)
        topic, of_category = np.zeros(len(there), dtype=np.int64), list[int]()
        for place in np.unique(category[there]):
            rows = np.flatnonzero(category[there] == place)
            topic[rows] = len(of_category) + _grouped(vectors[there[rows]], seed)
            of_category += [int(place)] * (topic[rows].max() + 1 - len(of_category))
        found = np.array(of_category, dtype=np.int64)
        return cls(found, _kinship(vectors[there], topic, len(found)), _lifts(texts[there], topic, len(found)))

    def __len__(self) -> int:
        return len(self.category)

    def of(self, texts: Any, category: Ints) -> Ints:
        """The topic of each text within its category, -1 where its words speak for none."""
        found = np.full(texts.shape[0], -1, dtype=np.int64)
        present = _present(texts)
        places = np.unique(category)
        for place in places:
            topics, lifts = self._within(int(place))
            rows = np.flatnonzero(category == place)
            if len(topics):
                evidence = ((present if len(places) == 1 else present[rows]) @ lifts).toarray()
                found[rows] = np.where(evidence.max(axis=1) > 0, topics[evidence.argmax(axis=1)], -1)
        return found

    def of_terms(self, terms: Ints, category: int) -> int:
        """The same of one text, by the places of its terms, each once."""
        topics, lifts = self._within(category)
        if not len(topics):
            return -1
        first, length = lifts.indptr[terms], np.diff(lifts.indptr)[terms]
        at = np.repeat(first - np.cumsum(length) + length, length) + np.arange(length.sum())
        evidence = np.bincount(lifts.indices[at], lifts.data[at], minlength=len(topics))
        return int(topics[evidence.argmax()]) if evidence.max() > 0 else -1

    def _within(self, category: int) -> tuple[Ints, Any]:
        """The topics of a category, and their lifts."""
        if category not in self._parts:
            topics = np.flatnonzero(self.category == category)
            self._parts[category] = topics, self.lifts[:, topics]
        return self._parts[category]

    @cached_property
    def _parts(self) -> dict[int, tuple[Ints, Any]]:
        return {}

    def evidence(self, profiles: Counts) -> tuple[Vectors, npt.NDArray[np.uint8]]:
        """How much the sentence that says most of each topic says of it, nats, and which it is, both (n, J)."""
        parts = [
            self._evidence(profiles.part(at, min(at + EXPERTS_AT_ONCE, len(profiles.first) - 1)))
            for at in range(0, max(len(profiles.first) - 1, 1), EXPERTS_AT_ONCE)
        ]
        return np.vstack([most for most, _ in parts]), np.vstack([which for _, which in parts])

    def _evidence(self, profiles: Counts) -> tuple[Vectors, npt.NDArray[np.uint8]]:
        said = (_present(profiles.sentences) @ self.lifts).toarray().astype(np.float32)
        first, length = profiles.first[:-1], np.diff(profiles.first)
        if not len(first):
            return np.zeros((0, len(self)), dtype=np.float32), np.zeros((0, len(self)), dtype=np.uint8)
        said[np.arange(len(said)) - np.repeat(first, length) >= MOST_SENTENCES] = 0
        most = np.maximum.reduceat(said, first, axis=0)
        which = np.zeros(most.shape, dtype=np.uint8)
        for place in range(min(int(length.max()), MOST_SENTENCES) - 1, -1, -1):
            rows = np.flatnonzero(length > place)
            which[rows] = np.where(said[first[rows] + place] == most[rows], place, which[rows])
        return most, which

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """All arrays, by name."""
        lifts = self.lifts
        arrays = {
            "category": self.category,
            "kinship": self.kinship,
            "lift": lifts.data,
            "column": lifts.indices,
            "row": lifts.indptr,
        }
        return arrays | {"shape": np.array(lifts.shape)}

    @classmethod
    def from_state(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """The inverse of `state`."""
        cells = (arrays["lift"], arrays["column"], arrays["row"])
        return cls(arrays["category"], arrays["kinship"], sparse.csr_matrix(cells, shape=tuple(arrays["shape"])))


def _grouped(vectors: Vectors, seed: int) -> Ints:
    """A group for each vector, numbered from 0 without a gap."""
    count = min(MOST_TOPICS, max(len(vectors) // FEWEST_TEXTS, 1), len(np.unique(vectors, axis=0)))
    if count == 1:
        return np.zeros(len(vectors), dtype=np.int64)
    rng = np.random.default_rng(seed)
    every = np.arange(len(vectors))
    learned = np.sort(rng.choice(every, MOST_TEXTS, replace=False)) if len(vectors) > MOST_TEXTS else every
    found = KMeans(count, n_init=2, random_state=seed).fit(vectors[learned].astype(np.float64))
    _, group = np.unique(found.predict(vectors.astype(np.float64)), return_inverse=True)
    return np.asarray(group, dtype=np.int64)


def _kinship(vectors: Vectors, topic: Ints, topics: int) -> Floats:
    """Squared cosines of the topics' centres, 0 for opposite ones; the last row and column are an unknown topic's."""
    sums = np.zeros((topics, vectors.shape[1]))
    np.add.at(sums, topic, vectors)
    near = np.maximum(cosine(gridded(sums), gridded(sums)), 0.0) ** 2
    return np.pad(np.round(near / KINSHIP_STEP) * KINSHIP_STEP, (0, 1))


def _lifts(texts: Any, topic: Ints, topics: int) -> Any:
    member = sparse.csr_matrix((np.ones(len(topic)), (np.arange(len(topic)), topic)), shape=(len(topic), topics))
    held = (_present(texts).T @ member).tocoo()
    usual = np.bincount(topic, minlength=topics) / max(len(topic), 1)
    mass = np.bincount(held.row, held.data, minlength=texts.shape[1]) + STEADYING
    share = (held.data + STEADYING * usual[held.col]) / mass[held.row]
    lift = np.round(np.log(share / usual[held.col]) / LIFT_STEP) * LIFT_STEP
    more = lift > 0
    return sparse.csr_matrix((lift[more], (held.row[more], held.col[more])), shape=held.shape)


def _present(counts: Any) -> Any:
    """The same with 1 for every count."""
    return sparse.csr_matrix((np.ones(len(counts.data)), counts.indices, counts.indptr), shape=counts.shape)
