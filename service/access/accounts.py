"""Keys and users as an administrator makes them, each change in one transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from service.access.credentials import NewKey, digest, hash_password, new_key, new_password
from service.access.principal import Role, a_role, checked_hub, checked_scopes
from service.store import keys, users
from service.store.engine import Store, Tx

ADMINISTRATOR = "administrator"


def create_key(
    tx: Tx, *, name: str, role: str, hub_id: str | None, scopes: Iterable[str], expires_at: datetime | None
) -> NewKey:
    """A new key, whose secret is nowhere afterwards. Raises `UnknownValueError`, `InvalidValueError`."""
    known, made = a_role(role), new_key()
    keys.add_key(
        tx,
        prefix=made.prefix,
        sha256=digest(made.secret),
        name=name,
        role=known,
        hub_id=checked_hub(known, hub_id),
        scopes=list(checked_scopes(known, scopes)),
        expires_at=expires_at,
    )
    return made


def create_user(tx: Tx, *, login: str, name: str, password: str, role: str, hub_id: str | None) -> users.User:
    """A new user. Raises `TakenError` for a login in use, `UnknownValueError`, `InvalidValueError`."""
    known = a_role(role)
    hashed = hash_password(password)
    return users.add_user(
        tx, login=login, name=name, password_hash=hashed, role=known, hub_id=checked_hub(known, hub_id)
    )


@dataclass(frozen=True)
class Credentials:
    """What a first start shows once."""

    login: str
    password: str
    key: str


def first_credentials(store: Store) -> Credentials | None:
    """An administrator with a password, and a key, where there is neither a user nor a key yet; else None."""
    with store.write() as tx:
        if keys.list_keys(tx) or users.list_users(tx):
            return None
        password, role = new_password(), Role.ADMINISTRATOR
        create_user(tx, login=ADMINISTRATOR, name=ADMINISTRATOR, password=password, role=role, hub_id=None)
        key = create_key(tx, name="first start", role=role, hub_id=None, scopes=(), expires_at=None)
    return Credentials(ADMINISTRATOR, password, key.secret)
