"""Pairs of a consultation and an expert, as of a day: what every feature is computed from."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from matcher.features.history import History, kind_vectors, seen_cases, sums
from matcher.features.tables import ConsultationTable, ExpertTable, Floats, Ints, Schema, any_row
from matcher.features.text import GRID
from matcher.reference.distance import distances


@dataclass(frozen=True)
class Pairs:
    """p pairs: row `ci` of the consultations with row `ei` of the experts, seen on day `as_of`; all (p,)."""

    schema: Schema
    consultations: ConsultationTable
    experts: ExpertTable
    history: History
    ci: Ints
    ei: Ints
    as_of: Ints

    def __len__(self) -> int:
        return len(self.ci)

    @cached_property
    def distance(self) -> tuple[Floats, npt.NDArray[np.int8]]:
        """Kilometres (NaN unknown) and what they rest on, a place in `matcher.reference.distance.PAIR_BASES`."""
        here, there = self.consultations.places, self.experts.places.take(self.ei)
        return distances(here if len(here) == 1 else here.take(self.ci), there)

    @cached_property
    def place(self) -> Ints:
        """Each pair's expert in the history, -1 for one without a case."""
        return self.history.place(self.experts.ids)[self.ei]

    @cached_property
    def past(self) -> dict[str, Floats]:
        """Sums over the expert's earlier cases (see `matcher.features.history.sums`)."""
        kinds = kind_vectors(self.consultations, self.history.kind_weights, self.schema)
        parts = seen_cases(self.history, self.consultations, kinds, self.ci, self.place, self.as_of)
        return sums(parts, len(self))

    @cached_property
    def mean_resolved(self) -> float:
        """The share of resolved cases among all remembered ones with a known outcome; NaN where none is known."""
        resolved = self.history.resolved
        return float(resolved[~np.isnan(resolved)].mean()) if (~np.isnan(resolved)).any() else np.nan

    @cached_property
    def profile_closeness(self) -> Floats:
        """Cosine of the consultation's text and the expert's profile, NaN where either says nothing."""
        asked, offered = self.consultations.text, self.experts.profile
        if len(asked) == 1:
            dots = (offered @ asked[0]).astype(np.float64)[self.ei]
        else:
            dots = np.einsum("rd,rd->r", asked[self.ci], offered[self.ei]).astype(np.float64)
        known = self.consultations.has_text[self.ci] & any_row(offered)[self.ei]
        return np.where(known, dots / GRID**2, np.nan)
