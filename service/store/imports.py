"""Files that were sent in: checked first, and applied only to the data that they were checked against."""

import hashlib
from typing import Any

import sqlalchemy as sa

from service.store.engine import Tx
from service.store.errors import MissingError, StaleError
from service.store.history import Row
from service.store.rows import Key, new_id
from service.store.rows import page as page_of
from service.store.schema import imports

CHECKED, REFUSED, APPLIED = "checked", "refused", "applied"


def create(
    tx: Tx,
    content: bytes | None,
    *,
    principal_id: str,
    source: str | None,
    report: Any,
    difference: Any | None,
    import_id: str | None = None,
) -> Row:
    """What was sent, what is wrong with it, and what it would change; without a difference it is refused."""
    row = {
        "import_id": import_id or new_id("m"),
        "principal_id": principal_id,
        "status": REFUSED if difference is None else CHECKED,
        "source": source,
        "content": None if difference is None else content,
        "content_sha256": hashlib.sha256(content or b"").hexdigest(),
        "report": report,
        "difference": difference,
        "base_revision": tx.revision(),
        "applied_revision": None,
        "created_at": tx.now,
        "applied_at": None,
    }
    tx.execute(sa.insert(imports), row)
    return row


def read(tx: Tx, import_id: str) -> Row:
    """The import with its content. Raises `MissingError`."""
    row = tx.execute(sa.select(imports).where(imports.c.import_id == import_id)).mappings().one_or_none()
    if row is None:
        raise MissingError("import")
    return dict(row)


def applied(tx: Tx, import_id: str, *, revision: int) -> Row:
    """Notes that it was applied in this transaction, and lets go of the content.

    Raises `MissingError`; `StaleError` for one that is not (or no longer) waiting.
    """
    waiting = [imports.c.import_id == import_id, imports.c.status == CHECKED]
    done = {"status": APPLIED, "applied_revision": revision, "applied_at": tx.now, "content": None}
    if not tx.execute(sa.update(imports).where(*waiting).values(done)).rowcount:
        raise StaleError("import", read(tx, import_id)["base_revision"])
    return read(tx, import_id)


def page(tx: Tx, *, after: Key | None = None, limit: int = 50) -> list[Row]:
    """Imports without their content, the newest first; `key_of` gives the key of a row."""
    shown = [column for column in imports.c if column.name != "content"]
    order = [imports.c.created_at, imports.c.import_id]
    return page_of(tx, sa.select(*shown), order, after=after, limit=limit, newest=True)


def key_of(row: Row) -> tuple[str, str]:
    """What `page` takes as `after`."""
    return row["created_at"].isoformat(), row["import_id"]
