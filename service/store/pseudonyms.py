"""Names for persons in the audit trail: the same person has the same one, and nobody finds the person from it."""

import hashlib
import hmac

import sqlalchemy as sa

from service.store.engine import Tx
from service.store.schema import secrets

SECRET = "pseudonyms"  # noqa: S105  # the secret's name


def store_id(tx: Tx) -> str:
    """A stable name of this database, which its copies share."""
    return hmac.digest(_secret(tx), b"store", hashlib.sha256).hex()


def pseudonym(tx: Tx, kind: str, person_id: str) -> str:
    """A stable name without meaning, of 32 hexadecimal digits behind the kind (expert, client, user)."""
    return f"{kind}:{hmac.digest(_secret(tx), f'{kind}:{person_id}'.encode(), hashlib.sha256).hex()[:32]}"


def _secret(tx: Tx) -> bytes:
    secret: bytes = tx.execute(sa.select(secrets.c.value).where(secrets.c.name == SECRET)).scalar_one()
    return secret
