"""One dataset in memory: the contract's tables as frames, the held-out dispatches apart from the visible ones."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from matcher.columns import SPLIT_PATTERN, TABLES, Column, Kind, Table
from matcher.errors import InvalidValueError, UnknownValueError
from matcher.reference.taxonomy import builtin_categories


def empty_series(column: Column, length: int) -> pd.Series:
    """A column of `length` unknown cells, in the column's type in memory."""
    if column.many:
        return pd.Series([()] * length, dtype=object)
    if column.kind is Kind.DATE:
        return pd.Series(np.full(length, "NaT", dtype="datetime64[s]"))
    if column.kind in (Kind.NUMBER, Kind.INTEGER, Kind.FLAG):
        return pd.Series(np.full(length, np.nan))
    return pd.Series([np.nan] * length, dtype="str")


def empty_frame(table: Table) -> pd.DataFrame:
    """A frame with all of the table's columns and no row."""
    return pd.DataFrame({column.name: empty_series(column, 0) for column in table.columns})


def complete(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The frame with every declared column, absent ones unknown; columns of a benchmark's split are kept."""
    columns = {
        column.name: frame[column.name].reset_index(drop=True)
        if column.name in frame
        else empty_series(column, len(frame))
        for column in table.columns
    }
    splits = {str(name): frame[name].reset_index(drop=True) for name in frame if re.fullmatch(SPLIT_PATTERN, str(name))}
    if table.name == "dispatches":
        columns |= splits
    return pd.DataFrame(columns)


@dataclass(frozen=True, eq=False)
class Dataset:
    """The contract's tables (see `matcher.columns` for types), inputs of every later step. Frames are not changed.

    `dispatches` holds the visible rows alone; rows marked `split = test` are in `held_out`, which nothing
    but evaluation reads. With several split columns the first one rules until `with_split` names another.
    `extras` keeps unknown columns aside, by table.
    """

    experts: pd.DataFrame
    consultations: pd.DataFrame
    hubs: pd.DataFrame
    clients: pd.DataFrame
    dispatches: pd.DataFrame
    conflicts: pd.DataFrame
    impressions: pd.DataFrame
    categories: pd.DataFrame
    judgements: pd.DataFrame
    candidates: pd.DataFrame
    held_out: pd.DataFrame
    split: str = ""
    extras: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    @classmethod
    def from_tables(
        cls, tables: Mapping[str, pd.DataFrame], *, extras: Mapping[str, pd.DataFrame] | None = None
    ) -> "Dataset":
        """Builds a dataset from typed frames; what is absent is unknown, but for categories, where the built-in hold.

        Raises `UnknownValueError` for a table that the contract does not have. Values are not checked here:
        `matcher.reading.dataset_from_frames` does that for frames from outside.
        """
        for name in tables:
            if name not in TABLES:
                raise UnknownValueError("table", name, ", ".join(TABLES))
        frames: dict[str, Any] = {
            name: complete(tables[name], table) if name in tables else empty_frame(table)
            for name, table in TABLES.items()
        }
        if frames["categories"].empty:
            frames["categories"] = complete(builtin_categories(), TABLES["categories"])
        dispatches = frames.pop("dispatches")
        splits = [str(name) for name in dispatches if re.fullmatch(SPLIT_PATTERN, str(name))]
        whole = cls(**frames, dispatches=dispatches, held_out=dispatches.iloc[:0], extras=extras or {})
        return whole.with_split(splits[0]) if splits else whole

    @property
    def splits(self) -> list[str]:
        """Names of the benchmark's split columns, in the file's order; empty for ordinary data."""
        return [str(name) for name in self.dispatches if re.fullmatch(SPLIT_PATTERN, str(name))]

    def with_split(self, split: str) -> "Dataset":
        """The same data with `split` deciding which dispatches are held out. Raises `UnknownValueError`."""
        if split not in self.splits:
            raise UnknownValueError("split", split, ", ".join(self.splits) or "none: the data has no split column")
        rows = pd.concat([self.dispatches, self.held_out]).sort_index()
        test = (rows[split] == "test").to_numpy()
        return replace(self, dispatches=rows[~test], held_out=rows[test], split=split)

    def before(self, as_of: pd.Timestamp) -> "Dataset":
        """What was known at `as_of`: later decisions gone, later outcomes unknown, later experts absent.

        A dispatch without a date is kept: unknown is not "later". Outcomes are known from `completed_on` on
        (from `decided_on` where that is unknown).
        """
        decided = self.dispatches["decided_on"]
        seen = self.dispatches[~(decided > as_of)].copy()
        later = seen["completed_on"] > as_of
        outcome = ["visits", "completed_on", "resolved", "satisfaction", "report_on_time", "comment"]
        for name in [*outcome, "votes", "rating"]:
            seen[name] = seen[name].mask(later)
        completed = later & (seen["status"] == "completed")
        seen["status"] = seen["status"].mask(completed, "accepted")
        return replace(
            self,
            experts=self.experts[~(self.experts["registered_on"] > as_of)],
            consultations=self.consultations[~(self.consultations["received_on"] > as_of)],
            dispatches=seen,
        )

    def table(self, name: str) -> pd.DataFrame:
        """A table by name. Raises `UnknownValueError`."""
        if name not in TABLES:
            raise UnknownValueError("table", name, ", ".join(TABLES))
        frame = getattr(self, name)
        if not isinstance(frame, pd.DataFrame):
            raise InvalidValueError(f"table {name}", type(frame).__name__, "a pandas DataFrame")
        return frame

    def counts(self) -> dict[str, int]:
        """Rows a table, held-out dispatches not counted."""
        return {name: len(self.table(name)) for name in TABLES}

    def fingerprint(self) -> str:
        """SHA-256 (hex) of all visible cells but judgements; neither row order nor held-out rows change it."""
        digest = hashlib.sha256()
        for name in TABLES:
            if name == "judgements":
                continue
            frame = self.table(name).drop(columns=self.splits, errors="ignore")
            digest.update(f"{name}:{len(frame)}:{_row_hash_sum(frame)};".encode())
        return digest.hexdigest()


def _row_hash_sum(frame: pd.DataFrame) -> int:
    if frame.empty:
        return 0
    plain = frame.apply(lambda cells: cells.map(";".join) if cells.dtype == object else cells)
    return int(pd.util.hash_pandas_object(plain, index=False).to_numpy().sum(dtype=np.uint64))
