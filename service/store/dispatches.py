"""The dispatches: who was sent to which consultation, how far that is, and what came of it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa

from matcher.eligibility import Programme
from matcher.errors import InvalidValueError
from service.store import rules
from service.store.engine import Tx
from service.store.history import Row
from service.store.rows import Key, Rows
from service.store.rows import page as page_of
from service.store.schema import Change, consultations, dispatches

DISPATCHES = Rows(dispatches, "dispatch", Change.DISPATCHES)
OUTCOME = ("visits", "completed_on", "resolved", "satisfaction", "report_on_time", "comment")
_NEXT: Mapping[str | None, tuple[str, ...]] = {
    None: ("offered", "accepted", "declined", "completed", "cancelled"),
    "offered": ("accepted", "declined", "cancelled"),
    "accepted": ("completed", "cancelled"),
}
_UNKNOWN_DAY = date.min
_BY_DAY = [sa.func.coalesce(dispatches.c.decided_on, _UNKNOWN_DAY, type_=sa.Date), dispatches.c.dispatch_id]
# With the consultation's hub and client, which say whose a dispatch is.
_WITH_OWNER = sa.select(dispatches, consultations.c.hub_id, consultations.c.client_id).join(consultations)


def read(tx: Tx, dispatch_id: str) -> Row:
    """The dispatch with its consultation's `hub_id` and `client_id`. Raises `MissingError`."""
    DISPATCHES.read(tx, dispatch_id)
    return dict(tx.execute(_WITH_OWNER.where(dispatches.c.dispatch_id == dispatch_id)).mappings().one())


def page(
    tx: Tx,
    *,
    hub_id: str | None = None,
    consultation_id: str | None = None,
    expert_id: str | None = None,
    status: str | None = None,
    due_since: date | None = None,
    after: Key | None = None,
    limit: int = 50,
) -> list[Row]:
    """Dispatches with `hub_id` and `client_id`, the newest decisions first; `key_of` gives the key of a row.

    `due_since` asks for those decided (completed, where that is known) by that day of which nobody knows yet
    whether the case was resolved: the follow-up list.
    """
    column = dispatches.c
    wanted = {column.consultation_id: consultation_id, column.expert_id: expert_id, column.status: status}
    where = [of == value for of, value in (wanted | {consultations.c.hub_id: hub_id}).items() if value is not None]
    where += [] if due_since is None else _due(due_since)
    return page_of(tx, _WITH_OWNER.where(*where), _BY_DAY, after=after, limit=limit, newest=True)


def key_of(row: Row) -> tuple[str, str]:
    """What `page` takes as `after`."""
    return (row["decided_on"] or _UNKNOWN_DAY).isoformat(), row["dispatch_id"]


def binds(tx: Tx, consultation_id: str) -> bool:
    """Whether somebody was sent to the consultation, or may have been: its client and area are what was decided on."""
    off = dispatches.c.status.in_(["declined", "cancelled"])
    found = sa.select(dispatches.c.dispatch_id).where(
        dispatches.c.consultation_id == consultation_id, dispatches.c.status.is_(None) | ~off
    )
    return tx.execute(found.limit(1)).first() is not None


def change_status(
    tx: Tx,
    dispatch_id: str,
    status: str,
    *,
    expected: int | None,
    programme: Programme,
    on: pd.Timestamp,
) -> Row:
    """The dispatch in its next status: offered, accepted, completed; or declined, or cancelled.

    Raises `MissingError`, `StaleError`, `InvalidValueError` for a status that does not follow, and `RulesError`
    where the new one uses capacity that the old one did not and there is none left.
    """
    tx.hold()
    old = DISPATCHES.read(tx, dispatch_id)
    following = _NEXT.get(old["status"], ())
    if status != old["status"] and status not in following:
        raise InvalidValueError("status", status, ", ".join(following) or f"none: {old['status']} is final")
    using = programme.statuses_using_capacity
    if status in using and old["status"] not in using:
        rules.check(tx, old["consultation_id"], old["expert_id"], programme, on, but=dispatch_id)
    return DISPATCHES.change(tx, dispatch_id, {"status": status}, expected=expected)


def record_outcome(tx: Tx, dispatch_id: str, outcome: Mapping[str, Any], *, expected: int | None) -> Row:
    """The dispatch, completed, with what came of it; what `outcome` does not name stays. It is a fact: no rule refuses.

    Raises `MissingError`, `StaleError`, `InvalidValueError` for a dispatch that never took place.
    """
    tx.hold()
    status = DISPATCHES.read(tx, dispatch_id)["status"]
    if status in ("declined", "cancelled"):
        raise InvalidValueError("status", status, "an outcome of a dispatch that was offered, accepted or completed")
    values = {name: outcome[name] for name in OUTCOME if name in outcome}
    return DISPATCHES.change(tx, dispatch_id, values | {"status": "completed"}, expected=expected)


def _due(since: date) -> list[sa.ColumnElement[bool]]:
    day = sa.func.coalesce(dispatches.c.completed_on, dispatches.c.decided_on)
    open_ones = dispatches.c.status.in_(["accepted", "completed"])
    return [open_ones, dispatches.c.resolved.is_(None), day <= since]
