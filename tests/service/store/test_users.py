from datetime import timedelta

import pytest

from service.store import users
from service.store.errors import MissingError, TakenError


def a_user(tx, login="tanaka", **more):
    given = {"name": "田中", "password_hash": "x", "role": "coordinator", "hub_id": "H1"} | more
    return users.add_user(tx, login=login, **given)


def a_session(tx, user, sha256="a" * 64):
    return users.open_session(tx, user, sha256, tx.now + timedelta(hours=12))


def test_a_user_is_found_by_the_login_alone(store):
    with store.write() as tx:
        made = a_user(tx)
    with store.read() as tx:
        assert users.user_of(tx, "tanaka") == made
        assert users.user_of(tx, "TANAKA") is None
        assert users.list_users(tx) == [made]


def test_a_login_is_given_once(store):
    with store.write() as tx:
        a_user(tx)
        users.disable_user(tx, "tanaka")
    with pytest.raises(TakenError), store.write() as tx:
        a_user(tx)


def test_a_session_is_found_with_its_user_and_can_be_ended_once(store):
    with store.write() as tx:
        made = a_session(tx, a_user(tx))
    with store.write() as tx:
        assert users.session_of(tx, "a" * 64) == made
        assert users.session_of(tx, "b" * 64) is None
        assert users.end_session(tx, "a" * 64)
        assert not users.end_session(tx, "a" * 64)
        assert users.session_of(tx, "a" * 64).ended_at == tx.now


def test_seeing_a_session_moves_its_idle_time(store):
    with store.write() as tx:
        made = a_session(tx, a_user(tx))
    with store.write() as tx:
        users.see_session(tx, made.session_id)
        assert users.session_of(tx, "a" * 64).last_seen_at == tx.now > made.last_seen_at


@pytest.mark.parametrize(
    "change", [lambda tx: users.disable_user(tx, "tanaka"), lambda tx: users.set_password(tx, "tanaka", "y")]
)
def test_a_disabled_user_and_a_new_password_end_all_sessions_of_that_user(store, change):
    with store.write() as tx:
        user, other = a_user(tx), a_user(tx, "suzuki")
        a_session(tx, user)
        a_session(tx, other, "b" * 64)
    with store.write() as tx:
        change(tx)
        assert users.session_of(tx, "a" * 64).ended_at == tx.now
        assert users.session_of(tx, "b" * 64).ended_at is None


def test_a_new_password_lets_a_disabled_user_in_again(store):
    with store.write() as tx:
        a_user(tx)
        users.disable_user(tx, "tanaka")
        assert users.user_of(tx, "tanaka").disabled_at == tx.now
        users.set_password(tx, "tanaka", "y")
        user = users.user_of(tx, "tanaka")
        assert (user.disabled_at, user.password_hash, user.password_changed_at) == (None, "y", tx.now)


def test_an_unknown_user_cannot_be_changed(store):
    with pytest.raises(MissingError), store.write() as tx:
        users.disable_user(tx, "nobody")


def test_a_rehash_does_not_undo_a_change_of_password(store):
    with store.write() as tx:
        before = a_user(tx)
        users.set_password(tx, "tanaka", "new")
        users.rehash_password(tx, before, "old in a newer form")
        assert users.user_of(tx, "tanaka").password_hash == "new"


def test_old_sessions_are_forgotten_and_running_ones_kept(store):
    with store.write() as tx:
        user = a_user(tx)
        a_session(tx, user)
        a_session(tx, user, "b" * 64)
        users.end_session(tx, "b" * 64)
        assert users.forget_sessions(tx, tx.now) == 0
        assert users.forget_sessions(tx, tx.now + timedelta(seconds=1)) == 1
        assert users.session_of(tx, "a" * 64)
        assert users.forget_sessions(tx, tx.now + timedelta(hours=13)) == 1
