"""A shortlist for the terminal: one screen that a coordinator reads, full-width characters aligned."""

import io
from collections.abc import Iterator

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from matcher.lang import Lang
from matcher.render.words import (
    LABELS,
    MODES,
    against_in_words,
    chance_in_words,
    confidence_in_words,
    counted_several_times,
    exclusion_in_words,
    left_out,
    one_line,
    place_and_distance,
    separated,
)
from matcher.shortlist.model import Item, Shortlist

READ_IN_FULL = 5
_NAMED_LETTERS = 12


def render(shortlist: Shortlist, *, width: int = 100, color: bool = False) -> str:
    """The first five in full, the others with their first reason; then exclusions, warnings, fingerprints."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        color_system="standard" if color else None,
        force_terminal=color,
        legacy_windows=False,
        highlight=False,
        emoji=False,
    )
    console.print(Group(*_parts(shortlist)))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _parts(shortlist: Shortlist) -> Iterator[RenderableType]:
    yield _text(_heading(shortlist), "bold")
    yield _text(_counts(shortlist))
    yield _experts(shortlist) if shortlist.items else _text(LABELS["nobody"][shortlist.lang], "bold yellow")
    if shortlist.excluded:
        yield _text(_excluded(shortlist))
    for key, texts in (("warnings", shortlist.warnings), ("relax", shortlist.relax)):
        yield from (_text(f"{LABELS[key][shortlist.lang]}: {text}", "yellow") for text in texts)
    if any(item.probability is not None for item in shortlist.items):
        yield _text(LABELS["chance_note"][shortlist.lang], "dim")
    yield _text(_fingerprints(shortlist), "dim")


def _heading(shortlist: Shortlist) -> str:
    lang, case = shortlist.lang, shortlist.consultation
    mode = MODES[case.mode][lang] if case.mode else ""
    facts = [shortlist.place, mode, f"{LABELS['as_of'][lang]} {shortlist.as_of}"]
    named = f"{LABELS['consultation'][lang]} {case.consultation_id or ''}".rstrip()
    return f"{named}: {shortlist.category_name} / " + " / ".join(filter(None, facts))


def _counts(shortlist: Shortlist) -> str:
    shown = len(shortlist.items)
    if shortlist.lang == "ja":
        return f"登録 {shortlist.registered:,}人のうち対象{shortlist.eligible:,}人、上位{shown:,}人"
    return f"{shortlist.eligible:,} of {shortlist.registered:,} registered experts are eligible; the first {shown:,}"


def _experts(shortlist: Shortlist) -> Table:
    lang = shortlist.lang
    table = Table(box=box.SIMPLE, expand=True, pad_edge=False)
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column(_legend(lang), ratio=1, overflow="fold")
    table.add_column(LABELS["chance"][lang], no_wrap=True)
    for i, item in enumerate(shortlist.items):
        rank = f"{item.rank}" + ("=" if item.tied else "")
        body = Group(*_who(item, lang), _why(item, lang, full=i < READ_IN_FULL))
        table.add_row(rank, body, _chance(item, lang))
    return table


def _legend(lang: Lang) -> str:
    signs = f"＋ {LABELS['reasons'][lang]}  － {LABELS['against'][lang]}"
    return f"{LABELS['expert'][lang]}  {signs}"


def _who(item: Item, lang: Lang) -> Iterator[Text]:
    yield _text(item.name + _bracketed(item.kana, lang), "bold")
    yield _text(" / ".join(filter(None, [separated(item.qualifications, lang), place_and_distance(item, lang)])))


def _chance(item: Item, lang: Lang) -> Text:
    sure = f"{LABELS['confidence'][lang]}: {confidence_in_words(item, lang)}"
    return Text(f"{chance_in_words(item, lang)}\n{sure}")


def _why(item: Item, lang: Lang, *, full: bool) -> Table:
    reasons = [("＋", reason.text) for reason in item.reasons]
    lines = [*reasons, ("－", against_in_words(item, lang))] if full else reasons[:1]
    grid = Table.grid(padding=(0, 1), pad_edge=False)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for sign, text in lines:
        grid.add_row(sign, _text(text))
    return grid


def _excluded(shortlist: Shortlist) -> str:
    lang, count = shortlist.lang, f"{left_out(shortlist):,}"
    parts = separated([exclusion_in_words(exclusion, lang) for exclusion in shortlist.excluded], lang)
    note = _bracketed(LABELS["several_note"][lang], lang) if counted_several_times(shortlist) else ""
    return (f"除外{count}人: " if lang == "ja" else f"left out {count}: ") + parts + note


def _fingerprints(shortlist: Shortlist) -> str:
    model, data = shortlist.model, shortlist.data
    model_words = f"{LABELS['model'][shortlist.lang]} {model['id']} {model['fingerprint'][:_NAMED_LETTERS]}"
    return f"{model_words} / {LABELS['data'][shortlist.lang]} {data['fingerprint'][:_NAMED_LETTERS]}"


def _bracketed(text: str | None, lang: Lang) -> str:
    if not text:
        return ""
    return f"（{text}）" if lang == "ja" else f" ({text})"


def _text(text: str, style: str = "") -> Text:
    return Text(one_line(text), style=style)
