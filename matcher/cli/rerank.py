"""`matcher rerank`: all waiting consultations into one table."""

from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.options import AsJson, AsOf, Folder, ModelFile, ProgrammeFile, RiskOption, Split, Top


def rerank(
    folder: Folder,
    model: ModelFile,
    out: Annotated[
        Path,
        typer.Option(metavar="FILE", help="Result file (出力): .parquet or .csv, replaced whole.", show_default=False),
    ],
    k: Top = 10,
    as_of: AsOf = None,
    risk: RiskOption = "neutral",
    programme: ProgrammeFile = None,
    engine: Annotated[
        str, typer.Option(metavar="NAME", help="Where the work is done: local (dask is not available yet).")
    ] = "local",
    split: Split = None,
    json: AsJson = False,
) -> None:
    """一括の推薦: ranks all open consultations into one file.

    Those of judgements.csv where it exists; against all eligible experts, or those of candidates.csv where it
    exists. Columns: consultation_id, expert_id, rank (1 = best), score, probability, lower, upper. Each result is
    the one that `matcher shortlist` gives.
    """
    from matcher.cli.day import day
    from matcher.cli.limits import limits
    from matcher.cli.output import note, put_json, put_text
    from matcher.cli.progress import progress
    from matcher.cli.reading import read, tell_if_stale
    from matcher.errors import UnknownValueError
    from matcher.rankers.model_file import load_model
    from matcher.rerank import ENGINES, rank_all, refuse_output, write_ranking

    on = day(as_of)
    if engine not in ENGINES:
        kind = "engine (dask is not available yet)" if engine == "dask" else "engine"
        raise UnknownValueError(kind, engine, ", ".join(ENGINES))
    refuse_output(out)
    loaded = load_model(model)
    data = read(folder, on, split)
    with progress("推薦 (ranking)") as bar:
        found = rank_all(
            loaded.ranker.with_risk(risk), data, on=on, k=k, programme=limits(programme, data), progress=bar
        )
    write_ranking(found, out)
    consultations = int(found["consultation_id"].nunique())
    if json:
        put_json({"path": str(out), "consultations": consultations, "rows": len(found), "model": loaded.identity})
        return
    tell_if_stale(data, on)
    if found.empty:
        note("受付中の相談か、対象になる専門家がありません (no open consultation, or nobody eligible)")
    put_text(f"{out}: 相談 (consultations) {consultations:,}, 行 (rows) {len(found):,}\n")
