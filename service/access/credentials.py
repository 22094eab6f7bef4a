"""Secrets: how they are made, and what of them is kept. Nothing here knows a database."""

import hashlib
import secrets
from dataclasses import dataclass
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from matcher.errors import InvalidValueError

KEY_MARK = "mk_"
_PREFIX = len(KEY_MARK) + 8
SHORTEST, LONGEST = 12, 200
_HASHER = PasswordHasher()
# Each hash takes 64 MiB for a moment: a flood of log-ins waits instead of filling the memory.
_AT_ONCE = BoundedSemaphore(2)


@dataclass(frozen=True)
class NewKey:
    """A key as it is shown once, and the beginning that stays visible."""

    secret: str
    prefix: str


def new_key() -> NewKey:
    """`mk_`, 8 random letters that are shown in lists, `_`, 43 random ones (256 bits)."""
    prefix = KEY_MARK + secrets.token_hex(4)
    return NewKey(f"{prefix}_{secrets.token_urlsafe(32)}", prefix)


def prefix_of(secret: str) -> str:
    """The beginning of a key that stays visible."""
    return secret[:_PREFIX]


def new_token() -> str:
    """A session's token."""
    return secrets.token_urlsafe(32)


def new_password() -> str:
    """A password of 128 random bits, for a first start or a user who is to change it."""
    return secrets.token_urlsafe(16)


def digest(secret: str) -> str:
    """What is kept of a secret, and looked up by: its SHA-256, of which no comparison's time tells anything."""
    return hashlib.sha256(secret.encode(errors="surrogateescape")).hexdigest()


def hash_password(password: str) -> str:
    """Argon2id with the library's parameters. Raises `InvalidValueError` for too short or too long a password."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidValueError("password", "", f"{SHORTEST} to {LONGEST} letters")
    with _AT_ONCE:
        return _HASHER.hash(password)


def password_matches(password_hash: str | None, password: str) -> bool:
    """Whether it is the password; without a hash (no such user) it takes as long and is never."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(password_hash or _nobodys_hash(), password) and password_hash is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(password_hash: str) -> bool:
    """Whether the library has stronger parameters by now."""
    return _HASHER.check_needs_rehash(password_hash)


def _nobodys_hash() -> str:
    """A hash of the present parameters that no password has."""
    return "$argon2id$v=19$m=65536,t=3,p=4$" + "A" * 22 + "$" + "A" * 43
