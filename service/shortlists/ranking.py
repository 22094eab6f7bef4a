"""One ranking with all that is needed to make it again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from matcher.consultation import Consultation
from matcher.eligibility import Programme
from matcher.lang import Lang
from matcher.render.json_text import to_mapping
from matcher.risk import Risk
from matcher.shortlist import Shortlist
from service.http.once import as_json
from service.serving.snapshot import Snapshot


@dataclass(frozen=True)
class Ranking:
    """A shortlist, the programme it kept to and how it was asked for; `revision` is that of its data."""

    shortlist: Shortlist
    programme: Programme
    risk: Risk
    k: int
    on: pd.Timestamp
    revision: int

    @property
    def answer(self) -> str:
        """The shortlist's JSON, the same for the same shortlist."""
        return as_json(to_mapping(self.shortlist)).decode()

    @property
    def asked(self) -> dict[str, Any]:
        """The consultation as it was ranked, and the risk."""
        return {"consultation": self.shortlist.consultation.to_json(), "risk": self.risk}


def ranking(
    snapshot: Snapshot, consultation: Consultation, *, k: int, lang: Lang, risk: Risk, on: pd.Timestamp
) -> Ranking:
    """The ranking of the consultation on the day. Raises `InvalidValueError` for a risk that the model cannot take."""
    shortlist = snapshot.rank(consultation, k=k, lang=lang, risk=risk, on=on)
    return Ranking(shortlist, snapshot.programme, risk, k, on, snapshot.revision)


def programme_to_json(programme: Programme) -> dict[str, Any]:
    """Plain JSON."""
    return asdict(programme) | {"statuses_using_capacity": sorted(programme.statuses_using_capacity)}


def programme_from_json(kept: Mapping[str, Any]) -> Programme:
    """The inverse."""
    return Programme(**{**kept, "statuses_using_capacity": frozenset(kept["statuses_using_capacity"])})
