"""What the rules need to know of a dataset on a date, each fact worked out once and only when a rule asks."""

from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.consultation import Consultation
from matcher.dataset import Dataset
from matcher.eligibility.programme import Programme, RuleName
from matcher.reference.distance import Places, distances
from matcher.reference.taxonomy import Taxonomy

PLACE = ("latitude", "longitude", "prefecture_code", "municipality")
MOST_KEPT = 2_000_000  # experts times keys: about 100 MB where each exclusion is worded

_FRAMES = ("conflicts", "clients", "dispatches", "consultations", "categories")
_EXPERTS = ("ids", "status", "names", "by_id", "_places", "states_service", "serving", "affiliated", "capacity")
_RESTS_ON: dict[str, frozenset[str]] = {
    **dict.fromkeys(_EXPERTS, frozenset({"experts"})),
    "taxonomy": frozenset({"categories"}),
    "conflicts": frozenset({"experts", "conflicts"}),
    "conflicts_of": frozenset({"experts", "conflicts"}),
    "registration": frozenset({"clients"}),
    "used": frozenset({"experts", "dispatches"}),
    "fiscal_year_start": frozenset(),
    "_visits_by_client": frozenset({"consultations", "dispatches"}),
}
_ANY = frozenset({"a frame that never is the same"})  # of what is no fact: fields, and what is kept by key

Made = TypeVar("Made")
Positions = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Visits:
    """A client's visits in the fiscal year; `assumed` of them are dispatches without a count, one visit each."""

    known: float = 0
    assumed: float = 0

    @property
    def total(self) -> int:
        """All of them."""
        return int(self.known + self.assumed)


