"""`matcher-service shortlists reproduce` and `matcher-service rerank`."""

import os
from typing import Annotated

import typer

from matcher.cli.exits import DONE, OURS, Commands
from matcher.cli.progress import progress
from matcher.eligibility import Programme
from service.access.commands import opened
from service.serving.day import today_in_japan
from service.settings import Settings
from service.shortlists import batch
from service.shortlists.reproducing import reproduce

shortlists = typer.Typer(cls=Commands, no_args_is_help=True, help="保存した候補者リスト (stored shortlists)")


@shortlists.callback()
def _shortlists() -> None:
    """保存した候補者リスト (stored shortlists)."""


@shortlists.command("reproduce")
def reproduce_shortlist(
    shortlist_id: Annotated[str, typer.Argument(metavar="ID", help="候補者リストの番号 (its id)")],
) -> None:
    """当時のデータとモデルから作り直して比べる。違えば終了コード 1 (makes it again; exit code 1 where it differs)."""
    with opened() as store:
        made = reproduce(store, Settings.read(os.environ).home, shortlist_id)
    said = "一致 (the same bytes)" if made.is_same else "不一致 (not the same bytes)"
    typer.echo(f"{said}: {made.row['answer_sha256']}", err=not made.is_same)
    raise typer.Exit(DONE if made.is_same else OURS)


def rerank(
    k: Annotated[int, typer.Option("-k", min=1, help="人数 (how many experts)")] = 10,
) -> None:
    """受付中の全相談に候補者リストを作って保存する。途中からも再開できる (ranks and keeps all open ones, resumable)."""
    settings = Settings.read(os.environ)
    programme = Programme.read(settings.programme)
    with opened() as store, progress("推薦 (ranking)") as bar:
        made = batch.rerank(store, settings.home, programme, k=k, lang=settings.lang, on=today_in_japan(), progress=bar)
    typer.echo(f"作成 (made): {made.made}, 既存 (kept already): {made.skipped}")
