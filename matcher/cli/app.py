"""The commands under one name."""

from importlib import metadata
from typing import Annotated

import typer

from matcher.cli.check import check
from matcher.cli.demo import demo
from matcher.cli.evaluate import evaluate
from matcher.cli.exits import Commands
from matcher.cli.explain import explain
from matcher.cli.models import models
from matcher.cli.propose import propose
from matcher.cli.rerank import rerank
from matcher.cli.sample import sample
from matcher.cli.shortlist import shortlist
from matcher.cli.train import train

_HELP = """登録専門家の推薦: ranks registered experts for a client's consultation, with the evidence for each.

\b
A first run      matcher demo
Your own data    matcher check DIR
                 matcher train DIR --model MODEL
                 matcher propose TEXT --model MODEL
                 matcher shortlist DIR --model MODEL --category CODE --prefecture NAME --text TEXT

DIR is a folder of CSV or .xlsx tables, or one .xlsx workbook. Results go to standard output, all else to
standard error. Exit code 0: done; 2: something that you can mend, said in one line; 1: our fault.
"""

app = typer.Typer(
    name="matcher",
    cls=Commands,
    help=_HELP,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
for command in (demo, check, sample, train, propose, shortlist, explain, rerank, models, evaluate):
    app.command()(command)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"matcher {metadata.version('expert-matcher')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _begin(
    context: typer.Context,
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version (版) and exit.")
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main() -> None:
    """The entry point `matcher`."""
    app(prog_name="matcher")
