"""Past dispatches as a model remembers them: for a pair, sums over the expert's earlier cases."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.dataset import Dataset
from matcher.features.tables import Bools, ConsultationTable, ExpertTable, Floats, Ints, Schema, days
from matcher.features.text import GRID, Vectors, cosine, gridded

# A case is a dispatch that a coordinator decided on; a declined or cancelled one tells nothing of the work.
CASE_STATUSES = ("offered", "accepted", "completed")
HALF_LIVES_DAYS = {"recent": 365.0, "latest": 120.0}
MOST_ROWS_AT_ONCE = 100_000
# Names in order, where each one's cases begin, and the cases in that order.
Groups = tuple[npt.NDArray[np.str_], Ints, Ints]
NEVER = 4000.0  # days since the last case of an expert who has none: eleven years


@dataclass(frozen=True)
class History:
    """Cases in order of expert, then day. `cases` index into the remembered consultations' arrays.

    Shapes: `expert_ids` (E,), `first` (E + 1,) where each expert's cases begin, `profile` (E, width) and `spots`
    (E, 2) in degrees, zero and NaN for who is not registered; per case (N,): `consultation`, `day`, `known_day`
    (when its outcome was known), `resolved`, `worth` (NaN = unknown); per consultation (U,): `text` (U, width),
    `kinds` (U, categories + areas), `ids`, `clients` (empty = unknown), `category`, `topic`.
    """

    expert_ids: npt.NDArray[np.str_]
    first: Ints
    profile: Vectors
    spots: Floats
    consultation: Ints
    day: Ints
    known_day: Ints
    resolved: Floats
    worth: Floats
    text: Vectors
    kinds: Vectors
    kind_weights: Floats
    ids: npt.NDArray[np.str_]
    clients: npt.NDArray[np.str_]
    category: Ints
    topic: Ints
    kinship: Floats
    timed: Bools

    @classmethod
    def of(
        cls,
        data: Dataset,
        consultations: pd.DataFrame,
        table: ConsultationTable,
        experts: ExpertTable,
        schema: Schema,
        kinship: Floats,
    ) -> "History":
        """Remembers the visible dispatches of `data`; `table` holds the rows of `consultations`, which they are of."""
        rows = _cases(data)
        row_of = pd.Series(np.arange(len(table)), index=consultations["consultation_id"].to_numpy())
        used, consultation = np.unique(row_of.loc[rows["consultation_id"]].to_numpy(), return_inverse=True)
        expert_ids, expert = np.unique(rows["expert_id"].to_numpy(dtype=str), return_inverse=True)
        weights = _kind_weights(table, used, schema)
        profile, spots = _remembered(expert_ids, experts)
        decided = rows["decided_on"].fillna(rows["completed_on"])
        # A case without any date may have been the last one: it is history for nobody but who asks after all others.
        last = int(days(decided, unknown=0).max(initial=0))
        day = days(decided, unknown=last)
        return cls(
            expert_ids=expert_ids,
            first=np.searchsorted(expert, np.arange(len(expert_ids) + 1)),
            profile=profile,
            spots=spots,
            consultation=consultation,
            day=day,
            known_day=days(rows["completed_on"].fillna(rows["decided_on"]), unknown=last),
            resolved=rows["resolved"].to_numpy(dtype=np.float64),
            worth=_worth(rows),
            text=table.text[used],
            kinds=kind_vectors(table, weights, schema)[used],
            kind_weights=weights,
            ids=_strings(table.ids[used]),
            clients=_strings(table.clients[used]),
            category=table.category[used],
            topic=table.topic[used],
            kinship=kinship,
            timed=np.array([len(np.unique(day)) > 1]),
        )

    def __len__(self) -> int:
        return len(self.day)

    @property
    def is_timed(self) -> bool:
        """Whether dates order the cases; undated data is learned from with the own consultation left out."""
        return bool(self.timed[0])

    @cached_property
    def owner(self) -> Ints:
        """The place of each case's expert."""
        return np.repeat(np.arange(len(self.expert_ids)), np.diff(self.first))

    @cached_property
    def mean_resolved(self) -> float:
        """The share of resolved cases among those with a known outcome; NaN where none is known."""
        known = self.resolved[~np.isnan(self.resolved)]
        return float(known.mean()) if len(known) else np.nan

    @cached_property
    def by_client(self) -> Groups:
        """Known clients in order, where each one's cases begin, and the cases in that order."""
        return _grouped(self.clients, self.consultation)

    @cached_property
    def by_consultation(self) -> Groups:
        """The same of consultations."""
        return _grouped(self.ids, self.consultation)

    def experts_of(self, consultation: str | None, client: str | None) -> Ints:
        """Places of the experts who have a case of a consultation or of a client."""
        cases = [
            found
            for groups, wanted in ((self.by_consultation, consultation), (self.by_client, client))
            if wanted and len(found := _group(groups, wanted))
        ]
        return np.unique(self.owner[np.concatenate(cases)]) if cases else np.zeros(0, dtype=np.int64)

    def place(self, expert_ids: npt.NDArray[Any]) -> Ints:
        """Where each expert's cases are, -1 for an expert without any."""
        wanted = expert_ids.astype(str)
        if not len(self.expert_ids):
            return np.full(len(wanted), -1)
        place = np.minimum(np.searchsorted(self.expert_ids, wanted), len(self.expert_ids) - 1)
        return np.where(self.expert_ids[place] == wanted, place, -1)

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """All arrays, by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def from_state(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> "History":
        """The inverse of `state`."""
        return cls(**{field.name: arrays[field.name] for field in fields(cls)})


def kind_vectors(table: ConsultationTable, weights: Floats, schema: Schema) -> Vectors:
    """Categories and areas of each consultation, rare ones weighing more, on the text vectors' grid."""
    areas = schema.within(table.kinds, schema.area_of, len(schema.areas))
    return gridded(np.asarray(np.hstack([table.kinds, areas]) * weights))


