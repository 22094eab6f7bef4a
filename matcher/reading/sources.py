"""Where each table of a dataset is: a folder's CSV and .xlsx files, or one workbook's sheets."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import partial
from pathlib import Path

from matcher.columns import TABLES
from matcher.errors import Fault
from matcher.reading.csv_file import read_csv
from matcher.reading.raw import RawTable
from matcher.reading.xlsx_file import UnreadableWorkbookError, Workbook
from matcher.reference.spelling import search_key

# The synthetic world's answers lie beside its tables; nothing but evaluation reads them.
_NOT_TABLES = ("truth",)
_SUFFIXES = (".csv", ".tsv", ".xls", ".xlsx")


@dataclass
class Sources:
    """Readers by table, in the contract's order, and what was wrong or odd before any table was read."""

    readers: dict[str, Callable[[], RawTable]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def find_sources(path: Path) -> Sources:
    """The tables at `path`; a path that holds none has a fault."""
    if path.is_dir():
        sources = _folder(path)
    elif not path.exists():
        sources = Sources(faults=[Fault("", str(path), 0, "", "", f"存在するパス ({_PLACE}; it does not exist)")])
    elif path.suffix.lower() != ".xlsx":
        sources = Sources(faults=[Fault("", str(path), 0, "", path.suffix, _PLACE)])
    else:
        sources = _workbook(path)
    if "experts" not in sources.readers and not sources.faults:
        wanted = "表 experts が必要 (a table experts: experts.csv, experts.xlsx or a sheet experts)"
        sources.faults.append(Fault("experts", path.name, 0, "", "", wanted))
    sources.readers = {name: sources.readers[name] for name in TABLES if name in sources.readers}
    return sources


_PLACE = "表のフォルダか .xlsx ファイル (an existing folder of tables, or one .xlsx file)"


def _folder(folder: Path) -> Sources:
    sources = Sources()
    found: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix.lower() in _SUFFIXES and not path.name.startswith(("~$", ".")):
            _file_of_table(path, found, sources)
    for table, paths in found.items():
        if len(paths) > 1:
            names = ", ".join(path.name for path in paths)
            wanted = "1 つの表に 1 ファイル (one file for each table)"
            sources.faults.append(Fault(table, names, 0, "", "", wanted))
        reader = read_csv if paths[0].suffix.lower() == ".csv" else _read_single
        sources.readers[table] = partial(reader, paths[0], table, paths[0].name)
    return sources


def _file_of_table(path: Path, found: dict[str, list[Path]], sources: Sources) -> None:
    table = search_key(path.stem)
    if table in TABLES and path.suffix.lower() in (".csv", ".xlsx"):
        found[table].append(path)
    elif table not in _NOT_TABLES:
        sources.warnings.append(_unknown(path.name, table))


def _unknown(name: str, table: str) -> str:
    close = get_close_matches(table, TABLES, n=1)
    meant = f"; もしかして (did you mean) {close[0]}?" if close else ""
    return f"{name}: 知らない表なので読まない (not a table of the contract, left unread{meant})"


def _read_single(path: Path, table: str, file: str) -> RawTable:
    """A workbook that is one table: the sheet of the table's name, else its only sheet."""
    empty = RawTable(table, file)
    try:
        workbook = Workbook(path)
    except UnreadableWorkbookError as error:
        return empty.refused(0, error.value, error.accepted)
    named = [sheet for sheet in workbook.sheets if search_key(sheet) == table]
    sheets = named or workbook.sheets
    if len(sheets) != 1:
        return empty.refused(0, ", ".join(sheets), f"1 枚のシートか、シート名 {table} (one sheet, or one named so)")
    return workbook.read(sheets[0], table, file)


def _workbook(path: Path) -> Sources:
    sources = Sources()
    try:
        workbook = Workbook(path)
    except UnreadableWorkbookError as error:
        sources.faults.append(Fault("", path.name, 0, "", error.value, error.accepted))
        return sources
    for sheet in workbook.sheets:
        table, file = search_key(sheet), f"{path.name} [{sheet}]"
        if table in sources.readers:
            wanted = "1 つの表に 1 シート (one sheet for each table)"
            sources.faults.append(Fault(table, file, 0, "", "", wanted))
        elif table in TABLES:
            sources.readers[table] = partial(workbook.read, sheet, table, file)
        elif table not in _NOT_TABLES:
            sources.warnings.append(_unknown(file, table))
    return sources
