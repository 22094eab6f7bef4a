"""The clients whom a hub knows: those who have consulted it."""

from typing import Annotated, Any

from fastapi import Query

from service.consultations.schema import ClientBody
from service.http.guard import Allowed, Stored, guarded_router
from service.http.pages import Paged, Paging
from service.http.trail import Audited
from service.store import clients

router = guarded_router("consultations")


@router.get("/v1/clients", response_model=Paged[ClientBody])
def list_clients(
    access: Allowed,
    store: Stored,
    trail: Audited,
    page: Paging,
    name: Annotated[
        str | None, Query(min_length=1, max_length=200, description="名称の一部 (part of the name)")
    ] = None,
) -> Any:
    """相談者の一覧 (the clients, by their ids)."""
    after = page.after(str)
    with store.write() as tx:
        rows = clients.page(tx, hub_id=access.hub, name=name, after=after, limit=page.fetch)
        trail(tx, "clients listed", None, {"rows": min(len(rows), page.limit)})
    return page.of(rows, key=lambda row: (row["client_id"],))
