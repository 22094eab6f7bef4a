"""Answers kept for requests that may come twice, one for each principal and key."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from service.store.engine import Tx
from service.store.schema import idempotency

_KEPT = idempotency.c


@dataclass(frozen=True)
class KeptAnswer:
    """What a request was answered with; `request_hash` says which request that was."""

    request_hash: str
    status: int
    headers: dict[str, str]
    body: bytes


def claim(tx: Tx, principal_id: str, key: str, request_hash: str, keep: timedelta) -> KeptAnswer | None:
    """Takes the key for this transaction and gives None; where it is taken, the answer that was kept.

    Of parallel transactions one takes the key and the others wait for its end, so that an answer is always there;
    an undone transaction leaves the key free. A key older than `keep` is free, too.
    """
    mine = (_KEPT.principal_id == principal_id) & (_KEPT.key == key)
    tx.execute(sa.delete(idempotency).where(mine, _KEPT.created_at < tx.now - keep))
    row = {"principal_id": principal_id, "key": key, "request_hash": request_hash, "created_at": tx.now}
    insert = sqlite.insert if tx.connection.dialect.name == "sqlite" else postgresql.insert
    if tx.execute(insert(idempotency).values(row).on_conflict_do_nothing().returning(_KEPT.key)).first():
        return None
    found = tx.execute(sa.select(_KEPT.request_hash, _KEPT.status, _KEPT.headers, _KEPT.body).where(mine)).one()
    return KeptAnswer(found.request_hash, found.status, found.headers, found.body)


def keep_answer(tx: Tx, principal_id: str, key: str, answer: KeptAnswer) -> None:
    """Completes a claim with the answer, in the claim's own transaction."""
    mine = (_KEPT.principal_id == principal_id) & (_KEPT.key == key)
    values = {"status": answer.status, "headers": answer.headers, "body": answer.body}
    tx.execute(sa.update(idempotency).where(mine).values(values))


def forget(tx: Tx, before: datetime) -> int:
    """Deletes what was kept before the moment; how many."""
    return tx.execute(sa.delete(idempotency).where(_KEPT.created_at < before)).rowcount
