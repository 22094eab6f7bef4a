"""Who was erased, or whose data may no longer be used: by pseudonym, so that nothing else of them is kept."""

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from service.store.engine import Tx
from service.store.pseudonyms import pseudonym
from service.store.rows import new_id
from service.store.schema import erasures

STOPPED = "stopped"  # behind the kind: the person is there, and not used


def name_of(tx: Tx, kind: str, person_id: str) -> str:
    """The pseudonym under which the person is noted."""
    return pseudonym(tx, kind.partition(" ")[0], person_id)


def note(tx: Tx, kind: str, person_id: str, *, principal_id: str | None, counts: Mapping[str, Any]) -> str:
    """Notes it; the person's pseudonym."""
    name = name_of(tx, kind, person_id)
    row = {"erasure_id": new_id("x"), "pseudonym": name, "kind": kind, "principal_id": principal_id, "at": tx.now}
    tx.execute(sa.insert(erasures), row | {"counts": dict(counts), "revision": tx.revision()})
    return name


def erased(tx: Tx, kind: str, person_ids: Collection[str]) -> list[str]:
    """Those among the ids whose person was erased: a file must not bring them back."""
    return _among(tx, kind, person_ids)


def stopped(tx: Tx, kind: str, person_ids: Collection[str]) -> list[str]:
    """Those among the ids whose use was stopped."""
    return _among(tx, f"{kind} {STOPPED}", person_ids)


def is_any_since(tx: Tx, revision: int) -> bool:
    """Whether somebody was erased, or their use stopped, after the revision."""
    return (
        tx.execute(sa.select(erasures.c.erasure_id).where(erasures.c.revision > revision).limit(1)).first() is not None
    )


def resume(tx: Tx, kind: str, person_id: str) -> int:
    """Lifts the stop; how many there were."""
    name = pseudonym(tx, kind, person_id)
    wanted = (erasures.c.pseudonym == name) & (erasures.c.kind == f"{kind} {STOPPED}")
    return tx.execute(sa.delete(erasures).where(wanted)).rowcount


def _among(tx: Tx, kind: str, person_ids: Collection[str]) -> list[str]:
    names = set(tx.execute(sa.select(erasures.c.pseudonym).where(erasures.c.kind == kind)).scalars())
    person = kind.partition(" ")[0]
    return [one for one in person_ids if pseudonym(tx, person, one) in names] if names else []
