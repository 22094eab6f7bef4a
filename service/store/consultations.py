"""The consultations: what clients asked their hub for."""

from datetime import date

import sqlalchemy as sa

from service.store.engine import Tx
from service.store.history import Row
from service.store.rows import Key, Rows
from service.store.rows import page as page_of
from service.store.schema import Change, consultations

CONSULTATIONS = Rows(consultations, "consultation", Change.CONSULTATIONS)
# The oldest day there is, so that consultations of an unknown day come last.
_UNKNOWN_DAY = date.min
_BY_DAY = [sa.func.coalesce(consultations.c.received_on, _UNKNOWN_DAY, type_=sa.Date), consultations.c.consultation_id]


def page(
    tx: Tx,
    *,
    hub_id: str | None = None,
    client_id: str | None = None,
    category: str | None = None,
    status: str | None = None,
    since: date | None = None,
    until: date | None = None,
    after: Key | None = None,
    limit: int = 50,
) -> list[Row]:
    """Consultations, the newest first, those of an unknown day last; `key_of` gives the key of a row."""
    column = consultations.c
    wanted = {"hub_id": hub_id, "client_id": client_id, "category": category, "status": status}
    where = [column[name] == value for name, value in wanted.items() if value is not None]
    where += [] if since is None else [column.received_on >= since]
    where += [] if until is None else [column.received_on <= until]
    chosen = sa.select(consultations).where(*where)
    return page_of(tx, chosen, _BY_DAY, after=after, limit=limit, newest=True)


def key_of(row: Row) -> tuple[str, str]:
    """What `page` takes as `after`."""
    return (row["received_on"] or _UNKNOWN_DAY).isoformat(), row["consultation_id"]


def open_ids(tx: Tx) -> list[str]:
    """Of all that are not closed; an unknown status is not closed."""
    is_open = sa.func.coalesce(consultations.c.status, "open") != "closed"
    chosen = sa.select(consultations.c.consultation_id).where(is_open)
    return list(tx.execute(chosen.order_by(consultations.c.consultation_id)).scalars())
