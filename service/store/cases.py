"""What one expert was sent to, with as much of each consultation as a record is counted by."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from service.store.engine import Tx
from service.store.schema import consultations, dispatches


@dataclass(frozen=True)
class Case:
    """A dispatch with its consultation's category, place, industry and client; None is unknown."""

    client_id: str | None
    category: str
    prefecture_code: str | None
    industry: str | None
    decided_on: date | None
    status: str | None
    resolved: bool | None
    report_on_time: bool | None


_ASKED, _SENT = consultations.c, dispatches.c
_COLUMNS = (
    _ASKED.client_id,
    _ASKED.category,
    _ASKED.prefecture_code,
    _ASKED.industry,
    _SENT.decided_on,
    _SENT.status,
    _SENT.resolved,
    _SENT.report_on_time,
)


def cases(tx: Tx, expert_id: str) -> list[Case]:
    """All dispatches of the expert, whatever came of them."""
    found = sa.select(*_COLUMNS).select_from(dispatches.join(consultations)).where(_SENT.expert_id == expert_id)
    return [Case(**row) for row in tx.execute(found).mappings()]
