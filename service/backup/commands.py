"""`matcher-service backup` and `matcher-service restore`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from service.access.commands import opened
from service.backup import archive
from service.settings import Settings


def backup(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="書き出す .zip (the archive to write)")],
) -> None:
    """データベースとモデルを一つのファイルに。稼働中でもよい (all data and models in one file, while it serves)."""
    with opened() as store:
        made = archive.back_up(store, Settings.read(os.environ).home, path)
    typer.echo(f"{path}: {len(made.members)} members, 監査の先頭 (audit head) {made.audit_head}")


def restore(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="`backup` が書いた .zip (an archive of `backup`)")],
) -> None:
    """空のデータベースに戻し、ハッシュと監査の鎖を確かめる (into an empty database, all checked)."""
    with opened() as store:
        made = archive.restore(store, Settings.read(os.environ).home, path)
    typer.echo(f"復元しました (restored): {made.made_at}, 監査の先頭 (audit head) {made.audit_head}")
