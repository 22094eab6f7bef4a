"""`matcher propose`: categories, place and industry for a pasted text."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from matcher.cli.options import AsJson, Language, LearnUntil
from matcher.errors import InvalidValueError, MatcherError

if TYPE_CHECKING:
    from matcher.lang import Lang
    from matcher.proposal import Named, Proposal, Proposer
    from matcher.reference.taxonomy import Taxonomy

_HEADS: "dict[Lang, tuple[str, ...]]" = {
    "ja": ("", "提案", "コード", "確からしさ", "文中の語"),
    "en": ("", "proposal", "code", "probability", "words found"),
}
_KINDS: "dict[str, dict[Lang, str]]" = {
    "category": {"ja": "相談分野", "en": "category"},
    "industry": {"ja": "業種", "en": "industry"},
    "prefecture": {"ja": "都道府県", "en": "prefecture"},
    "municipality": {"ja": "市区町村", "en": "municipality"},
}
_UNKNOWN: "dict[Lang, str]" = {"ja": "不明（文中に記載なし）", "en": "unknown (the text names none)"}
_UNDECIDED: "dict[Lang, str]" = {"ja": "どれか決まらない", "en": "which one is open"}
_MOST_NAMED = 5


def propose(
    text: Annotated[
        str,
        typer.Argument(metavar="TEXT", help="What the client asks (相談内容); - reads standard input."),
    ],
    data: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Data (データ) to learn from for this one answer.", show_default=False),
    ] = None,
    model: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH", help="Model file (モデル) that `matcher train` wrote; faster.", show_default=False
        ),
    ] = None,
    n: Annotated[int, typer.Option("-n", metavar="N", help="How many categories (分野の数), 1 or more.")] = 3,
    as_of: LearnUntil = None,
    json: AsJson = False,
    lang: Language = "ja",
) -> None:
    """分野の提案: issue categories for a pasted text, with probabilities.

    Industry, prefecture and municipality, too, where the text names one. Without --model or --data the built-in
    taxonomy's words alone are known.
    """
    from matcher.cli.output import put_json, put_rich

    if data and model:
        raise InvalidValueError("--data beside --model", str(data), "one of the two")
    said = _standard_input() if text == "-" else text
    proposer = _proposer(data, model, as_of)
    made = proposer.propose(said, n=n)
    if json:
        put_json(_with_names(made, proposer.taxonomy))
    else:
        put_rich(_table(made, proposer.taxonomy, lang))


def _proposer(data: Path | None, model: Path | None, as_of: str | None) -> "Proposer":
    from matcher.cli.day import day, today
    from matcher.cli.reading import read
    from matcher.dataset import Dataset
    from matcher.proposal import Proposer
    from matcher.rankers.model_file import load_proposer

    on = day(as_of)
    if model:
        return load_proposer(model)
    return Proposer.fit(read(data, max(on, today())) if data else Dataset.from_tables({}), as_of=on)


def _standard_input() -> str:
    try:
        return typer.get_binary_stream("stdin").read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise MatcherError("the text on standard input cannot be read; accepted: UTF-8") from None


def _with_names(made: "Proposal", taxonomy: "Taxonomy") -> dict[str, Any]:
    plain = made.to_json()
    for row in plain["categories"]:
        row |= {f"name_{lang}": taxonomy.name(row["code"], lang) for lang in ("ja", "en")}
    return plain


def _table(made: "Proposal", taxonomy: "Taxonomy", lang: "Lang") -> Any:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for head in _HEADS[lang]:
        table.add_column(head, overflow="fold")
    for place, (code, probability) in enumerate(made.categories):
        label = "" if place else _KINDS["category"][lang]
        table.add_row(label, taxonomy.name(code, lang), code, f"{probability:.0%}")
    for kind, found in (
        ("industry", made.industries),
        ("prefecture", made.prefectures),
        ("municipality", made.municipalities),
    ):
        for row in _named_rows(kind, getattr(made, kind), found, lang):
            table.add_row(*row)
    return table


def _named_rows(kind: str, meant: "Named | None", found: "tuple[Named, ...]", lang: "Lang") -> list[tuple[str, ...]]:
    """The one that is meant; else what it may be, or that nothing is named."""
    label = _KINDS[kind][lang]
    if meant:
        return [(label, _name(kind, meant.code, lang), meant.code, f"{meant.probability:.0%}", _words(meant))]
    if not found:
        return [(label, _UNKNOWN[lang])]
    rows = [("", _name(kind, one.code, lang), one.code, f"{one.probability:.0%}", _words(one)) for one in found]
    return [(label, _UNDECIDED[lang]), *rows[:_MOST_NAMED]]


def _words(named: "Named") -> str:
    return ", ".join(named.words)


def _name(kind: str, code: str, lang: "Lang") -> str:
    from matcher.reference.industries import industry_name
    from matcher.reference.prefectures import prefecture_name

    if kind == "municipality":
        return code
    return industry_name(code, lang) if kind == "industry" else prefecture_name(code, lang)
