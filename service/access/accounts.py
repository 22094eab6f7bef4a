"""Keys and users as an administrator makes them; each change is audited in its own transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from service.access.credentials import NewKey, digest, hash_password, new_key, new_password
from service.access.principal import Role, a_role, checked_hub, checked_scopes
from service.store import audit, keys, users
from service.store.engine import Store, Tx

CONSOLE = "console"  # who acts, where a command does
ADMINISTRATOR = "administrator"


def create_key(
    tx: Tx, *, name: str, role: str, hub_id: str | None, scopes: Iterable[str], expires_at: datetime | None
) -> NewKey:
    """A new key, whose secret is nowhere afterwards. Raises `UnknownValueError`, `InvalidValueError`."""
    known, made = a_role(role), new_key()
    key = keys.add_key(
        tx,
        prefix=made.prefix,
        sha256=digest(made.secret),
        name=name,
        role=known,
        hub_id=checked_hub(known, hub_id),
        scopes=list(checked_scopes(known, scopes)),
        expires_at=expires_at,
        created_by=CONSOLE,
    )
    told = {"role": known, "hub_id": key.hub_id, "scopes": list(key.scopes)}
    audit.append(tx, "key created", principal_id=CONSOLE, subject=f"key:{made.prefix}", detail=told)
    return made


def revoke_key(tx: Tx, prefix: str) -> None:
    """From the next request on. Raises `MissingError` where no such key is in use."""
    keys.revoke_key(tx, prefix)
    audit.append(tx, "key revoked", principal_id=CONSOLE, subject=f"key:{prefix}")


def create_user(tx: Tx, *, login: str, name: str, password: str, role: str, hub_id: str | None) -> users.User:
    """A new user. Raises `TakenError` for a login in use, `UnknownValueError`, `InvalidValueError`."""
    known, hashed = a_role(role), hash_password(password)
    hub_id = checked_hub(known, hub_id)
    user = users.add_user(tx, login=login, name=name, password_hash=hashed, role=known, hub_id=hub_id)
    _tell(tx, "user created", user, {"role": known, "hub_id": hub_id})
    return user


def disable_user(tx: Tx, login: str) -> None:
    """Ends the user's sessions, from the next request on, and lets no other begin. Raises `MissingError`."""
    _tell(tx, "user disabled", users.disable_user(tx, login), {})


def change_password(tx: Tx, login: str, password_hash: str) -> None:
    """Ends the user's sessions; a disabled user may log in again. Raises `MissingError`."""
    _tell(tx, "password changed", users.set_password(tx, login, password_hash), {})


def _tell(tx: Tx, action: str, user: users.User, detail: dict[str, str | None]) -> None:
    audit.append(tx, action, principal_id=CONSOLE, subject=f"user:{user.user_id}", detail=detail)


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
