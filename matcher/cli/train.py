"""`matcher train`: one model file from the dispatches of a dataset."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from matcher.cli.options import AsJson, Folder, Language, LearnUntil, Seed, Split

if TYPE_CHECKING:
    from matcher.rankers import Ranker


def train(
    folder: Folder,
    model: Annotated[
        Path,
        typer.Option(
            metavar="PATH", help="Where to write the model file (モデル); replaced whole.", show_default=False
        ),
    ],
    objective: Annotated[
        Literal["merit", "choice"] | None,
        typer.Option(
            help="What the additive ranker orders by: merit (解決の見込み), or choice: whom coordinators "
            "would choose (選ばれやすさ). [default: merit]",
            show_default=False,
        ),
    ] = None,
    as_of: LearnUntil = None,
    ranker: Annotated[
        str, typer.Option(metavar="NAME", help="additive, nearest, popularity, search or random (推薦方法).")
    ] = "additive",
    split: Split = None,
    seed: Seed = 0,
    json: AsJson = False,
    lang: Language = "ja",
) -> None:
    """学習: learns from past dispatches, writes one model file.

    Of a benchmark only the training part is read. No dispatch at all is no error.
    """
    from matcher import training
    from matcher.atomic_file import refuse_unwritable
    from matcher.cli.card import card_lines, cold_start
    from matcher.cli.day import day, today
    from matcher.cli.output import put_json, put_text
    from matcher.cli.progress import progress
    from matcher.cli.reading import read

    on = day(as_of)
    refuse_unwritable(model)
    chosen = _ranker(ranker, objective)
    data = read(folder, max(on, today()), split)
    with progress("学習 (training)"):
        card = training.train(data, chosen, path=model, as_of=on, seed=seed).card
    if json:
        put_json(
            {"path": str(model), "cold_start": cold_start(card)} | {k: v for k, v in card.items() if k != "fitted"}
        )
    else:
        put_text(f"{model}\n" + "".join(f"{line}\n" for line in card_lines(card, lang)))


def _ranker(name: str, objective: str | None) -> "Ranker":
    from matcher.errors import InvalidValueError
    from matcher.rankers import AdditiveRanker, make_ranker

    if objective is None:
        return make_ranker(name)
    if name != AdditiveRanker.name:
        raise InvalidValueError("--objective", objective, "an objective only with --ranker additive")
    return AdditiveRanker(objective)
