"""`matcher evaluate`: our rankers, the baselines and the peers, measured on the dataset's own split or by date."""

from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.options import AsJson, Folder, Language, LearnUntil, Seed


def evaluate(
    folder: Folder,
    ranker: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this ranker or peer (推薦方法), or several. [default: ours]"),
    ] = None,
    peers: Annotated[
        bool, typer.Option("--peers", help="The installed peers, too (他の学習手法); they take minutes.")
    ] = False,
    baseline: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Whom the others are set against (比較の基準). [default: nearest, or the first one measured]",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Also write evaluation.json, evaluation.md and plots to this folder (保存先).",
            show_default=False,
        ),
    ] = None,
    plots: Annotated[
        bool, typer.Option("--plots/--no-plots", help="Plots in --out (図), for which the extra `plots` is needed.")
    ] = True,
    as_of: LearnUntil = None,
    seed: Seed = 0,
    json: AsJson = False,
    lang: Language = "ja",
) -> None:
    """評価: measures our rankers and the baselines, and peers.

    With paired intervals, by segment, with calibration, on the dataset's own split and judgements where it has them,
    else on the latest dispatches by date; in a sample also against the known truth beside it.
    """
    from matcher import evaluation
    from matcher.cli.day import day, today
    from matcher.cli.output import put_json, put_text
    from matcher.cli.progress import progress
    from matcher.cli.reading import read
    from matcher.evaluation.folder import prepare_folder, write_folder
    from matcher.sample import read_choices, read_truth

    on = day(as_of)
    if out is not None:
        prepare_folder(out, plots=plots)
    data = read(folder, max(on, today()))
    known = (folder / "truth.csv").is_file()
    with progress("評価 (evaluating)") as bar:
        found = evaluation.evaluate(
            data,
            as_of=on,
            seed=seed,
            rankers=tuple(ranker) if ranker else None,
            peers=peers,
            baseline=baseline,
            truth=read_truth(folder) if known else None,
            choices=read_choices(folder) if known and (folder / "truth_choices.json").is_file() else None,
            progress=bar,
        )
    if out is not None:
        write_folder(found, out, lang, plots=plots)
    if json:
        put_json(found.to_json())
    else:
        put_text(evaluation.to_markdown(found, lang))
