"""Options that several commands share, each declared once."""

from pathlib import Path
from typing import Annotated

import typer

from matcher.errors import InvalidValueError
from matcher.lang import Lang
from matcher.risk import Risk


def _at_least_one(k: int) -> int:
    if k < 1:
        raise InvalidValueError("-k", k, "a whole number of 1 or more")
    return k


Folder = Annotated[
    Path,
    typer.Argument(
        metavar="DIR",
        help="The data (データ): a folder of CSV or .xlsx tables, or one .xlsx workbook.",
        show_default=False,
    ),
]
ModelFile = Annotated[
    Path,
    typer.Option("--model", metavar="PATH", help="Model file (モデル) that `matcher train` wrote.", show_default=False),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help="The day (基準日) that capacity, conflicts and the fiscal year are counted at; nothing in the data "
        "may be later. 2026-03-31, 2026/3/31, 令和8年3月31日 ... [default: today in Japan]",
        show_default=False,
    ),
]
LearnUntil = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help="Learn only what was known on this day (基準日まで). 2026-03-31, 令和8年3月31日 ... "
        "[default: today in Japan]",
        show_default=False,
    ),
]
Language = Annotated[Lang, typer.Option("--lang", help="Language of the result (表示言語).")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON (機械向け) and nothing else on standard output.")]
Split = Annotated[
    str | None,
    typer.Option(
        "--split",
        metavar="NAME",
        help="Which split column of a benchmark's dispatches rules (検証用の分割), e.g. split_0. "
        "[default: the first one, if any]",
        show_default=False,
    ),
]
RiskOption = Annotated[
    Risk,
    typer.Option(
        "--risk",
        help="Order by the expected success (neutral 期待値), or by the lower end of its interval (cautious 慎重).",
    ),
]
ProgrammeFile = Annotated[
    Path | None,
    typer.Option(
        "--programme",
        metavar="FILE",
        help="The programme's limits (制度の決まり) as TOML, over the shipped ones. [default: the shipped ones]",
        show_default=False,
    ),
]
Top = Annotated[
    int,
    typer.Option("-k", metavar="N", callback=_at_least_one, help="How many experts at most (人数), 1 or more."),
]
Seed = Annotated[int, typer.Option("--seed", min=0, metavar="N", help="Seed of every draw (乱数の種).")]
