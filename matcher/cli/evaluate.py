"""`matcher evaluate`: our rankers and the baselines, measured on the dataset's own split or by date."""

from typing import Annotated

import typer

from matcher.cli.options import AsJson, Folder, Language, LearnUntil, Seed


def evaluate(
    folder: Folder,
    ranker: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this ranker (推薦方法); may be repeated. [default: all]"),
    ] = None,
    as_of: LearnUntil = None,
    seed: Seed = 0,
    json: AsJson = False,
    lang: Language = "ja",
) -> None:
    """評価: measures our rankers and the baselines.

    With paired intervals, on the dataset's own split and judgements where it has them, else on the latest
    dispatches by date; in a sample also against the known truth beside it.
    """
    from matcher import evaluation
    from matcher.cli.day import day, today
    from matcher.cli.output import put_json, put_text
    from matcher.cli.progress import progress
    from matcher.cli.reading import read
    from matcher.sample import read_choices, read_truth

    on = day(as_of)
    data = read(folder, max(on, today()))
    known = (folder / "truth.csv").is_file()
    with progress("評価 (evaluating)") as bar:
        found = evaluation.evaluate(
            data,
            as_of=on,
            seed=seed,
            rankers=tuple(ranker) if ranker else None,
            truth=read_truth(folder) if known else None,
            choices=read_choices(folder) if known and (folder / "truth_choices.json").is_file() else None,
            progress=bar,
        )
    if json:
        put_json(found.to_json())
    else:
        put_text(found.to_markdown(lang))
