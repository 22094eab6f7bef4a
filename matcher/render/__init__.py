"""Writes a shortlist out: for the terminal, programs, spreadsheets and mails, one file a format."""

from collections.abc import Callable

from matcher.errors import UnknownValueError
from matcher.render import csv_text, json_text, markdown, terminal, xlsx_file
from matcher.shortlist.model import Shortlist

FORMATS: dict[str, Callable[[Shortlist], bytes]] = {
    "txt": lambda shortlist: terminal.render(shortlist).encode("utf-8", "replace"),
    "json": lambda shortlist: json_text.render(shortlist).encode("utf-8", "replace"),
    "csv": lambda shortlist: csv_text.render(shortlist).encode("utf-8-sig", "replace"),
    "xlsx": xlsx_file.render,
    "md": lambda shortlist: markdown.render(shortlist).encode("utf-8", "replace"),
}


def render(shortlist: Shortlist, form: str) -> bytes:
    """The whole file in a format named by its suffix; the same shortlist gives the same bytes.

    Raises `UnknownValueError` for a format that is none of `FORMATS`.
    """
    if form not in FORMATS:
        raise UnknownValueError("format", form, ", ".join(FORMATS))
    return FORMATS[form](shortlist)
