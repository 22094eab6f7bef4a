"""`matcher demo`: the whole way from nothing to one explained shortlist."""

import time
from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.options import Language


def demo(
    lang: Language = "ja",
    experts: Annotated[int, typer.Option(min=1, metavar="N", help="How many registered experts (専門家).")] = 4000,
    keep: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Folder for the sample (見本の置き場所): new, empty or an earlier sample. "
            "[default: data/sample in a checkout, else matcher-demo]",
            show_default=False,
        ),
    ] = None,
) -> None:
    """お試し: a sample register, a trained model, one shortlist.

    All in one command, under half a minute; it ends with two things to try next.
    """
    from matcher.cli import trial
    from matcher.cli.output import in_colour, put_rich, put_text, width
    from matcher.cli.progress import progress
    from matcher.render import terminal

    folder = keep or trial.default_folder(Path.cwd())
    begun = time.perf_counter()
    with progress("見本の作成 (sample)") as bar:
        counts = trial.make_sample(folder, experts=experts, progress=bar)
    put_text(trial.told("made", lang, time.perf_counter() - begun, folder=folder, **counts))
    begun = time.perf_counter()
    with progress("学習 (training)"):
        card = trial.train_on(folder)
    put_text(trial.told("learned", lang, time.perf_counter() - begun, outcomes=card["outcomes_known"]))
    begun = time.perf_counter()
    made = trial.ask(folder, lang)
    put_text(trial.told("ranked", lang, time.perf_counter() - begun, experts=made.registered))
    put_rich("", trial.quoted(made), "")
    put_text(terminal.render(made, width=width(), color=in_colour()) + "\n")
    put_text("".join(f"{line}\n" for line in trial.next_steps(folder, made, lang)))