@dataclass(frozen=True, eq=False)
class Register:
    """The experts and the visible dispatches seen on the day `on`. Arrays follow the rows of `data.experts`.

    Held-out dispatches are never read, nor any that was decided after `on`. An expert who registered later
    is not left out: pass `data.before(on)` to look back.

    `current`, where given, holds the same experts in the same order with newer cells, which the rules and all
    that is shown read; `data.experts` stays the frame that a ranker has prepared.
    """

    data: Dataset
    programme: Programme
    on: pd.Timestamp
    current: pd.DataFrame | None = None

    def __len__(self) -> int:
        return len(self.experts)

    @property
    def experts(self) -> pd.DataFrame:
        """The experts as the rules see them, and as they are shown."""
        return self.data.experts if self.current is None else self.current

    def renewed(self, data: Dataset, current: pd.DataFrame | None = None) -> "Register":
        """The register of the same day on newer data; what rests on the very same frames is not worked out again."""
        made = replace(self, data=data, current=current)
        same = {name for name in _FRAMES if data.table(name) is self.data.table(name)}
        if made.experts is self.experts:
            same.add("experts")
            taken = list(self._kept.items())  # at once: others may be asking this register
            made._kept.update((key, kept) for key, kept in taken if "dispatches" in same or not _reads_dispatches(key))
        facts = list(self.__dict__.items())
        made.__dict__.update((name, fact) for name, fact in facts if _RESTS_ON.get(name, _ANY) <= same)
        return made

    @cached_property
    def ids(self) -> "pd.Index[str]":
        """Expert ids, shape (n,)."""
        ids: pd.Index[str] = pd.Index(self.experts["expert_id"], dtype="str")
        return ids

    @cached_property
    def status(self) -> pd.Categorical:
        """Each expert's status, NaN where blank."""
        return pd.Categorical(self.experts["status"])

    @cached_property
    def names(self) -> npt.NDArray[np.str_]:
        """The ids as an array of text."""
        return self.ids.to_numpy(dtype="U")

    @cached_property
    def by_id(self) -> npt.NDArray[np.intp]:
        """Positions of the experts in order of their ids."""
        return np.argsort(self.names, kind="stable")

    def distances(self, consultation: Consultation) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int8]]:
        """Kilometres to every expert, and what they rest on (see `matcher.reference.distance`), both (n,)."""
        place = {name: [getattr(consultation, name)] for name in PLACE}
        return self.keep(
            ("distances", *(cells[0] for cells in place.values())),
            lambda: distances(Places.of(place), self._places),
        )

    @cached_property
    def _places(self) -> Places:
        return Places.of(self.experts)

    def keep(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` gives, kept for later consultations that have as much in common as the key says."""
        found: Made | None = self._kept.get(key)
        if found is None:
            found = make()
            if len(self._kept) >= max(MOST_KEPT // max(len(self), 1), 8):
                self._kept.clear()
            self._kept[key] = found
        return found

    @cached_property
    def _kept(self) -> dict[Hashable, Any]:
        return {}

    @cached_property
    def taxonomy(self) -> Taxonomy:
        """The dataset's own, the built-in one where it brings none."""
        return Taxonomy(self.data.categories) if len(self.data.categories) else Taxonomy.builtin()

    @cached_property
    def states_service(self) -> npt.NDArray[np.bool_]:
        """Whether the expert says which prefectures are served; blank says nothing."""
        return self.experts["service_prefectures"].map(len).to_numpy(dtype=np.intp) > 0

    @cached_property
    def serving(self) -> dict[str, Positions]:
        """Prefecture code to the positions of the experts who say they serve it."""
        return _positions_by_member(self.experts["service_prefectures"])

    @cached_property
    def affiliated(self) -> dict[str, Positions]:
        """Organisation id to the positions of the experts who belong to it."""
        return _positions_by_member(self.experts["affiliations"])

    @cached_property
    def conflicts(self) -> pd.DataFrame:
        """Conflicts valid on the day (`from` and `until` inclusive, blank unbounded), with `position`.

        Rows of experts who are not in the register are left out.
        """
        rows = self.data.conflicts
        valid = rows[~(rows["from"] > self._day) & ~(rows["until"] < self._day)]
        valid = valid.assign(position=self.ids.get_indexer(pd.Index(valid["expert_id"])))
        return valid[valid["position"] >= 0]

    @cached_property
    def conflicts_of(self) -> dict[tuple[str, str], list[dict[Any, Any]]]:
        """The same by column (client_id, hub_id) and organisation."""
        rows: dict[tuple[str, str], list[dict[Any, Any]]] = defaultdict(list)
        for row in self.conflicts.to_dict("records"):
            for column in ("client_id", "hub_id"):
                if isinstance(row[column], str):
                    rows[column, row[column]].append(row)
        return rows

    @cached_property
    def registration(self) -> dict[str, float]:
        """Whether each client is registered with the programme (0 or 1), where that is known."""
        known = self.data.clients.dropna(subset=["registered"])
        return dict(zip(known["client_id"].tolist(), known["registered"].tolist(), strict=True))

    @cached_property
    def capacity(self) -> npt.NDArray[np.float64]:
        """Dispatches a month the expert can take; NaN unknown, where the programme sets no default."""
        stated: npt.NDArray[np.float64] = self.experts["capacity_per_month"].to_numpy(dtype=np.float64)
        default = self.programme.default_capacity_per_month
        return stated if default is None else np.where(np.isnan(stated), float(default), stated)

    @cached_property
    def used(self) -> npt.NDArray[np.int64]:
        """Dispatches that use capacity, decided in the day's month up to the day; undated ones are not counted."""
        rows = self._decided_since(self._day.replace(day=1))
        using = rows["status"].isin(self.programme.statuses_using_capacity)
        counts = rows.loc[using, "expert_id"].value_counts()
        return np.asarray(counts.reindex(self.ids, fill_value=0), dtype=np.int64)

    @cached_property
    def fiscal_year_start(self) -> pd.Timestamp:
        """The first day of the fiscal year that the day lies in."""
        month = self.programme.fiscal_year_start_month
        return pd.Timestamp(self._day.year - (self._day.month < month), month, 1)

    def visits(self, client_id: str) -> Visits:
        """Visits of the client in the fiscal year, by the date of decision.

        Stated visits count whatever the status. A dispatch without a count is one visit where it was accepted
        or completed, none where it was offered, declined or cancelled, or its status is unknown.
        """
        return self._visits_by_client.get(client_id, Visits())

    @cached_property
    def _visits_by_client(self) -> dict[str, Visits]:
        clients = self.data.consultations.dropna(subset=["client_id"]).set_index("consultation_id")["client_id"]
        rows = self._decided_since(self.fiscal_year_start)
        assumed = rows["visits"].isna() & rows["status"].isin(["accepted", "completed"])
        counts = pd.DataFrame({"known": rows["visits"].fillna(0.0), "assumed": assumed.astype("float64")})
        sums = counts.groupby(rows["consultation_id"].map(clients)).sum()
        return {str(client): Visits(known, assumed) for client, known, assumed in sums.itertuples()}

    def _decided_since(self, first: pd.Timestamp) -> pd.DataFrame:
        decided = self.data.dispatches["decided_on"]
        return self.data.dispatches[(decided >= first) & (decided <= self._day)]

    @property
    def _day(self) -> pd.Timestamp:
        return self.on.normalize()


def _positions_by_member(lists: "pd.Series[Any]") -> dict[str, Positions]:
    members = pd.Series(lists.to_numpy(), dtype=object).explode().dropna()
    positions = members.index.to_numpy()
    return {str(name): positions[rows] for name, rows in members.groupby(members).indices.items()}


def _reads_dispatches(key: Hashable) -> bool:
    return isinstance(key, tuple) and key[0] == RuleName.CAPACITY
