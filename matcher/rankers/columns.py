"""Sums and facts of a register, kept from one consultation to the next: what many have alike is worked out once."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.explanation import Fact
from matcher.features.feature import Aspect
from matcher.features.pairs import Pairs
from matcher.features.tables import ConsultationTable

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Made = tuple[npt.NDArray[Any], ...]
Facts = list[list[Fact]]

BYTES_A_FACT = 500  # about
MOST_BYTES, MOST_COLUMNS = 512_000_000, 300  # of a register that are kept, the larger of the two; then all are dropped

_KEYS: dict[Aspect, Callable[[ConsultationTable], Hashable]] = {
    Aspect.NOTHING: lambda _asked: (),
    Aspect.CATEGORY: lambda asked: int(asked.category[0]),
    Aspect.SECONDARY: lambda asked: (int(asked.category[0]), asked.kinds[0].tobytes()),
    Aspect.INDUSTRY: lambda asked: int(asked.industry[0]),
    Aspect.PREFECTURE: lambda asked: asked.prefecture[0],
    Aspect.MODE: lambda asked: asked.mode[0],
    Aspect.PLACE: lambda asked: (asked.places.key(0), asked.mode[0]),
    Aspect.TOPIC: lambda asked: int(asked.topic[0]),
    Aspect.MANNER: lambda asked: (float(asked.wanted[0]), bool(asked.has_text[0])),
}
# What is remembered of cases is not kept for an expert who was sent to this very client.
OF_CASES = (Aspect.TOPIC,)


def key_of(aspect: Aspect, asked: ConsultationTable) -> Hashable:
    """What of a consultation decides the values of features that read this aspect; None where nothing less does."""
    return _KEYS[aspect](asked) if aspect in _KEYS else None


class Told:
    """What was told of single experts of a register: arrays with a row an expert, and the evidence, as asked for."""

    def __init__(self) -> None:
        self._slot: dict[int, int] = {}
        self._arrays: Made = ()
        self._facts: Facts = []
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._facts)

    def rows(self, rows: Ints, tell: Callable[[Ints], tuple[Made, Facts]]) -> tuple[Made, Facts]:
        """The arrays at these rows and their evidence; `tell` is asked for those that are not there."""
        wanted = rows.tolist()
        missing = [row for row in wanted if row not in self._slot]
        if missing:
            with self._lock:
                self._add([row for row in dict.fromkeys(missing) if row not in self._slot], tell)
        at = [self._slot[row] for row in wanted]
        return tuple(array[at] for array in self._arrays), [self._facts[place] for place in at]

    def _add(self, missing: list[int], tell: Callable[[Ints], tuple[Made, Facts]]) -> None:
        if not missing:
            return
        made, facts = tell(np.array(missing, dtype=np.int64))
        held = self._arrays or tuple(part[:0] for part in made)
        self._arrays = tuple(np.concatenate(both) for both in zip(held, made, strict=True))
        self._facts.extend(facts)
        self._slot.update(zip(missing, range(len(self._slot), len(self._slot) + len(missing)), strict=True))


class Columns:
    """Arrays of one register by what they were made of."""

    def __init__(self) -> None:
        self._held: dict[Hashable, Made] = {}
        self._told: dict[Hashable, Told] = {}
        self._bytes, self._most = 0, 0

    def of(self, name: Hashable, make: Callable[[], Made]) -> Made:
        """The arrays of that name, made when they are not there."""
        found = self._held.get(name)
        if found is None:
            found = make()
            self._most = max(MOST_BYTES, MOST_COLUMNS * max(part.nbytes for part in found), self._most)
            self._grow(sum(part.nbytes for part in found))
            self._held[name] = found
        return found

    def _grow(self, size: int) -> None:
        if self._bytes + size > self._most:
            self._held, self._told, self._bytes = {}, {}, 0
        self._bytes += size

    def total(
        self,
        model: str,
        by_aspect: dict[Aspect, list[int]],
        pairs: Pairs,
        add_up: Callable[[list[int], Pairs], Floats],
    ) -> Floats:
        """The sum over all features (n,) for one consultation with every row of a register, in order.

        `add_up(places, pairs)` gives the sum over the features at these places; what is added is on a grid, so
        that the order of adding up does not show.
        """
        total, same = np.zeros(len(pairs)), 0.0
        for aspect, places in by_aspect.items():
            key = key_of(aspect, pairs.consultations)
            if key is None:
                total += add_up(places, pairs)
                continue
            (found,) = self.of((model, aspect, key), lambda p=places: (_short(add_up(p, pairs.anonymous())),))  # type: ignore[misc]
            if len(found) == 1:
                same += float(found[0])
            else:
                total += found
            if aspect in OF_CASES and len(own := pairs.own_rows):
                total[own] += add_up(places, pairs.take(own)) - (found[own] if len(found) > 1 else found)
        return total + same

    def told(
        self,
        name: Hashable,
        key: Hashable,
        pairs: Pairs,
        rows: Ints,
        tell: Callable[[Pairs], tuple[Made, Facts]],
        *,
        of_cases: bool,
    ) -> tuple[Made, Facts]:
        """What `tell` says of these rows' pairs; kept by name and key, not at all where the key is None.

        `of_cases`: an expert with a case of the client's own is told of anew each time.
        """
        own = np.isin(rows, pairs.own_rows) if of_cases and len(pairs.own_rows) else np.zeros(len(rows), dtype=bool)
        if key is None or own.all():
            return tell(pairs.take(rows))
        kept = self._told.setdefault((name, key), Told())
        before = len(kept)
        arrays, facts = kept.rows(rows[~own], lambda missing: tell(pairs.anonymous().take(missing)))
        self._grow((len(kept) - before) * BYTES_A_FACT * len(facts[0]))
        if not own.any():
            return arrays, facts
        fresh, fresh_facts = tell(pairs.take(rows[own]))
        return _woven(own, arrays, fresh), [(fresh_facts if mine else facts).pop(0) for mine in own]


def _short(column: Floats) -> Floats:
    """One number where all are the same, as where a consultation does not say what a feature reads."""
    return column[:1].copy() if len(column) and (column == column[0]).all() else column


def _woven(own: npt.NDArray[np.bool_], kept: Made, fresh: Made) -> Made:
    woven = [np.empty((len(own), *part.shape[1:]), part.dtype) for part in kept]
    for whole, some, others in zip(woven, kept, fresh, strict=True):
        whole[~own], whole[own] = some, others
    return tuple(woven)
