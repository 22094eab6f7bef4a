"""The clients: small firms that ask for advice."""

import sqlalchemy as sa

from service.store.engine import Tx
from service.store.history import Row
from service.store.rows import Key, Rows
from service.store.schema import Change, clients, consultations

CLIENTS = Rows(clients, "client", Change.CLIENTS)


def page(
    tx: Tx, *, hub_id: str | None = None, name: str | None = None, after: Key | None = None, limit: int = 50
) -> list[Row]:
    """Clients by their ids, of a hub only those who have consulted it; the key of a row is its `client_id`."""
    where = [] if hub_id is None else [_of_hub(hub_id)]
    where += [] if name is None else [clients.c.name.icontains(name, autoescape=True)]
    return CLIENTS.page(tx, *where, after=after, limit=limit)


def is_of_hub(tx: Tx, client_id: str, hub_id: str) -> bool:
    """Whether the client has consulted the hub."""
    found = sa.select(clients.c.client_id).where(clients.c.client_id == client_id, _of_hub(hub_id))
    return tx.execute(found).first() is not None


def _of_hub(hub_id: str) -> sa.ColumnElement[bool]:
    theirs = consultations.c
    return sa.exists().where(theirs.client_id == clients.c.client_id, theirs.hub_id == hub_id)
