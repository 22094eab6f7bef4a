"""The commands, as they are typed."""

import io
import os
import sys
from pathlib import Path

import pytest

from service import cli
from service.access.credentials import digest, password_matches
from service.store.engine import Store
from service.store.keys import list_keys
from service.store.users import user_of

PASSWORD = "a long enough password"


@pytest.fixture
def database(tmp_path):
    return f"sqlite:///{tmp_path / 'x.sqlite'}"


@pytest.fixture
def call(monkeypatch, capsys, database):
    """Runs `matcher-service ...` in this process: its exit code, output and errors."""

    def run(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MATCHER_")}
        monkeypatch.setattr(sys, "argv", ["matcher-service", *arguments])
        monkeypatch.setattr(os, "environ", environment | {"MATCHER_DATABASE": database})
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        said = capsys.readouterr()
        return int(stopped.value.code or 0), said.out, said.err

    return run


@pytest.fixture
def kept(database):
    """Reads what the commands wrote."""

    def read(question):
        store = Store.open(database)
        with store.read() as tx:
            found = question(tx)
        store.close()
        return found

    return read


def test_a_key_is_shown_once_and_kept_as_its_digest(call, kept):
    code, shown, _ = call(
        "keys", "create", "--role", "coordinator", "--hub", "H1", "--name", "窓口", "--scopes", "read"
    )
    assert code == 0
    [key] = kept(list_keys)
    assert (key.sha256, key.role, key.hub_id, key.scopes) == (digest(shown.strip()), "coordinator", "H1", ("read",))
    _, listed, _ = call("keys", "list")
    assert key.prefix in listed
    assert "窓口" in listed
    assert shown.strip() not in listed


def test_a_new_database_is_for_its_owners_eyes(call, database):
    call("keys", "list")
    assert Path(database.removeprefix("sqlite:///")).stat().st_mode & 0o077 == 0


def test_a_key_is_revoked_by_its_beginning(call, kept):
    call("keys", "create", "--role", "batch", "--name", "夜間", "--expires", "2999-12-31")
    prefix = kept(list_keys)[0].prefix
    assert "2999-12-31\tvalid" in call("keys", "list")[1]
    assert call("keys", "revoke", prefix)[0] == 0
    assert "revoked" in call("keys", "list")[1]
    assert call("keys", "revoke", prefix)[0] == 2


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--role", "king", "--name", "x"], "king"),
        (["--role", "coordinator", "--name", "x"], "hub"),
        (["--role", "batch", "--hub", "H1", "--name", "x"], "hub"),
        (["--role", "auditor", "--scopes", "read,export", "--name", "x"], "export"),
        (["--role", "batch", "--expires", "2020-01-01", "--name", "x"], "2020-01-01"),
        (["--role", "batch", "--expires", "soon", "--name", "x"], "soon"),
        (["--role", "batch"], "--name"),
    ],
)
def test_a_mistake_is_one_clear_line_and_makes_no_key(call, kept, arguments, named):
    code, shown, errors = call("keys", "create", *arguments)
    assert code == 2
    assert errors.count("\n") == 1
    assert named in errors
    assert shown == ""
    call("keys", "list")
    assert kept(list_keys) == []


def test_a_user_is_added_disabled_and_let_in_again(call, kept):
    added = call(
        "users", "add", "tanaka", "--role", "coordinator", "--hub", "H1", "--password-stdin", typed=PASSWORD + "\n"
    )
    assert added[0] == 0
    user = kept(lambda tx: user_of(tx, "tanaka"))
    assert (user.name, user.role, user.hub_id) == ("tanaka", "coordinator", "H1")
    assert password_matches(user.password_hash, PASSWORD)
    assert call("users", "disable", "tanaka")[0] == 0
    assert kept(lambda tx: user_of(tx, "tanaka")).disabled_at
    assert call("users", "password", "tanaka", "--password-stdin", typed="another long password\n")[0] == 0
    user = kept(lambda tx: user_of(tx, "tanaka"))
    assert user.disabled_at is None
    assert password_matches(user.password_hash, "another long password")


def test_no_user_is_changed_who_is_not_there_nor_added_twice_nor_with_a_short_password(call):
    assert call("users", "disable", "nobody")[0] == 2
    assert call("users", "add", "a", "--role", "batch", "--password-stdin", typed="short\n")[0] == 2
    assert call("users", "add", "a", "--role", "batch", "--password-stdin", typed=PASSWORD)[0] == 0
    code, _, errors = call("users", "add", "a", "--role", "batch", "--password-stdin", typed=PASSWORD)
    assert code == 2
    assert PASSWORD not in errors
