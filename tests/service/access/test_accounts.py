import json

from service.access.accounts import create_key, create_user, disable_user, first_credentials, revoke_key
from service.access.credentials import digest, password_matches, prefix_of
from service.store import audit
from service.store.keys import key_of, list_keys
from service.store.users import user_of


def test_a_first_start_makes_an_administrator_and_a_key_and_a_second_does_not(store):
    made = first_credentials(store)
    with store.read() as tx:
        user = user_of(tx, made.login)
        key = key_of(tx, prefix_of(made.key), digest(made.key))
    assert user.role == key.role == "administrator"
    assert password_matches(user.password_hash, made.password)
    assert first_credentials(store) is None


def test_the_database_holds_no_secret(store):
    made = first_credentials(store)
    with store.read() as tx:
        kept = repr([*list_keys(tx), user_of(tx, made.login), *audit.entries(tx)])
    assert made.password not in kept
    assert made.key not in kept
    assert made.key[12:] not in kept


def test_each_change_is_in_the_audit_trail_without_the_login(store):
    with store.write() as tx:
        key = create_key(tx, name="x", role="batch", hub_id=None, scopes=["read"], expires_at=None)
        create_user(tx, login="tanaka", name="田中", password="a long password", role="auditor", hub_id=None)
    with store.write() as tx:
        disable_user(tx, "tanaka")
        revoke_key(tx, key.prefix)
    with store.read() as tx:
        told = audit.entries(tx)
    assert [entry["action"] for entry in told] == ["key revoked", "user disabled", "user created", "key created"]
    assert json.loads(told[-1]["detail"]) == {"role": "batch", "hub_id": None, "scopes": ["read"]}
    assert "tanaka" not in repr(told)
    assert "田中" not in repr(told)
