"""What a pair looks back on: the expert's earlier cases, sums over them, and whom the client was sent before."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt

from matcher.features.history import History, kind_vectors
from matcher.features.tables import Bools, ConsultationTable, Floats, Ints, Schema
from matcher.features.text import GRID, Vectors, cosine

HALF_LIVES_DAYS = {"recent": 365.0, "latest": 120.0}
MOST_ROWS_AT_ONCE = 100_000
NEVER = 4000.0  # days since the last case of an expert who has none: eleven years


@dataclass(frozen=True)
class Hidden:
    """What pairs are not to see, whatever the day: cases of their own part, and outcomes known only from a day on.

    `part` (N,) of each case; of each pair (p,) the part `of` it, and the day `until` before which an outcome was known.
    """

    part: Ints
    of: Ints
    until: Ints

    def take(self, rows: "npt.NDArray[np.bool_] | Ints | slice") -> "Hidden":
        """That of the chosen pairs."""
        return Hidden(self.part, self.of[rows], self.until[rows])


@dataclass(frozen=True)
class SeenCases:
    """The cases that pairs may look back on, one row each, cut into parts of bounded size.

    Per row: `pair` (which pair), `case`, `past` and `asked` (the rows of the two consultations), `age` (days, >= 0),
    `over` (whether the case was over by then). The rest is worked out when it is asked for.
    """

    history: History
    table: ConsultationTable
    kinds: Callable[[], Vectors]
    pair: Ints
    case: Ints
    past: Ints
    asked: Ints
    age: Floats
    over: Bools

    def __len__(self) -> int:
        return len(self.pair)

    @cached_property
    def kin(self) -> Floats:
        """How kindred the topics are, 0 to 1."""
        return np.asarray(self.history.kinship[self.history.topic[self.past], self.table.topic[self.asked]])

    @cached_property
    def text(self) -> Floats:
        """Similarity of the texts, 0 to 1."""
        return np.maximum(dots(self.table.text, self.history.text, self.asked, self.past), 0.0)

    @cached_property
    def kind(self) -> Floats:
        """Similarity of all categories and areas, 0 to 1."""
        return dots(self.kinds(), self.history.kinds, self.asked, self.past)

    @property
    def same(self) -> Bools:
        """Whether the case is of the asked category."""
        return np.asarray(self.history.category[self.past] == self.table.category[self.asked])

    @cached_property
    def known(self) -> Bools:
        """Whether the outcome was known by then."""
        return self.over & ~np.isnan(self.history.resolved[self.case])

    @cached_property
    def outcome(self) -> Floats:
        """1 for a resolved case, 0 for another or an unknown one."""
        return np.where(self.known, self.history.resolved[self.case], 0.0)

    @cached_property
    def worth(self) -> Floats:
        """How good the case was, 0 where unknown."""
        return np.where(self.over, np.nan_to_num(self.history.worth[self.case]), 0.0)


def seen_cases(
    history: History,
    table: ConsultationTable,
    schema: Schema,
    ci: Ints,
    place: Ints,
    as_of: Ints,
    hidden: Hidden | None = None,
) -> Iterator[SeenCases]:
    """For pairs (consultation row `ci`, expert's `place` in the history, day `as_of`), all (p,): the seen cases.

    Seen are cases decided strictly before `as_of`, of other consultations and other clients, and not `hidden`.
    """
    kinds = cache(lambda: kind_vectors(table, history.kind_weights, schema))
    count = np.where(place >= 0, history.first[place + 1] - history.first[place], 0)
    ends = np.cumsum(count)
    start = 0
    while start < len(ci):
        stop = max(start + 1, int(np.searchsorted(ends, ends[start] - count[start] + MOST_ROWS_AT_ONCE, side="right")))
        part = slice(start, stop)
        away = hidden.take(part) if hidden else None
        yield _seen(history, table, kinds, ci[part], place[part], as_of[part], count[part], start, away)
        start = stop


def _seen(
    history: History,
    table: ConsultationTable,
    kinds: Callable[[], Vectors],
    ci: Ints,
    place: Ints,
    as_of: Ints,
    count: Ints,
    offset: int,
    hidden: Hidden | None,
) -> SeenCases:
    pair = np.repeat(np.arange(len(ci)), count)
    within = np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count)
    case = history.first[place][pair] + within
    past, asked = history.consultation[case], ci[pair]
    client = table.known_clients[asked]
    seen = (
        (history.day[case] < as_of[pair])
        & (history.ids[past] != table.known_ids[asked])
        & ((history.clients[past] != client) | (client == ""))
    )
    if hidden:
        seen &= hidden.part[case] != hidden.of[pair]
    pair, case, past, asked = pair[seen], case[seen], past[seen], asked[seen]
    age = (as_of[pair] - history.day[case]).astype(np.float64)
    over = history.known_day[case] < (as_of if hidden is None else np.minimum(as_of, hidden.until))[pair]
    return SeenCases(history, table, kinds, pair + offset, case, past, asked, age, over)


def dots(left: Vectors, right: Vectors, rows: Ints, columns: Ints) -> Floats:
    """Cosines of chosen rows of both; exact on the grid, so both ways of adding up agree to the last bit."""
    asked = np.unique(rows)
    if len(asked) * len(right) <= 4 * len(rows):
        table = cosine(left[asked], right)
        return np.asarray(table[np.searchsorted(asked, rows), columns])
    dots = np.einsum("rd,rd->r", left[rows], right[columns])
    return np.asarray(dots, dtype=np.float64) / GRID**2


def sent_before(
    history: History, table: ConsultationTable, ci: Ints, place: Ints, as_of: Ints, hidden: Hidden | None = None
) -> tuple[Ints, Ints]:
    """Pairs with their clients' earlier experts: which pair, and the place of an expert other than the pair's own.

    Earlier is decided strictly before `as_of` and not `hidden`; the own consultation counts, too. An expert
    who was sent to the client twice comes twice.
    """
    known, first, cases = history.by_client
    if not len(known):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    asked = table.known_clients
    at = np.minimum(np.searchsorted(known, asked), len(known) - 1)
    count = np.where(known[at] == asked, first[at + 1] - first[at], 0)[ci]
    pair = np.repeat(np.arange(len(ci)), count)
    case = cases[first[at][ci][pair] + np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count)]
    seen = (history.day[case] < as_of[pair]) & (history.owner[case] != place[pair])
    if hidden:
        seen &= hidden.part[case] != hidden.of[pair]
    return pair[seen], history.owner[case[seen]]


class Sums(Mapping[str, Floats]):
    """Sums over each of p pairs' seen cases, by name, all (p,): what the history features are made of.

    Few pairs' cases are kept and added up when a sum is asked for; many pairs' are gone through again for each bundle
    of sums, part by part. `see` gives the seen cases.
    """

    def __init__(self, see: Callable[[], Iterator[SeenCases]], pairs: int, few: bool) -> None:
        self._see, self._pairs = see, pairs
        self._kept = list(see()) if few else None
        self._made: dict[str, Floats] = {}

    def __getitem__(self, name: str) -> Floats:
        if name not in self._made:
            if self._kept is not None:
                self._made[name] = _sum(name, self._kept, self._pairs)
            else:
                self._made |= self._together(_KINDRED if name in _KINDRED else tuple(self))
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter((*_WEIGHTS, "last"))

    def __len__(self) -> int:
        return len(_WEIGHTS) + 1

    def _together(self, names: Sequence[str]) -> dict[str, Floats]:
        total = {name: _sum(name, [], self._pairs) for name in names}
        for seen in self._see():
            for name, so_far in total.items():
                total[name] = _join(name)(so_far, _sum(name, [seen], self._pairs))
        return total


def _sum(name: str, parts: Sequence[SeenCases], pairs: int) -> Floats:
    if name == "last":
        last = np.full(pairs, NEVER)
        for seen in parts:
            np.minimum.at(last, seen.pair, seen.age)
        return last
    total = np.zeros(pairs)
    for seen in parts:
        total += np.bincount(seen.pair, _WEIGHTS[name](seen), minlength=pairs)
    return total


def _join(name: str) -> Callable[[Floats, Floats], Floats]:
    return np.minimum if name == "last" else np.add


def _fade(seen: SeenCases, name: str) -> Floats:
    return np.asarray(0.5 ** (seen.age / HALF_LIVES_DAYS[name]))


_KINDRED = ("kin_known", "kin_resolved")  # all that merit asks for
_WEIGHTS: dict[str, Callable[[SeenCases], Floats]] = {
    "cases": lambda seen: np.ones(len(seen.case)),
    "cases_recent": lambda seen: _fade(seen, "recent"),
    "cases_latest": lambda seen: _fade(seen, "latest"),
    "resolved": lambda seen: seen.outcome,
    "text": lambda seen: seen.text**2,
    "text_recent": lambda seen: seen.text**2 * _fade(seen, "recent"),
    "kin_known": lambda seen: seen.kin * seen.known,
    "kin_resolved": lambda seen: seen.kin * seen.outcome,
    "text_resolved": lambda seen: seen.text**2 * seen.outcome,
    "text_worth": lambda seen: seen.text**2 * seen.worth,
    "text_broad": lambda seen: seen.text,
    "category": lambda seen: seen.same.astype(np.float64),
    "category_recent": lambda seen: seen.same * _fade(seen, "recent"),
    "kind": lambda seen: seen.kind,
    "kind_recent": lambda seen: seen.kind * _fade(seen, "recent"),
}
