"""`matcher-service retrain` and `matcher-service models ...`."""

import os
from typing import Annotated, Any

import typer

from matcher.cli.exits import Commands
from matcher.cli.progress import progress
from matcher.errors import ModelFileError
from service.access.accounts import CONSOLE
from service.access.commands import opened
from service.models import retraining
from service.serving import model_files
from service.serving.day import today_in_japan
from service.settings import Settings
from service.store import models as registry

models = typer.Typer(cls=Commands, no_args_is_help=True, help="モデルの台帳 (the registry of models)")
_MOST = 1000


def retrain(
    always: Annotated[
        bool, typer.Option("--always", help="比較せずに使い始める (activated without a comparison)")
    ] = False,
) -> None:
    """データベースから学び直し、いまのモデルに劣らなければ使い始める (trains; activates what is not worse)."""
    home = Settings.read(os.environ).home
    with opened() as store, progress("学習 (training)") as bar:
        made = retraining.retrain(store, home, on=today_in_japan(), by=CONSOLE, always=always, progress=bar)
    state = "使用中 (activated)" if made.activated else "保存のみ (kept, not activated)"
    typer.echo(f"{made.row['model_id']}\t{state}\t{made.because}")
    for figure in (made.row["figures"] or {}).get("figures", []):
        typer.echo("\t".join(_shown(figure)))


def _shown(figure: dict[str, Any]) -> list[str]:
    numbers = [figure[name] for name in ("value", "difference", "difference_low", "difference_high")]
    return [figure["measure"], figure["ranker"], *("-" if number is None else f"{number:.4f}" for number in numbers)]


@models.command("list")
def list_models() -> None:
    """モデルの一覧、新しい順 (all models: id, state, made at, data revision, trained until)."""
    with opened() as store, store.read() as tx:
        rows, active = registry.page(tx, limit=_MOST), registry.active(tx)
    for row in rows:
        state = (
            "refused" if row["refused_at"] else "active" if active and row["model_id"] == active["model_id"] else "-"
        )
        shown = (row["model_id"], state, f"{row['created_at']:%Y-%m-%dT%H:%M:%SZ}", row["data_revision"])
        typer.echo("\t".join(map(str, (*shown, row["card"].get("trained_until", "-")))))


@models.command("activate")
def activate_model(
    model_id: Annotated[str, typer.Argument(metavar="ID", help="`models list` の番号 (its id)")],
) -> None:
    """このモデルを使う (lets this model serve; workers change over without a failed request)."""
    with opened() as store, store.write() as tx:
        row = registry.read(tx, model_id)
        if not model_files.is_sound(Settings.read(os.environ).home, row):
            raise ModelFileError(f"{row['file']}: missing or not as it was registered; accepted: another model")
        retraining.activate(tx, model_id, by=CONSOLE)
    typer.echo(f"使用中 (activated): {model_id}")


@models.command("rollback")
def roll_back() -> None:
    """一つ前のモデルに戻す (lets the model before serve again)."""
    with opened() as store, store.write() as tx:
        row = retraining.roll_back(tx, by=CONSOLE)
    typer.echo(f"使用中 (activated): {row['model_id']}")
