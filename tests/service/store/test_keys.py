from datetime import timedelta

import pytest

from service.store.errors import MissingError
from service.store.keys import add_key, key_of, list_keys, revoke_key
from service.store.schema import Change, revisions
from service.store.watch import watch


def a_key(tx, prefix="mk_00000001", sha256="a" * 64, **more):
    given = {"name": "夜間処理", "role": "batch", "hub_id": None, "scopes": ["write", "read"]} | more
    return add_key(tx, prefix=prefix, sha256=sha256, **given)


def test_a_key_is_found_by_its_beginning_and_its_digest(store):
    with store.write() as tx:
        made = a_key(tx, hub_id="H1", role="coordinator", expires_at=tx.now + timedelta(days=1))
        a_key(tx, sha256="b" * 64)
    with store.read() as tx:
        assert key_of(tx, "mk_00000001", "a" * 64) == made
        assert made.scopes == ("read", "write")
        assert key_of(tx, "mk_00000001", "c" * 64) is None
        assert key_of(tx, "mk_00000002", "a" * 64) is None


def test_a_key_is_valid_until_it_expires(store):
    with store.write() as tx:
        never, soon = a_key(tx), a_key(tx, sha256="b" * 64, expires_at=tx.now + timedelta(hours=1))
        assert never.is_valid(tx.now + timedelta(days=9999))
        assert soon.is_valid(tx.now + timedelta(minutes=59))
        assert not soon.is_valid(tx.now + timedelta(hours=1))


def test_a_revoked_key_stays_listed_and_is_valid_no_more(store):
    with store.write() as tx:
        a_key(tx)
    with store.write() as tx:
        assert revoke_key(tx, "mk_00000001") == 1
        [key] = list_keys(tx)
        assert key.revoked_at == tx.now
        assert not key.is_valid(tx.now)
        assert tx.execute(revisions.select()).one().kind == Change.ACCESS


def test_revoking_again_or_another_is_an_error(store):
    with store.write() as tx:
        a_key(tx)
        revoke_key(tx, "mk_00000001")
    for prefix in ("mk_00000001", "mk_00000009"):
        with pytest.raises(MissingError), store.write() as tx:
            revoke_key(tx, prefix)
    seen = watch(store)
    assert seen.newest(Change.ACCESS) == 1  # what failed was undone
    seen.close()
