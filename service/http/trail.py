"""The audit trail as routes write it: who it was and which request are filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request

from service.http.guard import Allowed
from service.store import audit
from service.store.engine import Tx


@dataclass(frozen=True)
class Trail:
    """Adds entries of one caller and one request."""

    principal_id: str
    request_id: str

    def __call__(
        self, tx: Tx, action: str, subject: str | None = None, detail: Mapping[str, Any] | None = None
    ) -> None:
        """Adds one with the transaction. `detail` is plain JSON; persons stand in it as pseudonyms."""
        who = {"principal_id": self.principal_id, "request_id": self.request_id}
        audit.append(tx, action, subject=subject, detail=detail, **who)


async def _trail(request: Request, access: Allowed) -> Trail:
    return Trail(access.principal.id, request.state.request_id)


Audited = Annotated[Trail, Depends(_trail)]
