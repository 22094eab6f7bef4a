"""Rows that reports add up, each with its hub and client: whose it is, and from how many it takes to be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from matcher.features.history import CASE_STATUSES
from service.store.engine import Tx
from service.store.schema import consultations, dispatches, experts, hubs, impressions, shortlists


@dataclass(frozen=True)
class Period:
    """From a day on, to the day before `until`; what is undated is in none."""

    since: date
    until: date

    def holds(self, day: sa.ColumnElement[Any]) -> list[sa.ColumnElement[bool]]:
        """The conditions on a column of days."""
        return [day >= self.since, day < self.until]


@dataclass(frozen=True)
class Asked:
    """A consultation."""

    hub_id: str | None
    client_id: str | None


@dataclass(frozen=True)
class Shown:
    """An expert on shortlists for a client, however often."""

    hub_id: str | None
    client_id: str | None
    expert_id: str


@dataclass(frozen=True)
class Sent:
    """A dispatch that counts as a case, with what came of it; None is unknown."""

    hub_id: str | None
    client_id: str | None
    expert_id: str
    status: str | None
    decided_on: date | None
    completed_on: date | None
    resolved: bool | None
    satisfaction: float | None
    report_on_time: bool | None


_OWNER = (consultations.c.hub_id, consultations.c.client_id)


def asked(tx: Tx, period: Period, hub_id: str | None) -> list[Asked]:
    """Consultations received in the period, of one hub or of all."""
    chosen = sa.select(*_OWNER).where(*period.holds(consultations.c.received_on), *_of(hub_id))
    return [Asked(**row) for row in tx.execute(chosen).mappings()]


def shown(tx: Tx, period: Period, hub_id: str | None) -> list[Shown]:
    """Whom the shortlists of the period showed, once for each client."""
    seen = impressions.join(shortlists, shortlists.c.shortlist_id == impressions.c.shortlist_id).join(
        consultations, consultations.c.consultation_id == impressions.c.consultation_id
    )
    chosen = sa.select(*_OWNER, impressions.c.expert_id).select_from(seen).distinct()
    where = (*period.holds(shortlists.c.as_of), *_of(hub_id))
    return [Shown(**row) for row in tx.execute(chosen.where(*where)).mappings()]


def sent(tx: Tx, period: Period, hub_id: str | None) -> list[Sent]:
    """Dispatches decided in the period, but for declined and cancelled ones."""
    column = dispatches.c
    told = (column.status, column.decided_on, column.completed_on, column.resolved)
    chosen = sa.select(*_OWNER, column.expert_id, *told, column.satisfaction, column.report_on_time)
    cases = column.status.in_(CASE_STATUSES) | column.status.is_(None)
    where = (cases, *period.holds(column.decided_on), *_of(hub_id))
    found = chosen.select_from(dispatches.join(consultations)).where(*where)
    return [Sent(**row) for row in tx.execute(found).mappings()]


def active_experts(tx: Tx) -> list[str]:
    """The ids of the experts who can be sent; a blank status is active."""
    active = sa.func.coalesce(experts.c.status, "active") == "active"
    return list(tx.execute(sa.select(experts.c.expert_id).where(active)).scalars())


def hub_names(tx: Tx, hub_id: str | None) -> dict[str, str | None]:
    """The hubs' names by their ids, of one or of all."""
    chosen = sa.select(hubs.c.hub_id, hubs.c.name).order_by(hubs.c.hub_id)
    rows: Sequence[Any] = tx.execute(chosen if hub_id is None else chosen.where(hubs.c.hub_id == hub_id)).all()
    return {row.hub_id: row.name for row in rows}


def _of(hub_id: str | None) -> list[sa.ColumnElement[bool]]:
    return [] if hub_id is None else [consultations.c.hub_id == hub_id]
