"""What texts tell: vectors, topics and manner, learned together from past texts and the register's profiles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from matcher.features.manner import manner, manner_words, strongest
from matcher.features.text import TextSpace, Vectors, gridded, split_sentences
from matcher.features.topics import Topics

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


MOST_SAID, MOST_OFFERED = 45_000, 15_000  # texts of either kind; from more, a sample is learned from
AT_ONCE = 20_000


@dataclass(frozen=True)
class Told:
    """What n consultations tell: text vectors (n, width), topic (n,), -1 = unknown, wanted manner (n,), 0 = any."""

    text: Vectors
    topic: Ints
    wanted: Floats


@dataclass(frozen=True)
class Shown:
    """What n profiles show: vectors, evidence of each topic in nats (n, J) and the sentence it is in, manner (n,)."""

    profile: Vectors
    topics: Vectors
    sentence: npt.NDArray[np.uint8]
    manner: Floats


@dataclass(frozen=True)
class Gist:
    """A text space with the topics and the words of manner that were learned in it."""

    space: TextSpace
    topics: Topics
    manner_words: Floats

    @classmethod
    def fit(
        cls,
        said: Sequence[str],
        kinds: Floats,
        offered: Sequence[str],
        claims: Floats,
        style: Floats,
        waiting: Sequence[str],
        *,
        seed: int,
    ) -> tuple[Self, Told, Vectors]:
        """From past texts with their categories (m, C), one-hot, and profiles with claims (n, C) and stated style (n,).

        Claims are shared out over an expert's categories. `waiting` are further texts to learn words from; of very many
        texts a sample is learned from. Gives what the past texts tell, and the profiles' vectors, beside.
        """
        rng = np.random.default_rng(seed)
        past, read = _some(len(said), MOST_SAID, rng), _some(len(offered), MOST_OFFERED, rng)
        shares = claims[read] / np.maximum(claims[read].sum(axis=1, keepdims=True), 1)
        unknown = np.zeros((len(waiting), claims.shape[1]))
        learned = [*(said[row] for row in past), *(offered[row] for row in read), *waiting]
        space, counts = TextSpace.fit(learned, np.vstack([kinds[past], shares, unknown]), seed=seed)
        texts = counts.part(0, len(past))
        profiles = counts.part(len(past), len(past) + len(read))
        whole, category = texts.texts, kinds[past].argmax(axis=1)
        vectors = space.placed(whole)
        topics = Topics.fit(whole, vectors, category, seed=seed)
        gist = cls(space, topics, manner_words(space, profiles, style[read]))
        if len(past) == len(said):
            told = Told(vectors, topics.of(whole, category), manner(space, gist.manner_words, texts))
        else:
            told = gist.told_in_parts(said, kinds.argmax(axis=1))
        placed = space.placed(profiles.texts) if len(read) == len(offered) else space.vectors(offered)
        return gist, told, placed

    @classmethod
    def empty(cls) -> Self:
        """In which no text tells anything."""
        space, counts = TextSpace.fit([], seed=0)
        nothing = np.zeros(0, dtype=np.int64)
        topics = Topics.fit(counts.texts, np.zeros((0, 0), dtype=np.float32), nothing, seed=0)
        return cls(space, topics, np.zeros(0))

    def told(self, texts: Sequence[str], category: Ints) -> Told:
        """What consultations with these texts and categories (n,) tell."""
        counts = self.space.counts(texts)
        whole = counts.texts
        return Told(
            self.space.placed(whole),
            self.topics.of(whole, category),
            manner(self.space, self.manner_words, counts),
        )

    def told_in_parts(self, texts: Sequence[str], category: Ints) -> Told:
        """The same, a part at a time: of a million texts the words would not fit into memory."""
        starts = range(0, len(texts), AT_ONCE)
        parts = [self.told(texts[start : start + AT_ONCE], category[start : start + AT_ONCE]) for start in starts]
        return Told(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Told)))

    def told_alone(self, text: str, category: int) -> Told:
        """The same of one consultation, to the last bit, without matrices: an answer is waited for."""
        sentences = [self.space.places(sentence) for sentence in split_sentences(text)]
        row = np.repeat(np.arange(len(sentences)), [len(terms) for terms in sentences])
        if not len(row):
            return self.told([""], np.array([category]))
        width = len(self.space.terms)
        cells, often = np.unique(row * width + np.concatenate(sentences).astype(np.int64), return_counts=True)
        row, term, count = cells // width, cells % width, often.astype(np.float64)
        terms, place = np.unique(term, return_inverse=True)
        weight = self.space.weights_of(
            np.zeros(len(terms), dtype=np.int64), terms, np.bincount(place, count).astype(np.float64)
        )
        text_vector = gridded((weight[:, None] * self.space.axes[terms]).sum(axis=0)[None])
        said = np.bincount(row, self.space.weights_of(row, term, count) * self.manner_words[term], len(sentences))
        topic = np.array([self.topics.of_terms(terms, category)])
        return Told(text_vector, topic, strongest(said.max(keepdims=True), said.min(keepdims=True)))

    def shown(self, profiles: Sequence[str]) -> Shown:
        """What profiles with these texts show; the same text is read once."""
        place = {text: turn for turn, text in enumerate(dict.fromkeys(profiles))}
        counts = self.space.counts(list(place))
        evidence, sentence = self.topics.evidence(counts)
        said = manner(self.space, self.manner_words, counts)
        rows = np.array([place[text] for text in profiles], dtype=np.int64)
        return Shown(self.space.placed(counts.texts)[rows], evidence[rows], sentence[rows], said[rows])

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """All arrays, by name."""
        space = {f"space_{name}": array for name, array in self.space.state().items()}
        topics = {f"topics_{name}": array for name, array in self.topics.state().items()}
        return space | topics | {"manner_words": self.manner_words}

    @classmethod
    def from_state(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """The inverse of `state`."""
        space = TextSpace.from_state(_part(arrays, "space_"))
        return cls(space, Topics.from_state(_part(arrays, "topics_")), arrays["manner_words"])


def _part(arrays: Mapping[str, npt.NDArray[Any]], prefix: str) -> dict[str, npt.NDArray[Any]]:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}


def _some(count: int, most: int, rng: np.random.Generator) -> Ints:
    """Rows to learn from, in order: all of them, or a sample."""
    return np.arange(count) if count <= most else np.sort(rng.choice(count, most, replace=False))
