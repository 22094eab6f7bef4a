"""API keys: what is kept of them is their beginning, their SHA-256, and what they may do."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from service.store.engine import Tx
from service.store.errors import MissingError
from service.store.schema import Change, api_keys

_KEY = api_keys.c


@dataclass(frozen=True)
class Key:
    """A key as it is kept; `hub_id` None: bound to no hub, `expires_at` None: never, `revoked_at` None: in use."""

    key_id: str
    prefix: str
    sha256: str
    name: str
    role: str
    hub_id: str | None
    scopes: tuple[str, ...]
    created_by: str | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None

    def is_valid(self, now: datetime) -> bool:
        """Neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def add_key(
    tx: Tx,
    *,
    prefix: str,
    sha256: str,
    name: str,
    role: str,
    hub_id: str | None,
    scopes: list[str],
    expires_at: datetime | None = None,
    created_by: str | None = None,
) -> Key:
    """Keeps a new key."""
    row: dict[str, Any] = {
        "key_id": f"key_{uuid4().hex}",
        "prefix": prefix,
        "sha256": sha256,
        "name": name,
        "role": role,
        "hub_id": hub_id,
        "scopes": sorted(scopes),
        "created_by": created_by,
        "created_at": tx.now,
        "expires_at": expires_at,
        "revoked_at": None,
    }
    tx.execute(sa.insert(api_keys).values(row))
    return _read(row)


def key_of(tx: Tx, prefix: str, sha256: str) -> Key | None:
    """The key with this beginning and this digest, compared in constant time; valid or not."""
    found = map(_read, tx.execute(sa.select(api_keys).where(_KEY.prefix == prefix)).mappings())
    return next((key for key in found if hmac.compare_digest(key.sha256, sha256)), None)


def list_keys(tx: Tx) -> list[Key]:
    """All keys ever made, the newest first."""
    newest = sa.select(api_keys).order_by(_KEY.created_at.desc(), _KEY.key_id)
    return [_read(row) for row in tx.execute(newest).mappings()]


def revoke_key(tx: Tx, prefix: str) -> int:
    """Revokes the keys with this beginning that are in use; how many. Raises `MissingError` where there is none."""
    tx.revise(Change.ACCESS)
    in_use = sa.update(api_keys).where(_KEY.prefix == prefix, _KEY.revoked_at.is_(None))
    count = tx.execute(in_use.values(revoked_at=tx.now)).rowcount
    if not count:
        raise MissingError("key in use")
    return count


def _read(row: Any) -> Key:
    return Key(**{**row, "scopes": tuple(row["scopes"])})
