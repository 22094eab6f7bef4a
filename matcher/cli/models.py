"""`matcher models`: what a model file says of itself."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from matcher.cli.options import AsJson, Language

if TYPE_CHECKING:
    from rich.table import Table

    from matcher.lang import Lang

_HEADS: "dict[Lang, tuple[str, ...]]" = {
    "ja": ("特徴", "名前", "種類", "単位", "意味"),
    "en": ("feature", "name", "group", "unit", "meaning"),
}


def models(
    path: Annotated[
        Path,
        typer.Argument(metavar="PATH", help="A model file (モデル) that `matcher train` wrote.", show_default=False),
    ],
    json: AsJson = False,
    lang: Language = "ja",
) -> None:
    """モデルの説明: prints a model file's card.

    What it was trained on, figures, every feature with its unit and meaning, fingerprint.
    """
    from matcher.cli.card import card_lines
    from matcher.cli.output import put_json, put_rich
    from matcher.rankers.model_file import read_card

    card = read_card(path)
    if json:
        put_json(card)
    else:
        put_rich(*card_lines(card, lang), "", _features(card["features"], lang))


def _features(names: Sequence[str], lang: "Lang") -> "Table":
    from rich.table import Table

    from matcher.features.declared import FEATURES
    from matcher.features.feature import GROUP_LABELS

    table = Table(box=None, pad_edge=False)
    for place, head in enumerate(_HEADS[lang]):
        table.add_column(head, overflow="fold", no_wrap=place == 1)  # a name in two lines could not be copied
    for name in names:
        found = FEATURES.get(name)
        if found:
            table.add_row(found.label[lang], name, GROUP_LABELS[found.group][lang], found.unit, found.meaning)
        else:
            table.add_row("?", name)
    return table
