"""Sentences out of phrase banks and frames, drawn by the array."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.sample.drawing import Bools, Ints, Rng, Texts, fill, pick, pick_in_groups, texts
from matcher.sample.words import Bank


def draw_phrases(rng: Rng, bank: Bank, group: Ints, product: Texts) -> Texts:
    """One phrase of each row's group, its numbers drawn: {n} 2-9, {m} 2-4, {p} 10-45, {h} 55-90."""
    chosen = pick_in_groups(rng, np.ones(len(bank.group)), bank.group, group)
    size = len(group)
    slots = {
        "n": _numbers(rng, 2, 10, 1, size),
        "n2": _numbers(rng, 2, 10, 1, size),
        "m": _numbers(rng, 2, 5, 1, size),
        "p": _numbers(rng, 10, 50, 5, size),
        "h": _numbers(rng, 55, 95, 5, size),
        "product": product,
    }
    return fill(bank.phrases, chosen, slots)


def draw_words(rng: Rng, bank: Bank, group: Ints) -> Texts:
    """One phrase of each row's group, as it is."""
    return texts(bank.phrases)[pick_in_groups(rng, np.ones(len(bank.group)), bank.group, group)]


@dataclass(frozen=True, eq=False)
class Frames:
    """Sentence frames by register and function: `bank(function)` groups them by register."""

    weights: tuple[float, ...]
    separators: tuple[str, ...]
    tables: tuple[Mapping[str, Any], ...]

    @classmethod
    def of(cls, words: Mapping[str, Mapping[str, Any]]) -> "Frames":
        """From a loaded frame file."""
        tables = tuple(words.values())
        weights = tuple(float(table["weight"]) for table in tables)
        return cls(weights, tuple(table.get("separator", "") for table in tables), tables)

    def bank(self, function: str) -> Bank:
        """The function's frames, one group a register."""
        return Bank.of([list(table[function]) for table in self.tables])

    def draw_registers(self, rng: Rng, size: int) -> Ints:
        """A register for each text."""
        return pick(rng, self.weights, size)

    def draw_sentences(
        self, rng: Rng, function: str, register: Ints, wanted: Bools, slots: Mapping[str, Texts]
    ) -> Texts:
        """A sentence of the function for each wanted row, an empty text for the others."""
        bank = self.bank(function)
        chosen = pick_in_groups(rng, np.ones(len(bank.group)), bank.group, register)
        return fill(bank.phrases, np.where(wanted, chosen, -1), slots)

    def joined(self, register: Ints, sentences: Sequence[Texts]) -> Texts:
        """Row by row the sentences that are not empty, with the register's separator between them."""
        rows = zip(texts(self.separators)[register], *sentences, strict=True)
        return texts([separator.join(filter(None, parts)) for separator, *parts in rows])


def _numbers(rng: Rng, low: int, high: int, step: int, size: int) -> Texts:
    values = texts([str(value) for value in range(low, high, step)])
    return values[rng.integers(0, len(values), size)]
