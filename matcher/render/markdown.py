"""A shortlist as Markdown, for a mail or a minute."""

import re
from collections.abc import Iterable, Iterator

from matcher.render.about import about
from matcher.render.words import (
    LABELS,
    against_in_words,
    chance_in_words,
    confidence_in_words,
    one_line,
    place_and_distance,
    separated,
)
from matcher.shortlist.model import Item, Shortlist

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~])")


def render(shortlist: Shortlist) -> str:
    """Headings, tables and lists in the shortlist's language; names and texts stay literal."""
    return "\n".join(_lines(shortlist)) + "\n"


def _lines(shortlist: Shortlist) -> Iterator[str]:
    words = {key: labels[shortlist.lang] for key, labels in LABELS.items()}
    yield f"# {words['shortlist']}: {escaped(shortlist.category_name)}"
    yield ""
    if shortlist.items:
        headers = ("#", "expert", "place", "chance", "confidence", "reasons", "against")
        yield from _table([words.get(key, key) for key in headers], [_row(item, shortlist) for item in shortlist.items])
    else:
        yield words["nobody"]
    if shortlist.excluded:
        yield from ("", f"## {words['excluded']}", "")
        rows = [(rule.label, f"{rule.count:,}") for rule in shortlist.excluded]
        yield from _table([words["rule"], words["count"]], rows)
    yield from ("", f"## {words['about']}", "")
    yield from (f"- {label}: {escaped(text)}" for label, text in about(shortlist))


def _row(item: Item, shortlist: Shortlist) -> tuple[str, ...]:
    lang = shortlist.lang
    return (
        f"{item.rank}" + (f" ({LABELS['tied'][lang]})" if item.tied else ""),
        separated([item.name, item.kana or "", *item.qualifications], lang),
        place_and_distance(item, lang),
        chance_in_words(item, lang),
        confidence_in_words(item, lang),
        " / ".join(reason.text for reason in item.reasons) or LABELS["none"][lang],
        against_in_words(item, lang),
    )


def _table(headers: list[str], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(headers) + " |"
    yield "|" + " --- |" * len(headers)
    for row in rows:
        yield "| " + " | ".join(escaped(cell) for cell in row) + " |"


def escaped(text: str) -> str:
    r"""The text on one line, with Markdown's signs made literal.

    >>> print(escaped("A|B *c*"))
    A\|B \*c\*
    """
    return _SPECIAL.sub(r"\\\1", one_line(text))