@dataclass(frozen=True)
class Hidden:
    """What pairs are not to see of undated cases, which no day divides: `part` (N,) of each case, `of` (p,) pairs."""

    part: Ints
    of: Ints


@dataclass(frozen=True)
class SeenCases:
    """The cases that pairs may look back on, one row each, cut into parts of bounded size.

    Per row: `pair` (which pair), `case`, `text` and `kind` (similarities in [0, 1]), `same` (whether of the
    asked category), `age` (days, >= 0), `known` (whether the outcome was known by then), `outcome` and `worth`
    (0 where unknown).
    """

    pair: Ints
    case: Ints
    kin: Floats
    text: Floats
    kind: Floats
    same: Bools
    age: Floats
    known: Bools
    outcome: Floats
    worth: Floats


def seen_cases(
    history: History,
    table: ConsultationTable,
    kinds: Vectors,
    ci: Ints,
    place: Ints,
    as_of: Ints,
    hidden: Hidden | None = None,
) -> Iterator[SeenCases]:
    """For pairs (consultation row `ci`, expert's `place` in the history, day `as_of`), all (p,): the seen cases.

    Seen are cases decided strictly before `as_of`, of other consultations and other clients, and not `hidden`.
    """
    count = np.where(place >= 0, history.first[place + 1] - history.first[place], 0)
    ends = np.cumsum(count)
    start = 0
    while start < len(ci):
        stop = max(start + 1, int(np.searchsorted(ends, ends[start] - count[start] + MOST_ROWS_AT_ONCE, side="right")))
        part = slice(start, stop)
        away = Hidden(hidden.part, hidden.of[part]) if hidden else None
        yield _seen(history, table, kinds, ci[part], place[part], as_of[part], count[part], start, away)
        start = stop


def _seen(
    history: History,
    table: ConsultationTable,
    kinds: Vectors,
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
    client = known_clients(table)[asked]
    seen = (
        (history.day[case] < as_of[pair])
        & (history.ids[past] != _strings(table.ids)[asked])
        & ((history.clients[past] != client) | (client == ""))
    )
    if hidden:
        seen &= hidden.part[case] != hidden.of[pair]
    pair, case, past, asked = pair[seen], case[seen], past[seen], asked[seen]
    known = (history.known_day[case] < as_of[pair]) & ~np.isnan(history.resolved[case])
    return SeenCases(
        pair=pair + offset,
        case=case,
        kin=history.kinship[history.topic[past], table.topic[asked]],
        text=np.maximum(dots(table.text, history.text, asked, past), 0.0),
        kind=dots(kinds, history.kinds, asked, past),
        same=history.category[past] == table.category[asked],
        age=np.maximum(as_of[pair] - history.day[case], 0).astype(np.float64),
        known=known,
        outcome=np.where(known, history.resolved[case], 0.0),
        worth=np.where(history.known_day[case] < as_of[pair], np.nan_to_num(history.worth[case]), 0.0),
    )


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
    asked = known_clients(table)
    at = np.minimum(np.searchsorted(known, asked), len(known) - 1)
    count = np.where(known[at] == asked, first[at + 1] - first[at], 0)[ci]
    pair = np.repeat(np.arange(len(ci)), count)
    case = cases[first[at][ci][pair] + np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count)]
    seen = (history.day[case] < as_of[pair]) & (history.owner[case] != place[pair])
    if hidden:
        seen &= hidden.part[case] != hidden.of[pair]
    return pair[seen], history.owner[case[seen]]


