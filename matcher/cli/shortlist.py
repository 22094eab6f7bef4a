"""`matcher shortlist`: one explained shortlist."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from matcher.cli.asked import Asked, asks
from matcher.cli.options import AsJson, AsOf, Folder, Language, ModelFile, ProgrammeFile, RiskOption, Split, Top
from matcher.errors import InvalidValueError

if TYPE_CHECKING:
    from matcher.shortlist import Shortlist


@asks
def shortlist(
    folder: Folder,
    model: ModelFile,
    asked: Asked,
    k: Top = 10,
    as_of: AsOf = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="txt, json, csv, xlsx or md (形式). [default: the suffix of --out, else txt]",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write to this file (出力), not to standard output.", show_default=False),
    ] = None,
    json: AsJson = False,
    lang: Language = "ja",
    risk: RiskOption = "neutral",
    programme: ProgrammeFile = None,
    split: Split = None,
) -> None:
    """推薦一覧: one consultation's best experts, explained.

    Each with reasons and one point to consider; then who was left out by which rule. Name the consultation by
    --consultation, by --category and further flags, or by --json-input.
    """
    from matcher.cli.day import day
    from matcher.cli.limits import limits
    from matcher.cli.reading import read, tell_if_stale
    from matcher.rankers.model_file import load_model
    from matcher.rerank import candidates
    from matcher.shortlist import shortlist as make

    on, form = day(as_of), _form(form, json, out)
    asked.refuse_other_than_one_way()
    loaded = load_model(model)
    data = read(folder, on, split)
    made = make(
        loaded.ranker.with_risk(risk),
        data,
        asked.consultation_in(data, on),
        on=on,
        model_card=loaded.card,
        k=k,
        lang=lang,
        programme=limits(programme, data),
        only=candidates(data),
    )
    _deliver(made, form, out)
    if form != "json":
        tell_if_stale(data, on)


def _form(form: str | None, json: bool, out: Path | None) -> str:
    from matcher.atomic_file import refuse_unwritable
    from matcher.errors import UnknownValueError
    from matcher.render import FORMATS

    if json and form not in (None, "json"):
        raise InvalidValueError("--format", form, "json, when --json is given too")
    chosen = "json" if json else form or (out.suffix.lstrip(".").lower() if out else "txt")
    if chosen not in FORMATS:
        raise UnknownValueError("format", chosen, ", ".join(FORMATS))
    if out:
        refuse_unwritable(out)
    elif chosen == "xlsx" and sys.stdout.isatty():
        raise InvalidValueError("--out", "", "a file name ending in .xlsx: a workbook cannot be shown here")
    return chosen


def _deliver(made: "Shortlist", form: str, out: Path | None) -> None:
    from matcher.atomic_file import write_atomically
    from matcher.cli.output import in_colour, note, put, put_text, width
    from matcher.render import render, terminal

    if out:
        write_atomically(out, render(made, form))
        note(f"{out}: {len(made.items):,} 人 (experts)")
    elif form == "txt":
        put_text(terminal.render(made, width=width(), color=in_colour()))
    else:
        put(render(made, form))
