"""Files that bring a part of the data: read and checked as one with the data that is there already."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from matcher.columns import TABLES
from matcher.dataset import Dataset
from matcher.reading.frames import raw_from_frame
from matcher.reading.header import match_header
from matcher.reading.loading import Loaded, load_sources
from matcher.reading.raw import RawTable
from matcher.reading.report import Report
from matcher.reading.sources import find_sources

_THERE = "frame"  # the encoding of tables that are no files


@dataclass(frozen=True, eq=False)
class Overlay:
    """What the files say: `report` tells of their rows alone, `data` holds those alone, None where there are faults.

    A column that a file lacks keeps what was there, for rows that were there; a blank cell makes unknown.
    """

    report: Report
    data: Dataset | None

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that the files bring."""
        return tuple(self.report.counts)


def tables_needed(path: Path) -> frozenset[str]:
    """The tables that `read_overlay` reads of what is there: those of the files, and those that they refer to."""
    brought = find_sources(path).readers
    referred = [column.refers for name in brought for column in TABLES[name].columns if column.refers]
    return frozenset({"experts", "categories", *brought, *(name.partition(".")[0] for name in referred)})


def read_overlay(path: Path, there: Mapping[str, pd.DataFrame], *, as_of: pd.Timestamp) -> Overlay:
    """The tables at `path` (a folder or .xlsx with any of the contract's tables) over those that are there.

    References may go to either; where no experts are there, the files must bring some. Of rows without an id
    (conflicts) those that are there are not looked at.
    """
    keyed = [name for name, frame in there.items() if TABLES[name].key and len(frame)]
    sources = find_sources(path)
    if sources.readers and "experts" in keyed:
        sources.faults = [fault for fault in sources.faults if (fault.table, fault.file) != ("experts", path.name)]
    brought = dict(sources.readers)
    sources.readers = {
        name: _with(name, brought, there.get(name) if name in keyed else None)
        for name in TABLES
        if name in brought or name in keyed
    }
    loaded = load_sources(sources, as_of)
    sizes = {name: int(np.count_nonzero(table.raw.rows)) for name, table in loaded.tables.items() if name in brought}
    whole = loaded.report(path.name, as_of)
    encodings = {file: encoding for file, encoding in whole.encodings.items() if encoding != _THERE}
    report = replace(whole, counts=sizes, encodings=encodings)
    return Overlay(report, None if loaded.faults else _data(loaded, sizes))


def _with(
    name: str, brought: Mapping[str, Callable[[], RawTable]], there: pd.DataFrame | None
) -> Callable[[], RawTable]:
    if there is None:
        return brought[name]
    if name in brought:
        return lambda: _completed(brought[name](), raw_from_frame(name, there))
    required = [column.name for column in TABLES[name].columns if column.required]
    return lambda: _of_row_0(raw_from_frame(name, there[required]))


def _of_row_0(raw: RawTable) -> RawTable:
    return replace(raw, rows=np.zeros(len(raw.rows), np.int64))


def _completed(raw: RawTable, old: RawTable) -> RawTable:
    """The file's rows, with the cells of columns that it lacks, and behind them the other rows that are there."""
    known = {place: column.name for column, place in match_header(raw, TABLES[raw.name]).known.items()}
    key = TABLES[raw.name].key[0]
    if key not in known.values():
        return raw
    names = [known.get(place, place) for place in range(len(raw.header))]
    ours = pd.DataFrame(dict(zip(names, (column.to_pylist() for column in raw.columns), strict=True)), dtype="str")
    theirs = pd.DataFrame(
        dict(zip(old.header, (column.to_pylist() for column in old.columns), strict=True)), dtype="str"
    )
    ids = ours[key].str.strip()
    more = [name for name in theirs if name not in names]
    ours = pd.concat([ours, theirs.set_index(key)[more].reindex(ids).set_axis(ours.index)], axis=1)
    both = pd.concat([ours, theirs[~theirs[key].isin(ids)]], ignore_index=True)
    header = tuple(raw.header[name] if isinstance(name, int) else str(name) for name in both)
    columns = tuple(pa.chunked_array([pa.array(both[name], pa.large_string(), from_pandas=True)]) for name in both)
    return replace(
        raw, header=header, columns=columns, rows=np.append(raw.rows, np.zeros(len(both) - len(ours), np.int64))
    )


def _data(loaded: Loaded, sizes: Mapping[str, int]) -> Dataset:
    """The files' rows, which come first in each table."""
    tables = {name: loaded.tables[name] for name in sizes}
    return Dataset.from_tables({name: table.frame.iloc[: sizes[name]] for name, table in tables.items()})
