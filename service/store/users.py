"""Users and their sessions. A session is known by the SHA-256 of the token that its cookie holds."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa

from service.store.engine import Tx
from service.store.errors import MissingError, TakenError
from service.store.schema import Change, sessions, users

_USER, _SESSION = users.c, sessions.c


@dataclass(frozen=True)
class User:
    """Somebody who logs in; `disabled_at` None: may."""

    user_id: str
    login: str
    name: str
    password_hash: str
    role: str
    hub_id: str | None
    created_at: datetime
    password_changed_at: datetime | None
    disabled_at: datetime | None


@dataclass(frozen=True)
class Session:
    """A log-in of a user; `expires_at` is its last moment, whether it is used or not."""

    session_id: str
    user: User
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None


def add_user(tx: Tx, *, login: str, name: str, password_hash: str, role: str, hub_id: str | None) -> User:
    """Keeps a new user. Raises `TakenError` where the login is in use, by a disabled user, too."""
    if user_of(tx, login) is not None:
        raise TakenError("user")
    made = User(f"user_{uuid4().hex}", login, name, password_hash, role, hub_id, tx.now, None, None)
    tx.execute(sa.insert(users).values(vars(made)))
    return made


def user_of(tx: Tx, login: str) -> User | None:
    """The user of that login, disabled or not."""
    row = tx.execute(sa.select(users).where(_USER.login == login)).mappings().one_or_none()
    return User(**row) if row else None


def list_users(tx: Tx) -> list[User]:
    """All users by login."""
    return [User(**row) for row in tx.execute(sa.select(users).order_by(_USER.login)).mappings()]


def disable_user(tx: Tx, login: str) -> User:
    """Ends all sessions of the user, and lets no other begin. Raises `MissingError`."""
    return _change(tx, login, disabled_at=tx.now)


def set_password(tx: Tx, login: str, password_hash: str) -> User:
    """Changes the password, ends all sessions, and lets a disabled user in again. Raises `MissingError`."""
    return _change(tx, login, password_hash=password_hash, password_changed_at=tx.now, disabled_at=None)


def rename(tx: Tx, user_id: str, name: str) -> None:
    """Corrects the user's name."""
    tx.execute(sa.update(users).where(_USER.user_id == user_id).values(name=name))


def rehash_password(tx: Tx, user: User, password_hash: str) -> None:
    """Keeps the same password under newer parameters, unless it was changed meanwhile."""
    same = sa.update(users).where(_USER.user_id == user.user_id, _USER.password_hash == user.password_hash)
    tx.execute(same.values(password_hash=password_hash))


def _change(tx: Tx, login: str, **values: object) -> User:
    tx.revise(Change.ACCESS)
    user = user_of(tx, login)
    if user is None:
        raise MissingError("user")
    tx.execute(sa.update(users).where(_USER.user_id == user.user_id).values(**values))
    tx.execute(sa.update(sessions).where(_SESSION.user_id == user.user_id, _RUNNING).values(ended_at=tx.now))
    return user


_RUNNING = _SESSION.ended_at.is_(None)


def open_session(tx: Tx, user: User, sha256: str, expires_at: datetime) -> Session:
    """Keeps a new session."""
    made = Session(f"session_{uuid4().hex}", user, tx.now, tx.now, expires_at, None)
    row = {name: value for name, value in vars(made).items() if name != "user"}
    tx.execute(sa.insert(sessions).values(row | {"user_id": user.user_id, "sha256": sha256}))
    return made


def session_of(tx: Tx, sha256: str) -> Session | None:
    """The session of that digest with its user, running or not."""
    row = tx.execute(sa.select(sessions).where(_SESSION.sha256 == sha256)).mappings().one_or_none()
    if row is None:
        return None
    user = User(**tx.execute(sa.select(users).where(_USER.user_id == row["user_id"])).mappings().one())
    known = {name: row[name] for name in Session.__dataclass_fields__ if name != "user"}
    return Session(**known, user=user)


def see_session(tx: Tx, session_id: str) -> None:
    """Its idle time begins anew."""
    tx.execute(sa.update(sessions).where(_SESSION.session_id == session_id).values(last_seen_at=tx.now))


def end_session(tx: Tx, sha256: str) -> bool:
    """Ends the session; whether one was running."""
    tx.revise(Change.ACCESS)
    ended = sa.update(sessions).where(_SESSION.sha256 == sha256, _RUNNING).values(ended_at=tx.now)
    return bool(tx.execute(ended).rowcount)


def forget_sessions(tx: Tx, before: datetime) -> int:
    """Deletes the sessions that ended or expired before the moment; how many."""
    over = sa.or_(_SESSION.expires_at < before, _SESSION.ended_at < before)
    return tx.execute(sa.delete(sessions).where(over)).rowcount
