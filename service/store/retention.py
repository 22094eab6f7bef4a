"""What is old enough to go, by the periods that are set."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from service.store.engine import Tx
from service.store.history import forget
from service.store.mentions import empty, parts, run
from service.store.schema import Change, consultations, dispatches, imports, shortlists


def silence_consultations(tx: Tx, before: date) -> int:
    """Closed consultations received before the day lose their words, and so do their dispatches and shortlists."""
    column = consultations.c
    old = [column.status == "closed", column.received_on < before, column.description.is_not(None)]
    found: Sequence[Any] = tx.execute(sa.select(column.consultation_id).where(*old)).scalars().all()
    if not found:
        return 0
    revision = tx.revise(Change.CONSULTATIONS, Change.DISPATCHES)
    for part in parts(found):
        of_theirs = dispatches.c.consultation_id.in_(part)
        sent: Sequence[Any] = tx.execute(sa.select(dispatches.c.dispatch_id).where(of_theirs)).scalars().all()
        forget(tx, consultations, part)
        forget(tx, dispatches, sent)
        made = sa.select(shortlists.c.shortlist_id).where(shortlists.c.consultation_id.in_(part))
        empty(tx, tx.execute(made).scalars().all())
        silent = {"description": None, "revision": revision}
        run(tx, sa.update(consultations).where(column.consultation_id.in_(part)).values(silent))
        told = dispatches.c.comment.is_not(None)
        run(tx, sa.update(dispatches).where(of_theirs, told).values(comment=None, revision=revision))
    return len(found)


def empty_shortlists(tx: Tx, before: datetime) -> int:
    """Shortlists made before the moment lose what they showed."""
    column = shortlists.c
    old = sa.select(column.shortlist_id).where(column.created_at < before, column.erased_at.is_(None))
    return empty(tx, tx.execute(old).scalars().all())


def empty_imports(tx: Tx, before: datetime) -> int:
    """Files that were sent before the moment, and what was found in them."""
    old = [imports.c.created_at < before, imports.c.difference.is_not(None) | (imports.c.status == "refused")]
    run(
        tx,
        sa.update(imports).where(imports.c.created_at < before, imports.c.status == "checked").values(status="expired"),
    )
    return run(tx, sa.update(imports).where(*old).values(content=None, report={}, difference=None))
