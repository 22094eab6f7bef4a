"""`matcher-service audit ...`."""

import typer

from matcher.cli.exits import DONE, OURS, Commands
from service.access.commands import opened
from service.store.audit import verify

audit = typer.Typer(cls=Commands, no_args_is_help=True, help="監査証跡 (the audit trail)")


@audit.callback()
def _audit() -> None:
    """監査証跡 (the audit trail)."""


@audit.command("verify")
def verify_trail() -> None:
    """証跡の鎖を確かめる。壊れていれば終了コード 1 (verifies the chain; exit code 1 where it is broken)."""
    with opened() as store, store.read() as tx:
        verdict = verify(tx)
    typer.echo(f"無傷 (sound): {verdict.sound}\n先頭 (head): {verdict.head}")
    if verdict.broken is not None:
        typer.echo(f"壊れています (broken): entry {verdict.broken}", err=True)
    raise typer.Exit(DONE if verdict.broken is None else OURS)
