"""`matcher sample`: a synthetic dataset to try things on."""

from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.options import AsJson, Seed


def sample(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="A new or empty folder, or an earlier sample.", show_default=False),
    ],
    experts: Annotated[int, typer.Option(min=1, metavar="N", help="How many registered experts (専門家).")] = 4000,
    consultations: Annotated[int, typer.Option(min=0, metavar="M", help="How many consultations (相談).")] = 40_000,
    seed: Seed = 7,
    missing: Annotated[
        float, typer.Option(metavar="SHARE", help="Share of outcomes unknown (結果の欠測), 0 or more, under 1.")
    ] = 0.4,
    success: Annotated[
        float, typer.Option(metavar="SHARE", help="Mean P(resolved) (解決の割合), over 0 and under 1.")
    ] = 0.5,
    json: AsJson = False,
) -> None:
    """見本データ: writes a synthetic dataset.

    All persons are invented; the truth lies beside it, for evaluation alone. Dates end on 2026-03-31; the latest
    consultations are still open. The same seed gives the same files.
    """
    from matcher.cli.output import put_json, put_text
    from matcher.cli.progress import progress
    from matcher.sample import generate, write

    with progress("見本の作成 (sample)") as bar:
        world = generate(
            experts=experts,
            consultations=consultations,
            seed=seed,
            missing=missing,
            success=success,
            progress=bar,
        )
        write(world, folder)
    counts = {name: count for name, count in world.data.counts().items() if count and name != "categories"}
    if json:
        put_json({"path": str(folder), "seed": seed, "counts": counts})
    else:
        put_text(f"{folder}: " + ", ".join(f"{name} {count:,}" for name, count in counts.items()) + "\n")
