"""Conflicts of interest: who may not be sent to whom."""

from service.store.engine import Tx
from service.store.history import Row
from service.store.rows import Key, Rows
from service.store.schema import Change, conflicts

CONFLICTS = Rows(conflicts, "conflict", Change.REGISTER)


def page(
    tx: Tx,
    *,
    expert_id: str | None = None,
    client_id: str | None = None,
    hub_id: str | None = None,
    after: Key | None = None,
    limit: int = 50,
) -> list[Row]:
    """Conflicts by their ids; the key of a row is its `conflict_id`."""
    wanted = {"expert_id": expert_id, "client_id": client_id, "hub_id": hub_id}
    where = [conflicts.c[name] == value for name, value in wanted.items() if value is not None]
    return CONFLICTS.page(tx, *where, after=after, limit=limit)
