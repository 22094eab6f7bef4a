"""Figures of groups and of all: withheld where they would rest on, or by subtraction tell of, too few clients."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from matcher.features.tally import FEWEST_CLIENTS


class Owned(Protocol):
    """A row that is a client's; an unknown client counts as none."""

    @property
    def client_id(self) -> str | None:
        """The client."""


Row = TypeVar("Row", bound=Owned)
Figure = TypeVar("Figure")
Name = TypeVar("Name", bound=str | None)


def is_told(rows: Iterable[Owned]) -> bool:
    """Whether the rows are of clients enough."""
    return len({row.client_id for row in rows if row.client_id is not None}) >= FEWEST_CLIENTS


def told(
    groups: Mapping[Name, Sequence[Row]], figure: Callable[[Sequence[Row]], Figure]
) -> tuple[Figure | None, dict[Name, Figure | None]]:
    """The figure of all rows, and of each group; None is withheld. Nothing is a figure of no rows."""
    parts = {name: figure(rows) if _may_be_told(rows) else None for name, rows in groups.items()}
    everything = [row for rows in groups.values() for row in rows]
    hidden = [row for rows in groups.values() if not _may_be_told(rows) for row in rows]
    whole = figure(everything) if _may_be_told(everything) and _may_be_told(hidden) else None
    return whole, parts


def _may_be_told(rows: Collection[Owned]) -> bool:
    return not rows or is_told(rows)
