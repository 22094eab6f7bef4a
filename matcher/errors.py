"""Every error that is the user's to mend: what was wrong, the value, what is accepted."""

from collections.abc import Sequence
from dataclasses import dataclass


class MatcherError(Exception):
    """Base of all errors that the user can mend; the command line turns it into one line and exit code 2."""


@dataclass(frozen=True)
class Fault:
    """One wrong place in the data.

    `row` is the row of the file as a spreadsheet shows it (the header is row 1); 0 means the whole table.
    """

    table: str
    file: str
    row: int
    column: str
    value: str
    accepted: str

    def __str__(self) -> str:
        place = self.file + (f", row {self.row}" if self.row else "")
        column = f", column {self.column}" if self.column else ""
        value = f": {self.value!r}" if self.value else ""
        return f"{place}{column}{value}; accepted: {self.accepted}"


class DataError(MatcherError):
    """A dataset that is refused as a whole; `faults` lists every wrong place."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        more = f" (and {len(self.faults) - 1} more; `matcher check` lists all)" if len(self.faults) > 1 else ""
        super().__init__(f"{self.faults[0]}{more}")


class UnknownValueError(MatcherError):
    """A value that names nothing we know (a category, prefecture, expert, ranker ...)."""

    def __init__(self, kind: str, value: object, accepted: str) -> None:
        super().__init__(f"unknown {kind} {str(value)[:80]!r}; accepted: {accepted}")
        self.what, self.accepted = kind, accepted


class InvalidValueError(MatcherError):
    """A value of the right kind that makes no sense here (k = 0, a date before its beginning ...)."""

    def __init__(self, what: str, value: object, accepted: str) -> None:
        super().__init__(f"{what} is {str(value)[:80]!r}; accepted: {accepted}")
        self.what, self.accepted = what, accepted


class ModelFileError(MatcherError):
    """A model file that is damaged, foreign, or made for other features."""
