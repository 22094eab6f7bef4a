"""What is learned from: a dataset in arrays, its dispatches with outcomes, and usual pairs to count from."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.dataset import Dataset
from matcher.features.affinity import Affinity
from matcher.features.gist import Gist
from matcher.features.history import History
from matcher.features.manner import stated
from matcher.features.pairs import Pairs
from matcher.features.tables import (
    LATER_THAN_ALL,
    ConsultationTable,
    ExpertTable,
    Ints,
    Schema,
    days,
    descriptions,
    profiles,
)

Floats = npt.NDArray[np.float64]

USUAL_CONSULTATIONS, USUAL_EXPERTS = 200, 20


@dataclass(frozen=True)
class Material:
    """A dataset as of a date in arrays, in an order of its own, so that the rows' order cannot matter."""

    schema: Schema
    gist: Gist
    affinity: Affinity
    consultations: ConsultationTable
    experts: ExpertTable
    history: History
    today: int
    categories: pd.DataFrame

    @classmethod
    def of(cls, data: Dataset, *, as_of: pd.Timestamp, seed: int = 0, gist: Gist | None = None) -> "Material":
        """From what `data` holds, already cut at `as_of`; reads texts with a new gist unless one is given."""
        schema = Schema(data.categories)
        used = data.consultations["consultation_id"].isin(data.dispatches["consultation_id"])
        asked = data.consultations[used].sort_values("consultation_id").reset_index(drop=True)
        register = data.experts.sort_values("expert_id").reset_index(drop=True)
        said, offered = descriptions(asked), profiles(register)
        claims = schema.categories.members(register["categories"].tolist())
        if gist is None:
            kinds = np.zeros((len(asked), len(schema.categories)))
            kinds[np.arange(len(asked)), schema.categories.place(asked["category"])] = 1.0
            # Without any past case the texts of the waiting ones are all there is to learn words from.
            waiting = [] if said else descriptions(data.consultations.sort_values("consultation_id"))
            style = stated(register["style"].tolist())
            gist, told, profile = Gist.fit(said, kinds, offered, claims.astype(np.float64), style, waiting, seed=seed)
        else:
            told, profile = gist.told(said, schema.categories.place(asked["category"])), gist.space.vectors(offered)
        table = ConsultationTable.of(asked, schema, told)
        held = register["qualifications"].tolist()
        affinity = Affinity.of(profile, held, claims, table.text, table.category)
        experts = ExpertTable.of(register, schema, gist, affinity)
        history = History.of(data, asked, table, experts, schema, gist.topics.kinship)
        last = max(history.day.max(), history.known_day.max()) if len(history) else today_of(as_of)
        return cls(schema, gist, affinity, table, experts, history, int(last) + 1, data.categories.sort_values("code"))

    def pairs(self, ci: Ints, ei: Ints, as_of: Ints) -> Pairs:
        """Pairs of this material's consultations and experts."""
        return Pairs(self.schema, self.consultations, self.experts, self.history, ci, ei, as_of)

    def case_rows(self) -> tuple[Ints, Ints, Ints]:
        """Per case of the history: consultation row, expert row (-1 if not registered), the day it was decided."""
        row_of = pd.Series(np.arange(len(self.consultations)), index=self.consultations.ids)
        expert_row = pd.Series(np.arange(len(self.experts)), index=self.experts.ids)
        ids = np.repeat(self.history.expert_ids, np.diff(self.history.first))
        ci = row_of.reindex(self.history.ids[self.history.consultation]).to_numpy(dtype=np.int64)
        ei = expert_row.reindex(ids).fillna(-1).to_numpy(dtype=np.int64)
        return ci, ei, self.history.day if self.history.is_timed else np.full(len(ci), LATER_THAN_ALL)

    def outcomes(self) -> tuple[Pairs, Floats]:
        """Dispatched pairs with a known outcome, as they were seen on the day of the decision."""
        ci, ei, day = self.case_rows()
        known = ~np.isnan(self.history.resolved) & (ei >= 0)
        return self.pairs(ci[known], ei[known], day[known]), self.history.resolved[known]

    def usual(self, rng: np.random.Generator) -> Pairs:
        """Random pairs of past consultations and experts, seen today: what a term is counted from."""
        asked = USUAL_CONSULTATIONS if len(self.consultations) and len(self.experts) else 0
        ci = np.repeat(rng.integers(0, max(len(self.consultations), 1), asked), USUAL_EXPERTS)
        ei = rng.integers(0, max(len(self.experts), 1), len(ci))
        return self.pairs(ci, ei, np.full(len(ci), self.today))


def today_of(as_of: pd.Timestamp) -> int:
    """A date as days since 1970-01-01."""
    return int(days(pd.Series([as_of]), unknown=0)[0])
