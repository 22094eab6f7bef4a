"""What all our rankers share: a memory of past cases from which pairs are seen, and its place in the model file."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.consultation import Consultation
from matcher.features.affinity import Affinity
from matcher.features.feature import Feature
from matcher.features.gist import Gist
from matcher.features.history import History
from matcher.features.pairs import Pairs
from matcher.features.tables import LATER_THAN_ALL, ConsultationTable, Schema
from matcher.rankers.base import Ranker
from matcher.rankers.columns import Columns
from matcher.rankers.prepared import Prepared
from matcher.rankers.training import Material


class RememberingRanker(Ranker):
    """Scores pairs as seen from the last day it remembers, or from the consultation's own later day."""

    _last: tuple[Consultation, ConsultationTable] | None

    def remember(self, material: Material) -> None:
        """Takes over what pairs are seen from."""
        self._recall(material.categories, material.gist, material.affinity, material.history, material.today)

    def pairs(self, consultation: Consultation, experts: pd.DataFrame) -> Pairs:
        """The consultation with each row of a typed experts frame. Raises `UnknownValueError` for its category."""
        self.schema.taxonomy.require(consultation.category)
        asked = self._read(consultation)
        table, columns = self._prepared.of(experts)
        (seats,) = columns.of("seats", lambda: (self.history.place(table.ids),))
        zeros, rows = np.zeros(len(table), dtype=np.int64), np.arange(len(table))
        # What the model remembers grows older while it serves; an older consultation is answered with all of it.
        received = asked.day[0] if asked.day[0] < LATER_THAN_ALL else self.today
        day = np.full(len(table), max(received, self.today))
        return Pairs(self.schema, asked, table, self.history, zeros, rows, day, seats=seats)

    def _read(self, consultation: Consultation) -> ConsultationTable:
        """The consultation as a table; the last one is kept, as it is scored first and explained next."""
        last = self._last
        if last is None or last[0] is not consultation:
            last = self._last = (consultation, ConsultationTable.single(consultation, self.schema, self.gist))
        return last[1]

    def columns(self, experts: pd.DataFrame) -> Columns:
        """The sums kept for a typed experts frame."""
        return self._prepared.of(experts)[1]

    @abstractmethod
    def learned(self) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
        """What was learned beside the memory: a JSON part and arrays."""

    @classmethod
    @abstractmethod
    def relearned(cls, card: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """The inverse of `learned`."""

    def state(self) -> tuple[dict[str, Any], Mapping[str, npt.NDArray[Any]]]:
        """The memory and what was learned."""
        card, arrays = self.learned()
        memory = {f"gist.{name}": array for name, array in self.gist.state().items()}
        memory |= {f"affinity.{name}": array for name, array in self.affinity.state().items()}
        memory |= {f"history.{name}": array for name, array in self.history.state().items()}
        categories = self.categories.astype(object).where(self.categories.notna(), None)
        return {"today": self.today, "categories": categories.to_dict(orient="list")} | card, memory | arrays

    @classmethod
    def from_state(cls, card: dict[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """The inverse of `state`."""
        ranker = cls.relearned(card, arrays)
        categories = pd.DataFrame(card["categories"]).astype("str")
        gist, affinity = Gist.from_state(part(arrays, "gist")), Affinity.from_state(part(arrays, "affinity"))
        history = History.from_state(part(arrays, "history"))
        ranker._recall(categories, gist, affinity, history, card["today"])
        return ranker

    def _recall(self, categories: pd.DataFrame, gist: Gist, affinity: Affinity, history: History, today: int) -> None:
        self.categories, self.gist, self.affinity = categories, gist, affinity
        self.history, self.today = history, today
        self.schema = Schema(categories)
        self._last = None
        self._prepared = Prepared(self.schema, gist, affinity)


def evidence_of(feature: Feature, pairs: Pairs) -> list[dict[str, Any]]:
    """The facts behind a feature's value, a mapping each pair."""
    values = feature.compute(pairs) if feature.compute is not None else np.full(len(pairs), np.nan)
    return feature.evidence(pairs, values)


def part(arrays: Mapping[str, npt.NDArray[Any]], name: str) -> dict[str, npt.NDArray[Any]]:
    """The arrays whose names begin with `name.`, without it."""
    prefix = name + "."
    return {key.removeprefix(prefix): array for key, array in arrays.items() if key.startswith(prefix)}
