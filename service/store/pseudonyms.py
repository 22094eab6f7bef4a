"""Names for persons in the audit trail: the same person has the same one, and nobody finds the person from it."""

import hashlib
import hmac

import sqlalchemy as sa

from service.store.engine import Tx
from service.store.schema import secrets

SECRET = "pseudonyms"  # noqa: S105  # the secret's name


def pseudonym(tx: Tx, kind: str, person_id: str) -> str:
    """A stable name without meaning, of 32 hexadecimal digits behind the kind (expert, client, user)."""
    secret: bytes = tx.execute(sa.select(secrets.c.value).where(secrets.c.name == SECRET)).scalar_one()
    return f"{kind}:{hmac.digest(secret, f'{kind}:{person_id}'.encode(), hashlib.sha256).hex()[:32]}"
