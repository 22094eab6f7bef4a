"""Past dispatches as a model remembers them, in order of expert and day."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.dataset import Dataset
from matcher.features.tables import Bools, ConsultationTable, ExpertTable, Floats, Ints, Schema, days
from matcher.features.text import Vectors, gridded

# A case is a dispatch that a coordinator decided on; a declined or cancelled one tells nothing of the work.
CASE_STATUSES = ("offered", "accepted", "completed")
# Names in order, where each one's cases begin, and the cases in that order.
Groups = tuple[npt.NDArray[np.str_], Ints, Ints]


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
            ids=table.known_ids[used],
            clients=table.known_clients[used],
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
        """Known clients in order, where each one's cases begin, and the cases in that order (nobody's first)."""
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
