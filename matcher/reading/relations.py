"""What only shows between cells: references to other tables, the order of dates, the tree of categories."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from matcher.columns import TABLES, Column
from matcher.errors import Fault
from matcher.reading.typed import TypedTable

Tables = Mapping[str, TypedTable]
_Mask: TypeAlias = "pd.Series | npt.NDArray[np.bool_]"

# Things that happened, so not after today; a conflict may well end later.
PAST = {
    "experts": ("registered_on",),
    "consultations": ("received_on",),
    "dispatches": ("decided_on", "completed_on"),
    "impressions": ("shown_at",),
}
PERIODS = {"dispatches": ("decided_on", "completed_on"), "conflicts": ("from", "until")}
# The contract lets a dataset name hubs and clients without listing them.
_MAY_BE_ABSENT = ("hubs", "clients")


def relation_faults(tables: Tables, broken: frozenset[str], as_of: pd.Timestamp) -> Iterator[Fault]:
    """All faults between cells; a `broken` table (not or only partly read) refuses no reference to it."""
    for name, table in tables.items():
        for column in TABLES[name].columns:
            if column.refers and column.name in table.present:
                yield from _references(table, column, tables, broken)
        for date in PAST.get(name, ()):
            wanted = f"{as_of:%Y-%m-%d} まで (not after that day)"
            yield from _where(table, table.frame[date] > as_of, date, wanted)
        if name in PERIODS:
            yield from _periods(table, *PERIODS[name])
    if "categories" in tables:
        yield from _category_tree(tables["categories"])


def relation_warnings(tables: Tables) -> Iterator[str]:
    """What is odd and yet accepted."""
    if {"dispatches", "consultations"} <= tables.keys():
        yield from _decided_before_received(tables["dispatches"], tables["consultations"])
    if "conflicts" in tables:
        conflicts = tables["conflicts"]
        nobody = conflicts.frame["client_id"].isna() & conflicts.frame["hub_id"].isna()
        text = "相手（client_id か hub_id）のない利益相反は誰も除外しない (a conflict with nobody)"
        yield from _odd(conflicts, nobody.to_numpy(), text)


def positions_in(values: pd.Series, keys: pd.Series) -> npt.NDArray[np.int64]:
    """For each value the position of its first equal among the keys, -1 where there is none or it is unknown."""
    found = pc.index_in(pa.array(values), value_set=_flat(keys), skip_nulls=True)
    return np.asarray(found.fill_null(-1).to_numpy(), dtype=np.int64)


def _flat(keys: pd.Series) -> pa.Array:
    array = pa.array(keys)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _references(table: TypedTable, column: Column, tables: Tables, broken: frozenset[str]) -> Iterator[Fault]:
    target, key = column.refers.split(".")
    if target in broken or (target in _MAY_BE_ABSENT and target not in tables):
        return
    if target not in tables:
        if column.required and target != "experts" and len(table.frame):
            wanted = f"表 {target} も必要 (the table {target} too, which it refers to)"
            yield table.raw.fault(0, column.name, "", wanted)
        return
    if key not in tables[target].present:
        return
    values = table.frame[column.name]
    unknown = (positions_in(values, tables[target].frame[key]) < 0) & values.notna().to_numpy()
    wanted = f"{tables[target].raw.file} の {key} にある値 (a {key} of {tables[target].raw.file})"
    yield from _where(table, unknown, column.name, wanted)


def _periods(table: TypedTable, start: str, end: str) -> Iterator[Fault]:
    starts = table.frame[start]
    for position in np.flatnonzero(table.frame[end] < starts):
        wanted = f"{start} ({starts.iloc[position]:%Y-%m-%d}) 以降 (not before {start})"
        yield table.fault(int(position), end, wanted)


def _where(table: TypedTable, bad: _Mask, column: str, accepted: str) -> Iterator[Fault]:
    return (table.fault(int(position), column, accepted) for position in np.flatnonzero(bad))


def _category_tree(table: TypedTable) -> Iterator[Fault]:
    codes, parents = table.frame["code"], table.frame["parent"]
    parent_of = positions_in(parents, codes)
    unknown = (parent_of < 0) & parents.notna().to_numpy()
    file = table.raw.file
    yield from _where(table, unknown, "parent", f"空欄か {file} の code (blank, or a code of {file})")
    yield from _where(table, _on_cycles(parent_of), "parent", "循環しない親 (a parent that is not below it)")


def _on_cycles(parent_of: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which nodes lie on a cycle: after as many steps up as there are nodes, these are all that can be reached."""
    ancestor = np.append(parent_of, -1)
    for _ in range(len(parent_of).bit_length()):
        ancestor = ancestor[ancestor]
    return np.isin(np.arange(len(parent_of)), ancestor)


def _decided_before_received(dispatches: TypedTable, consultations: TypedTable) -> Iterator[str]:
    place = positions_in(dispatches.frame["consultation_id"], consultations.frame["consultation_id"])
    received = np.append(consultations.frame["received_on"].to_numpy(), np.datetime64("NaT"))[place]
    early = dispatches.frame["decided_on"].to_numpy() < received
    yield from _odd(
        dispatches, early, "受付より前に決定した派遣 (dispatches decided before the consultation was received)"
    )


def _odd(table: TypedTable, odd: npt.NDArray[np.bool_], text: str) -> Iterator[str]:
    if odd.any():
        row = table.raw.rows[int(np.argmax(odd))]
        yield f"{table.raw.file}: {text}: {int(odd.sum())} 件、最初は {row} 行目 (first in row {row})"
