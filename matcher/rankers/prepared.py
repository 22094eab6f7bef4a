"""Experts turned into arrays once for each register, because a register is asked again and again."""

import weakref

import pandas as pd

from matcher.features.affinity import Affinity
from matcher.features.gist import Gist
from matcher.features.tables import ExpertTable, Schema
from matcher.rankers.columns import Columns

MOST_REGISTERS = 4


class Prepared:
    """Remembers the tables of the last few frames, by identity: frames are never changed in place here.

    A frame that is gone takes its table with it, so a new frame at the same address is never mistaken for it.
    """

    def __init__(self, schema: Schema, gist: Gist, affinity: Affinity) -> None:
        self._schema, self._gist, self._affinity = schema, gist, affinity
        self._tables: dict[int, tuple[weakref.ref[pd.DataFrame], ExpertTable, Columns]] = {}

    def of(self, experts: pd.DataFrame) -> tuple[ExpertTable, Columns]:
        """The table of a typed experts frame, and the sums kept for it."""
        held = self._tables.get(id(experts))
        if held is not None and held[0]() is experts:
            return held[1:]
        table = ExpertTable.of(experts, self._schema, self._gist, self._affinity)
        # The gone ones first: a shortlist's few rows come and go, the register they are taken from stays.
        tables = {key: held for key, held in self._tables.items() if held[0]() is not None}
        while len(tables) >= MOST_REGISTERS:
            del tables[next(iter(tables))]
        columns = Columns()
        tables[id(experts)] = (weakref.ref(experts), table, columns)
        self._tables = tables  # never changed in place: another thread may be reading the one before
        return table, columns
