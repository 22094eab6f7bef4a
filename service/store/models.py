"""The registry of models: every version with its figures, which one serves, and which one did before."""

from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from matcher.errors import InvalidValueError
from service.store.engine import Tx
from service.store.errors import MissingError, TakenError
from service.store.history import Row
from service.store.rows import Key
from service.store.rows import page as page_of
from service.store.schema import Change, activations, models

ERASED = "a person was erased"  # why a model was refused that remembered the person


@dataclass(frozen=True)
class Trained:
    """A model file: its name below the home folder, its bytes' SHA-256, its card, and its figures where measured."""

    model_id: str
    file: str
    sha256: str
    fingerprint: str
    card: Any
    figures: Any = None
    data_revision: int | None = None


def register(tx: Tx, trained: Trained, *, by: str | None = None) -> Row:
    """The model's row; it does not serve yet. Raises `TakenError`."""
    if find(tx, trained.model_id):
        raise TakenError("model")
    row = asdict(trained) | {"created_by": by, "created_at": tx.now, "refused_at": None, "refused_because": None}
    tx.execute(sa.insert(models), row)
    return row


def find(tx: Tx, model_id: str) -> Row | None:
    """The model's row, None where there is none."""
    row = tx.execute(sa.select(models).where(models.c.model_id == model_id)).mappings().one_or_none()
    return None if row is None else dict(row)


def read(tx: Tx, model_id: str) -> Row:
    """The model's row. Raises `MissingError`."""
    row = find(tx, model_id)
    if row is None:
        raise MissingError("model")
    return row


def page(tx: Tx, *, after: Key | None = None, limit: int = 50) -> list[Row]:
    """Models, the newest first; `key_of` gives the key of a row."""
    order = [models.c.created_at, models.c.model_id]
    return page_of(tx, sa.select(models), order, after=after, limit=limit, newest=True)


def every(tx: Tx) -> list[Row]:
    """All models."""
    return [dict(row) for row in tx.execute(sa.select(models).order_by(models.c.model_id)).mappings()]


def key_of(row: Row) -> tuple[str, str]:
    """What `page` takes as `after`."""
    return row["created_at"].isoformat(), row["model_id"]


def active(tx: Tx) -> Row | None:
    """The model that serves, None before the first activation."""
    newest = sa.select(activations.c.model_id).order_by(activations.c.revision.desc()).limit(1).scalar_subquery()
    row = tx.execute(sa.select(models).where(models.c.model_id == newest)).mappings().one_or_none()
    return None if row is None else dict(row)


def activate(tx: Tx, model_id: str, *, by: str | None = None, reason: str | None = None) -> Row:
    """Lets the model serve from the next revision on. Raises `MissingError`; `InvalidValueError` for a refused one."""
    tx.hold()
    row = read(tx, model_id)
    if row["refused_at"] is not None:
        raise InvalidValueError("model", model_id, "a model whose file is as it was registered")
    revision = tx.revise(Change.MODEL)
    kept = {"revision": revision, "model_id": model_id, "principal_id": by, "reason": reason, "at": tx.now}
    tx.execute(sa.insert(activations), kept)
    return row


def roll_back(tx: Tx, *, by: str | None = None) -> Row:
    """Lets that model serve again which did before the one that does. Raises `MissingError` where there is none.

    Rolled back twice, it goes back by two.
    """
    tx.hold()
    now = active(tx)
    if now is None:
        raise MissingError("model")
    began = sa.select(sa.func.min(activations.c.revision)).where(activations.c.model_id == now["model_id"])
    sound = sa.select(activations.c.model_id).join(models).where(models.c.refused_at.is_(None))
    before = sound.where(activations.c.revision < began.scalar_subquery()).order_by(activations.c.revision.desc())
    model_id = tx.execute(before.limit(1)).scalar()
    if model_id is None:
        raise MissingError("earlier model")
    return activate(tx, model_id, by=by, reason="rolled back")


def refuse(tx: Tx, model_id: str, because: str) -> None:
    """Notes that the model's file cannot be used; it can no longer be activated."""
    values = {"refused_at": tx.now, "refused_because": because}
    tx.execute(sa.update(models).where(models.c.model_id == model_id).values(values))


def history(tx: Tx, *, limit: int = 50) -> list[Row]:
    """Activations, the newest first."""
    newest = sa.select(activations).order_by(activations.c.revision.desc()).limit(limit)
    return [dict(row) for row in tx.execute(newest).mappings()]
