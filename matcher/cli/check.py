"""`matcher check`: what a dataset holds, and everything that is wrong with it."""

from typing import TYPE_CHECKING

import typer

from matcher.cli.exits import USERS
from matcher.cli.options import AsJson, AsOf, Folder, Language

if TYPE_CHECKING:
    from matcher.errors import Fault
    from matcher.lang import Lang
    from matcher.reading import Report

_WORDS = {
    "table": {"ja": "表", "en": "table"},
    "records": {"ja": "件数", "en": "records"},
    "unknown": {"ja": "読まずに取り置いた列", "en": "unknown columns, kept aside"},
    "warning": {"ja": "注意", "en": "warning"},
    "faults": {"ja": "誤り", "en": "faults"},
    "clean": {"ja": "誤りはありません", "en": "no fault"},
}


def check(folder: Folder, as_of: AsOf = None, json: AsJson = False, lang: Language = "ja") -> None:
    """データの検査: counts, unknown columns, warnings and every fault. Exit code 0 clean or warnings, 2 faults."""
    from matcher.cli.day import day
    from matcher.cli.output import note, put_json, put_text
    from matcher.cli.progress import progress
    from matcher.reading import check_dataset

    on = day(as_of)
    with progress("検査 (checking)") as bar:
        report = check_dataset(folder, as_of=on, progress=bar)
    if json:
        put_json(report.to_json())
    else:
        _counts(report, lang)
        put_text("".join(f"{line}\n" for line in _lines(report, lang)))
    if not report.ok:
        first, count = report.faults[0], len(report.faults)
        note(f"エラー (error): {count} 件の誤り ({count} faults); {' '.join(str(first).split())}")
        raise typer.Exit(USERS)


def _counts(report: "Report", lang: "Lang") -> None:
    from rich.table import Table

    from matcher.cli.output import put_rich

    table = Table(box=None, pad_edge=False)
    table.add_column(_WORDS["table"][lang])
    table.add_column(_WORDS["records"][lang], justify="right")
    table.add_column(_WORDS["unknown"][lang])
    for name, count in report.counts.items():
        table.add_row(name, f"{count:,}", ", ".join(report.unknown_columns.get(name, ())))
    put_rich(f"{report.path}  ({report.as_of})", table)


def _lines(report: "Report", lang: "Lang") -> list[str]:
    lines = [f"{_WORDS['warning'][lang]}: {text}" for text in report.warnings]
    if report.ok:
        return [*lines, _WORDS["clean"][lang]]
    return [*lines, f"{_WORDS['faults'][lang]}: {len(report.faults):,}", *(_fault(f, lang) for f in report.faults)]


def _fault(fault: "Fault", lang: "Lang") -> str:
    if lang == "en":
        return f"- {fault}"
    row = f" {fault.row} 行目" if fault.row else ""
    column = f" 列 {fault.column}" if fault.column else ""
    value = f" の値 {fault.value!r}" if fault.value else ""
    return f"- {fault.file}{row}{column}{value} → 使えるのは: {fault.accepted}"
