"""`matcher-service keys ...` and `matcher-service users ...`."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated

import typer

from matcher.cli.exits import Commands
from matcher.errors import InvalidValueError
from service.access import accounts
from service.access.credentials import hash_password
from service.access.principal import Role, Scope
from service.settings import Settings
from service.store.engine import Store
from service.store.keys import list_keys as kept_keys

_ROLES, _SCOPES = ", ".join(Role), ", ".join(Scope)
keys = typer.Typer(cls=Commands, no_args_is_help=True, help="API キー (API keys)")
users = typer.Typer(cls=Commands, no_args_is_help=True, help="利用者 (users)")

RoleOption = Annotated[str, typer.Option(help=f"役割 (a role: {_ROLES})")]
HubOption = Annotated[str, typer.Option(help="支援拠点。coordinator に必要 (the hub; coordinators need one)")]
LoginArgument = Annotated[str, typer.Argument(metavar="LOGIN", help="ログイン名 (the login)")]
_PASSWORD = "標準入力の一行目を使う。無ければ尋ねる (taken from the first line of standard input, else asked)"  # noqa: S105
StdinOption = Annotated[bool, typer.Option("--password-stdin", help=_PASSWORD)]


@contextmanager
def opened() -> Iterator[Store]:
    """The store that the environment names, with its tables."""
    store = Store.open(Settings.read(os.environ).database_url)
    try:
        store.migrate()
        yield store
    finally:
        store.close()


@keys.command("create")
def create_key(
    role: RoleOption,
    name: Annotated[str, typer.Option(help="何のためか (what it is for)")],
    hub: HubOption = "",
    scopes: Annotated[str, typer.Option(help=f"範囲、コンマ区切り ({_SCOPES}; all of the role)")] = "",
    expires: Annotated[str, typer.Option(help="失効 YYYY-MM-DD、UTC (expires; else never)")] = "",
) -> None:
    """API キーを作り、一度だけ表示する (makes a key and shows it, once)."""
    asked = [scope.strip() for scope in scopes.split(",") if scope.strip()]
    with opened() as store, store.write() as tx:
        made = accounts.create_key(
            tx, name=name, role=role, hub_id=hub or None, scopes=asked, expires_at=_day(expires, tx.now)
        )
    typer.echo(made.secret)


@keys.command("list")
def list_keys() -> None:
    """API キーの一覧 (all keys: beginning, role, hub, scopes, expiry, state, name)."""
    with opened() as store, store.read() as tx:
        found = kept_keys(tx)
        now = tx.now
    for key in found:
        state = "valid" if key.is_valid(now) else "revoked" if key.revoked_at else "expired"
        expires = f"{key.expires_at:%Y-%m-%d}" if key.expires_at else "-"
        typer.echo("\t".join((key.prefix, key.role, key.hub_id or "-", ",".join(key.scopes), expires, state, key.name)))


@keys.command("revoke")
def revoke_key(
    prefix: Annotated[str, typer.Argument(metavar="PREFIX", help="mk_ と 8 文字 (mk_ and 8 letters)")],
) -> None:
    """API キーを直ちに無効にする (revokes a key, from the next request on)."""
    with opened() as store, store.write() as tx:
        accounts.revoke_key(tx, prefix)
    typer.echo(f"無効にしました (revoked): {prefix}")


@users.command("add")
def add_user(
    login: LoginArgument,
    role: RoleOption,
    name: Annotated[str, typer.Option(help="氏名。既定はログイン名 (the name, else the login)")] = "",
    hub: HubOption = "",
    password_stdin: StdinOption = False,
) -> None:
    """利用者を加える (adds a user)."""
    password = _password(from_stdin=password_stdin)
    with opened() as store, store.write() as tx:
        accounts.create_user(tx, login=login, name=name or login, password=password, role=role, hub_id=hub or None)
    typer.echo(f"加えました (added): {login}")


@users.command("disable")
def disable_user(login: LoginArgument) -> None:
    """利用者を直ちに締め出す (locks a user out, from the next request on)."""
    with opened() as store, store.write() as tx:
        accounts.disable_user(tx, login)
    typer.echo(f"無効にしました (disabled): {login}")


@users.command("password")
def set_password(login: LoginArgument, password_stdin: StdinOption = False) -> None:
    """パスワードを変える。セッションは終わり、無効な利用者は戻る (sets a password; ends sessions, lets in again)."""
    hashed = hash_password(_password(from_stdin=password_stdin))
    with opened() as store, store.write() as tx:
        accounts.change_password(tx, login, hashed)
    typer.echo(f"変えました (changed): {login}")


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    return str(typer.prompt("パスワード (password)", hide_input=True, confirmation_prompt=True))


def _day(text: str, now: datetime) -> datetime | None:
    """The beginning of the day. Raises `InvalidValueError` for no date, or one that has begun."""
    if not text:
        return None
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        day = now
    if day <= now:
        raise InvalidValueError("expires", text, "a day to come, as in 2027-03-31")
    return day
