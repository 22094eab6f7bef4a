"""The audit trail: who did what, each entry chained to the one before by its hash. Entries are only ever added.

Persons appear as pseudonyms (`service.store.pseudonyms`), consultations' texts never. What the chain cannot show is
that the newest entries are missing: note the head that `verify` gives, and compare it with the next one.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from service.store.engine import AUDIT_LOCK, Tx
from service.store.history import Row
from service.store.rows import Key, page
from service.store.schema import audit

NOTHING_BEFORE = "0" * 64
_CHAINED = ("number", "at", "principal_id", "action", "subject", "request_id", "detail", "previous")


@dataclass(frozen=True)
class Verdict:
    """What `verify` found: how many entries are sound, the hash of the last of them, the first broken number."""

    sound: int
    head: str
    broken: int | None


def append(
    tx: Tx,
    action: str,
    *,
    principal_id: str | None = None,
    subject: str | None = None,
    request_id: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Adds an entry at the end of the transaction, and with it or not at all. `detail` is plain JSON."""
    entry = {
        "at": tx.now,
        "principal_id": principal_id,
        "action": action,
        "subject": subject,
        "request_id": request_id,
        "detail": json.dumps(detail or {}, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
    }
    tx.at_the_end(lambda: _chain(tx, entry))


def verify(tx: Tx) -> Verdict:
    """Walks the whole chain up to the first entry that is changed, missing or out of place."""
    number, head = 0, NOTHING_BEFORE
    with tx.execute(sa.select(audit).order_by(audit.c.number).execution_options(yield_per=1000)) as rows:
        for row in map(dict, rows.mappings()):
            if row["number"] != number + 1 or row["previous"] != head or row["hash"] != _hash(row):
                return Verdict(number, head, number + 1)
            number, head = row["number"], row["hash"]
    return Verdict(number, head, None)


def entries(
    tx: Tx,
    *,
    principal_id: str | None = None,
    action: str | None = None,
    subject: str | None = None,
    after: Key | None = None,
    limit: int = 50,
) -> list[Row]:
    """Entries, the newest first; the key of a row is its `number`."""
    wanted = {"principal_id": principal_id, "action": action, "subject": subject}
    where = [audit.c[name] == value for name, value in wanted.items() if value is not None]
    return page(tx, sa.select(audit).where(*where), [audit.c.number], after=after, limit=limit, newest=True)


def _chain(tx: Tx, entry: Row) -> None:
    tx.lock(AUDIT_LOCK)
    last = tx.execute(sa.select(audit.c.number, audit.c.hash).order_by(audit.c.number.desc()).limit(1)).first()
    number, previous = (last.number + 1, last.hash) if last else (1, NOTHING_BEFORE)
    row = {"number": number, "previous": previous} | entry
    tx.execute(sa.insert(audit), row | {"hash": _hash(row)})


def _hash(row: Mapping[str, Any]) -> str:
    chained = [row[name].isoformat(timespec="microseconds") if name == "at" else row[name] for name in _CHAINED]
    return hashlib.sha256(json.dumps(chained, separators=(",", ":")).encode()).hexdigest()
