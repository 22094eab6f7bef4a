"""The way in: files or loose frames are read, checked as a whole, and become one dataset or a list of faults."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from matcher.columns import CATEGORIES, TABLES
from matcher.dataset import Dataset
from matcher.errors import DataError, Fault
from matcher.reading.frames import frame_readers
from matcher.reading.raw import RawTable
from matcher.reading.relations import relation_faults, relation_warnings
from matcher.reading.report import Report
from matcher.reading.sources import Sources, find_sources
from matcher.reading.typed import TypedTable, typed
from matcher.reference.taxonomy import Taxonomy, builtin_categories

Progress = Callable[[str, int, int], None]


def read_dataset(
    path: Path | str,
    *,
    as_of: pd.Timestamp | None = None,
    split: str | None = None,
    progress: Progress | None = None,
) -> Dataset:
    """The dataset at a folder or .xlsx. `split` names the benchmark column that rules, else the first one does.

    Nothing may have happened after `as_of` (default: today in Japan). `progress(file, done, total)` is called
    before each table and once at the end. Raises `DataError` with every fault, `UnknownValueError` for a split.
    """
    loaded = load_sources(find_sources(Path(path)), _day(as_of), progress)
    data = loaded.dataset()
    return data.with_split(split) if split else data


def check_dataset(path: Path | str, *, as_of: pd.Timestamp | None = None, progress: Progress | None = None) -> Report:
    """Counts, unknown columns, warnings and all faults of what `read_dataset` would read; raises none of them."""
    return load_sources(find_sources(Path(path)), _day(as_of), progress).report(str(path), _day(as_of))


def dataset_from_frames(frames: Mapping[str, pd.DataFrame], *, as_of: pd.Timestamp | None = None) -> Dataset:
    """A dataset from loose frames, checked like files: strings, numbers, dates, lists or `;` strings in any dtype.

    NaN, None and NaT are unknown. Rows in faults count as if the frame were saved: the first record is row 2.
    Raises `DataError` with every fault, `InvalidValueError` for what is no frame.
    """
    return load_sources(frame_readers(frames), _day(as_of)).dataset()


def _day(as_of: pd.Timestamp | None) -> pd.Timestamp:
    if as_of is not None:
        return as_of.normalize()
    return pd.Timestamp.now(tz="Asia/Tokyo").tz_localize(None).normalize()


@dataclass
class Loaded:
    """Tables as they were read, and all that is wrong with them."""

    faults: list[Fault]
    warnings: list[str]
    tables: dict[str, TypedTable] = field(default_factory=dict)
    encodings: dict[str, str] = field(default_factory=dict)

    def dataset(self) -> Dataset:
        """The tables as one dataset. Raises `DataError` with every fault."""
        if self.faults:
            raise DataError(self.faults)
        frames = {name: table.frame for name, table in self.tables.items()}
        extras = {name: table.extras for name, table in self.tables.items() if len(table.extras.columns)}
        return Dataset.from_tables({"categories": builtin_categories()} | frames, extras=extras)

    def report(self, path: str, as_of: pd.Timestamp) -> Report:
        """What `matcher check` tells of them."""
        return Report(
            path=path,
            as_of=as_of.date().isoformat(),
            counts={name: len(table.frame) for name, table in self.tables.items()},
            unknown_columns={
                name: tuple(map(str, table.extras)) for name, table in self.tables.items() if len(table.extras.columns)
            },
            encodings=self.encodings,
            warnings=tuple(dict.fromkeys(self.warnings)),
            faults=tuple(self.faults),
        )


def load_sources(sources: Sources, as_of: pd.Timestamp, progress: Progress | None = None) -> Loaded:
    """Reads every table and checks them together; see `read_dataset`."""
    loaded = Loaded(list(sources.faults), list(sources.warnings))
    broken: set[str] = set()
    taxonomy: Taxonomy | None = Taxonomy.builtin()
    # The taxonomy comes first: other tables' cells are read by it.
    order = sorted(sources.readers, key=lambda name: name != "categories")
    for done, name in enumerate(order):
        if progress:
            progress(name, done, len(order))
        raw = _read(name, sources.readers[name])
        if raw.faults:
            broken.add(name)
        if raw.readable:
            _add(loaded, typed(raw, TABLES[name], taxonomy))
        else:
            loaded.faults += raw.faults
        if name == "categories":
            taxonomy = None if name in broken else _taxonomy(loaded.tables[name])
    loaded.faults += relation_faults(loaded.tables, frozenset(broken), as_of)
    loaded.faults.sort(key=_place)
    loaded.warnings += relation_warnings(loaded.tables)
    loaded.tables = {name: loaded.tables[name] for name in TABLES if name in loaded.tables}
    if progress:
        progress("", len(order), len(order))
    return loaded


def _read(name: str, reader: Callable[[], RawTable]) -> RawTable:
    try:
        return reader()
    except OSError as error:
        file = Path(error.filename).name if error.filename else name
        return RawTable(name, file).refused(0, error.strerror or "", "読めるファイル (a file that can be read)")


def _place(fault: Fault) -> tuple[int, int]:
    return (list(TABLES).index(fault.table) if fault.table in TABLES else -1, fault.row)


def _add(loaded: Loaded, table: TypedTable) -> None:
    raw = table.raw
    loaded.tables[raw.name] = table
    loaded.encodings[raw.file] = raw.encoding
    loaded.faults += table.faults
    loaded.warnings += raw.warnings
    if not len(raw.rows):
        _no_record(loaded, raw)


def _no_record(loaded: Loaded, raw: RawTable) -> None:
    if TABLES[raw.name].required:
        loaded.faults.append(raw.fault(0, "", "", "1 行以上の記録 (at least one record below the header)"))
    else:
        loaded.warnings.append(f"{raw.file}: 見出しだけで記録がない (a header and no record)")


def _taxonomy(categories: TypedTable) -> Taxonomy | None:
    """The table's taxonomy without its tree, whose faults are reported with the relations; None without codes."""
    codes = categories.frame.dropna(subset="code").drop_duplicates("code")
    if "code" not in categories.present:
        return None
    return Taxonomy(codes[[name for name in CATEGORIES.names if name != "parent"]])
