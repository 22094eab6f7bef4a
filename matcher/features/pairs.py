"""Pairs of a consultation and an expert, as of a day: what every feature is computed from."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from matcher.features.history import History
from matcher.features.past import Hidden, SeenCases, Sums, seen_cases, sent_before
from matcher.features.tables import ConsultationTable, ExpertTable, Floats, Ints, Schema
from matcher.features.text import GRID
from matcher.reference.distance import distances

FEW = 10_000  # pairs whose earlier cases are kept


@dataclass(frozen=True)
class Pairs:
    """p pairs: row `ci` of the consultations with row `ei` of the experts, seen on day `as_of`; all (p,).

    `hidden` keeps cases out of sight while they are learned from; `seats` are the experts' places in the
    history (n,), worked out where they are not given.
    """

    schema: Schema
    consultations: ConsultationTable
    experts: ExpertTable
    history: History
    ci: Ints
    ei: Ints
    as_of: Ints
    hidden: Hidden | None = None
    seats: Ints | None = None

    def __len__(self) -> int:
        return len(self.ci)

    def take(self, rows: npt.NDArray[np.bool_] | Ints) -> "Pairs":
        """The chosen pairs."""
        hidden = self.hidden.take(rows) if self.hidden else None
        return replace(self, ci=self.ci[rows], ei=self.ei[rows], as_of=self.as_of[rows], hidden=hidden)

    def anonymous(self) -> "Pairs":
        """The same, as if nobody knew whose the consultations are: no earlier case is the client's own."""
        nobody = np.full(len(self.consultations), None, dtype=object)
        return replace(self, consultations=replace(self.consultations, ids=nobody, clients=nobody))

    @cached_property
    def own_rows(self) -> Ints:
        """Of pairs with one consultation, those whose expert has a case of it, or of its client."""
        own = self.history.experts_of(self.consultations.ids[0], self.consultations.clients[0])
        if not len(own):
            return own
        held = np.zeros(len(self.history.expert_ids) + 1, dtype=bool)  # the last is for place -1, who has no case
        held[own] = True
        return np.flatnonzero(held[self.place])

    @cached_property
    def distance(self) -> tuple[Floats, npt.NDArray[np.int8]]:
        """Kilometres (NaN unknown) and what they rest on, a place in `matcher.reference.distance.PAIR_BASES`."""
        here, there = self.consultations.places, self.experts.places
        if len(self) != len(self.experts) or (self.ei[1:] <= self.ei[:-1]).any():
            there = there.take(self.ei)
        return distances(here if len(here) == 1 else here.take(self.ci), there)

    @cached_property
    def place(self) -> Ints:
        """Each pair's expert in the history, -1 for one without a case."""
        seats = self.history.place(self.experts.ids) if self.seats is None else self.seats
        return seats[self.ei]

    @cached_property
    def past(self) -> Sums:
        """Sums over the expert's earlier cases."""
        return Sums(lambda: self.seen, len(self), few=len(self) <= FEW)

    @property
    def seen(self) -> Iterator[SeenCases]:
        """The expert's earlier cases, in parts."""
        return seen_cases(self.history, self.consultations, self.schema, self.ci, self.place, self.as_of, self.hidden)

    @cached_property
    def sent_before(self) -> tuple[Ints, Ints]:
        """The client's earlier experts (see `matcher.features.past.sent_before`)."""
        return sent_before(self.history, self.consultations, self.ci, self.place, self.as_of, self.hidden)

    @property
    def mean_resolved(self) -> float:
        """The share of resolved cases among all remembered ones with a known outcome; NaN where none is known."""
        return self.history.mean_resolved

    @cached_property
    def profile_closeness(self) -> Floats:
        """Cosine of the consultation's text and the profile, NaN where either is silent."""
        asked, profile = self.consultations, self.experts.profile
        known = asked.has_text[self.ci] & self.experts.has_profile[self.ei]
        dots = (
            (profile @ asked.text[0])[self.ei]
            if len(asked) == 1
            else np.einsum("rd,rd->r", asked.text[self.ci], profile[self.ei])
        )
        return np.where(known, dots.astype(np.float64) / GRID**2, np.nan)