def sums(parts: Iterator[SeenCases], pairs: int) -> dict[str, Floats]:
    """Sums over each pair's seen cases, by name, all (pairs,): what the history features are made of."""
    total = {name: np.zeros(pairs) for name in _WEIGHTS}
    total["last"] = np.full(pairs, NEVER)
    for seen in parts:
        for name, weigh in _WEIGHTS.items():
            total[name] += np.bincount(seen.pair, weigh(seen), minlength=pairs)
        np.minimum.at(total["last"], seen.pair, seen.age)
    return total


def _fade(seen: SeenCases, name: str) -> Floats:
    return np.asarray(0.5 ** (seen.age / HALF_LIVES_DAYS[name]))


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


def _cases(data: Dataset) -> pd.DataFrame:
    """Visible dispatches that are cases, of known consultations, in the history's order, whatever the file's."""
    rows = data.dispatches
    rows = rows[rows["status"].isin(CASE_STATUSES) | rows["status"].isna()]
    rows = rows[rows["consultation_id"].isin(data.consultations["consultation_id"])]
    return rows.sort_values(["expert_id", "decided_on", "consultation_id", "dispatch_id"], na_position="first")


def _remembered(expert_ids: npt.NDArray[np.str_], experts: ExpertTable) -> tuple[Vectors, Floats]:
    """Profile vectors and degrees of these experts."""
    row = pd.Series(np.arange(len(experts)), index=experts.ids).reindex(expert_ids).fillna(-1).to_numpy(dtype=np.int64)
    here = row >= 0
    profile = np.zeros((len(row), experts.profile.shape[1]), dtype=np.float32)
    profile[here] = experts.profile[row[here]]
    spots = np.full((len(row), 2), np.nan)
    spots[here] = np.column_stack([experts.places.latitude, experts.places.longitude])[row[here]]
    return profile, spots


def _worth(rows: pd.DataFrame) -> Floats:
    """How good a case was, 0 and up: votes (logarithm), rating, satisfaction or resolved, the first that is known."""
    votes = np.log1p(rows["votes"].clip(lower=0))
    others = rows["rating"].fillna((rows["satisfaction"] - 1) / 4).fillna(rows["resolved"])
    return np.asarray(votes.fillna(others), dtype=np.float64)


def _kind_weights(table: ConsultationTable, used: Ints, schema: Schema) -> Floats:
    """Inverse document frequency of each category and area among the remembered consultations."""
    kinds = table.kinds[used]
    held = np.hstack([kinds, schema.within(kinds, schema.area_of, len(schema.areas))])
    return np.asarray(np.log((1 + len(used)) / (1 + held.sum(axis=0))) + 0.1)


def _grouped(names: npt.NDArray[np.str_], of: Ints) -> Groups:
    known, place = np.unique(names, return_inverse=True)
    order = np.argsort(place[of], kind="stable")
    first = np.searchsorted(place[of][order], np.arange(len(known) + 1))
    nameless = int(len(known) > 0 and known[0] == "")
    return known[nameless:], first[nameless:], order


def _group(groups: Groups, wanted: str) -> Ints:
    """The cases of one name, none where it is not there."""
    names, first, cases = groups
    at = int(np.searchsorted(names, wanted))
    return cases[first[at] : first[at + 1]] if at < len(names) and names[at] == wanted else cases[:0]


def known_clients(table: ConsultationTable) -> npt.NDArray[np.str_]:
    """Each consultation's client, empty where unknown."""
    return _strings(table.clients)


def _strings(cells: npt.NDArray[Any]) -> npt.NDArray[np.str_]:
    """Known cells as text, unknown ones empty."""
    return np.where(pd.isna(cells), "", cells).astype(str)
