"""Sums over a register, kept from one consultation to the next: what many consultations have alike is added up once."""

from collections.abc import Callable, Hashable, Sequence

import numpy as np
import numpy.typing as npt

from matcher.features.feature import Aspect, Feature
from matcher.features.pairs import Pairs
from matcher.features.tables import ConsultationTable

Floats = npt.NDArray[np.float64]
Made = tuple[Floats, ...]

MOST_BYTES = 512_000_000  # of a register's kept columns; then all are dropped and made anew

_KEYS: dict[Aspect, Callable[[ConsultationTable], Hashable]] = {
    Aspect.NOTHING: lambda _asked: (),
    Aspect.CATEGORY: lambda asked: int(asked.category[0]),
    Aspect.SECONDARY: lambda asked: (int(asked.category[0]), asked.kinds[0].tobytes()),
    Aspect.INDUSTRY: lambda asked: int(asked.industry[0]),
    Aspect.PLACE: lambda asked: (asked.places.key(0), asked.prefecture[0], asked.mode[0]),
    Aspect.TOPIC: lambda asked: int(asked.topic[0]),
    Aspect.MANNER: lambda asked: (float(asked.wanted[0]), bool(asked.has_text[0])),
}


class Columns:
    """Arrays of one register by what they were made of."""

    def __init__(self) -> None:
        self._held: dict[Hashable, Made] = {}
        self._bytes = 0

    def of(self, name: Hashable, make: Callable[[], Made]) -> Made:
        """The arrays of that name, made when they are not there."""
        found = self._held.get(name)
        if found is None:
            found = make()
            size = sum(part.nbytes for part in found)
            if self._bytes + size > MOST_BYTES:
                self._held, self._bytes = {}, 0
            self._held[name] = found
            self._bytes += size
        return found

    def total(
        self, model: str, features: Sequence[Feature], pairs: Pairs, add_up: Callable[[list[int], Pairs], Floats]
    ) -> Floats:
        """The sum over all features (n,) for one consultation with every row of a register, in order.

        `add_up(places, pairs)` gives the sum over the features at these places; what is added is on a grid, so
        that the order of adding up does not show.
        """
        total = np.zeros(len(pairs))
        for aspect in Aspect:
            places = [place for place, feature in enumerate(features) if feature.reads is aspect]
            if places and aspect in _KEYS:
                total += self._kept(model, aspect, places, pairs, add_up)
            elif places:
                total += add_up(places, pairs)
        return total

    def _kept(
        self,
        model: str,
        aspect: Aspect,
        places: list[int],
        pairs: Pairs,
        add_up: Callable[[list[int], Pairs], Floats],
    ) -> Floats:
        name = (model, aspect, _KEYS[aspect](pairs.consultations))
        (found,) = self.of(name, lambda: (add_up(places, pairs.anonymous()),))
        own = pairs.own_rows if aspect is Aspect.TOPIC else np.zeros(0, dtype=np.int64)
        if not len(own):
            return np.asarray(found)
        changed = np.array(found, dtype=np.float64)
        changed[own] = add_up(places, pairs.take(own))
        return changed
