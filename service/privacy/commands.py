"""`matcher-service privacy ...`: 公表・開示・訂正・利用停止・消去, and retention."""

import json
import os
from typing import Annotated

import typer

from matcher.cli.exits import DONE, OURS, Commands
from matcher.errors import InvalidValueError, UnknownValueError
from service.access.accounts import CONSOLE
from service.access.commands import opened
from service.models.retraining import retrain
from service.privacy import correcting, erasing, stopping
from service.privacy.retention import KEPT, apply_retention
from service.serving.day import today_in_japan
from service.settings import Settings
from service.store import audit, disclosure, erasures, models, persons
from service.store.errors import MissingError

privacy = typer.Typer(cls=Commands, no_args_is_help=True, help="個人データ (personal data)")
_KINDS = " / ".join(persons.KINDS)
KindOption = Annotated[str, typer.Option("--kind", help=f"誰か (who: {_KINDS})")]
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="番号。利用者はログイン名も (the id; a user's login)")]


@privacy.command("notice")
def notice() -> None:
    """公表: 何を何のためにいつまで持つか (what is kept, what for, until when)."""
    settings = Settings.read(os.environ)
    for kept in KEPT:
        typer.echo(f"{kept.what}\t{kept.purpose}\t{kept.until(settings)}")


@privacy.command("disclose")
def disclose(person_id: IdArgument, kind: KindOption) -> None:
    """開示: その人について持つすべてを JSON で (everything kept on the person, as JSON)."""
    with opened() as store, store.write() as tx:
        person = persons.find(tx, _kind(kind), person_id)
        if person is None:
            raise MissingError(kind)
        told = disclosure.disclose(tx, person)
        subject = erasures.name_of(tx, kind, person.person_id)
        audit.append(tx, "person disclosed", principal_id=CONSOLE, subject=subject)
    typer.echo(json.dumps(told, ensure_ascii=False, indent=1))


@privacy.command("correct")
def correct(
    person_id: IdArgument,
    kind: KindOption,
    cells: Annotated[list[str], typer.Option("--set", metavar="COLUMN=VALUE", help="新しい値 (a new value)")],
) -> None:
    """訂正: 項目を正す。値は取り込みと同じ書き方で (sets columns, written as in files)."""
    with opened() as store, store.write() as tx:
        made = correcting.correct(tx, _kind(kind), person_id, dict(map(_cell, cells)), today=today_in_japan().date())
    typer.echo(f"訂正しました (corrected): {', '.join(made)}")


@privacy.command("stop-use")
def stop_use(
    person_id: IdArgument,
    kind: KindOption,
    lift: Annotated[bool, typer.Option("--lift", help="停止を解く (lifts the stop)")] = False,
) -> None:
    """利用停止: 提案・派遣・学習に使わない。学び直す (neither proposed, sent nor learned from; trains anew)."""
    with opened() as store:
        with store.write() as tx:
            (stopping.allow_use if lift else stopping.stop_use)(tx, _kind(kind), person_id)
            has_model = models.active(tx) is not None
        if has_model and not lift:
            retrain(store, Settings.read(os.environ).home, on=today_in_japan(), by=CONSOLE, always=True)
    typer.echo("停止を解きました (use allowed)" if lift else "利用を停止しました (use stopped)")


@privacy.command("erase")
def erase(person_id: IdArgument, kind: KindOption) -> None:
    """消去: データベース、履歴、モデル、ファイルから。残りがあれば終了コード 1 (exit code 1 where anything is left)."""
    with opened() as store:
        home = Settings.read(os.environ).home
        done = erasing.erase(store, home, _kind(kind), person_id, on=today_in_japan())
    typer.echo(f"消去しました (erased): {done.pseudonym}")
    for name, count in done.counts.items():
        typer.echo(f"  {name}\t{count}")
    if done.model_id is not None:
        typer.echo(f"新しいモデル (the new model): {done.model_id}")
    for path in done.found_in:
        typer.echo(f"まだ残っています (still found in): {path}", err=True)
    raise typer.Exit(OURS if done.found_in else DONE)


@privacy.command("retention")
def retention() -> None:
    """保存期間を過ぎたものを消す、cron 用 (deletes what is older than the settings say; for cron)."""
    with opened() as store:
        counts = apply_retention(store, Settings.read(os.environ))
    for name, count in counts.items():
        typer.echo(f"{name}\t{count}")


def _kind(text: str) -> str:
    if text not in persons.KINDS:
        raise UnknownValueError("kind", text, _KINDS)
    return text


def _cell(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise InvalidValueError("--set", "", "COLUMN=VALUE")
    return name.strip(), value
