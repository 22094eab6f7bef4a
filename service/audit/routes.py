"""The audit trail: entries, and their verification."""

import json
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Query

from service.audit.schema import EntryBody, VerdictBody
from service.http.guard import Stored, guarded_router
from service.http.pages import Paged, Paging
from service.store import audit
from service.store.history import Row
from service.store.pseudonyms import pseudonym

router = guarded_router("audit")


def _asked(ja_en: str) -> Any:
    return Query(description=ja_en, min_length=1, max_length=200)


@router.get("/v1/audit", response_model=Paged[EntryBody])
def list_audit_entries(
    store: Stored,
    page: Paging,
    principal_id: Annotated[str | None, _asked("誰が (who did it)")] = None,
    action: Annotated[str | None, _asked("何を (what was done)")] = None,
    subject: Annotated[str | None, _asked("対象、consultation:C1 など (what it is about)")] = None,
    expert_id: Annotated[str | None, _asked("対象の専門家、仮名に直して探す (an expert, by the pseudonym)")] = None,
) -> Any:
    """監査証跡、新しい順 (the audit trail, the newest first)."""
    after = page.after(int)
    with store.read() as tx:
        about = pseudonym(tx, "expert", expert_id) if expert_id is not None else subject
        rows = audit.entries(tx, principal_id=principal_id, action=action, subject=about, after=after, limit=page.fetch)
    return page.of(list(map(_shown, rows)), key=lambda row: (row["number"],))


@router.get("/v1/audit/verification")
def verify_audit(store: Stored) -> VerdictBody:
    """証跡の鎖を最初から確かめる (walks the whole chain)."""
    with store.read() as tx:
        return VerdictBody(**asdict(audit.verify(tx)))


def _shown(row: Row) -> Row:
    return row | {"detail": json.loads(row["detail"])}
