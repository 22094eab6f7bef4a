"""Hubs' notes on experts. A note's `revision` counts its own changes."""

import sqlalchemy as sa

from service.store.engine import Tx
from service.store.errors import MissingError, StaleError
from service.store.history import Row
from service.store.rows import Key, new_id
from service.store.rows import page as page_of
from service.store.schema import experts, notes


def create(
    tx: Tx, expert_id: str, text: str, *, principal_id: str, hub_id: str | None, note_id: str | None = None
) -> Row:
    """The new note. Raises `MissingError` for an unknown expert."""
    if not tx.execute(sa.select(experts.c.expert_id).where(experts.c.expert_id == expert_id)).first():
        raise MissingError("expert")
    row: Row = {
        "note_id": note_id or new_id("n"),
        "expert_id": expert_id,
        "hub_id": hub_id,
        "principal_id": principal_id,
        "text": text,
    }
    row |= {"revision": 1, "created_at": tx.now, "changed_at": tx.now}
    tx.execute(sa.insert(notes), row)
    return row


def read(tx: Tx, note_id: str) -> Row:
    """The note. Raises `MissingError`."""
    row = tx.execute(sa.select(notes).where(notes.c.note_id == note_id)).mappings().one_or_none()
    if row is None:
        raise MissingError("note")
    return dict(row)


def change(tx: Tx, note_id: str, text: str, *, expected: int) -> Row:
    """The note with the text. Raises `MissingError`, `StaleError`."""
    new = {"text": text, "revision": expected + 1, "changed_at": tx.now}
    if not tx.execute(sa.update(notes).where(*_at(note_id, expected)).values(new)).rowcount:
        raise StaleError("note", read(tx, note_id)["revision"])
    return read(tx, note_id)


def remove(tx: Tx, note_id: str, *, expected: int) -> None:
    """Removes the note. Raises `MissingError`, `StaleError`."""
    if not tx.execute(sa.delete(notes).where(*_at(note_id, expected))).rowcount:
        raise StaleError("note", read(tx, note_id)["revision"])


def page(tx: Tx, expert_id: str, *, hub_id: str | None = None, after: Key | None = None, limit: int = 50) -> list[Row]:
    """Notes on the expert, of one hub or of all, the newest first; `key_of` gives the key of a row."""
    where = [notes.c.expert_id == expert_id, *([] if hub_id is None else [notes.c.hub_id == hub_id])]
    order = [notes.c.created_at, notes.c.note_id]
    return page_of(tx, sa.select(notes).where(*where), order, after=after, limit=limit, newest=True)


def key_of(row: Row) -> tuple[str, str]:
    """What `page` takes as `after`."""
    return row["created_at"].isoformat(), row["note_id"]


def _at(note_id: str, revision: int) -> list[sa.ColumnElement[bool]]:
    return [notes.c.note_id == note_id, notes.c.revision == revision]
