"""What `matcher check` tells about a dataset."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from matcher.errors import Fault


@dataclass(frozen=True)
class Report:
    """`counts` are the records of each table that is there, held-out dispatches included.

    `unknown_columns` (table to names) are kept aside; `encodings` (file to encoding) say how each file was read.
    """

    path: str
    as_of: str
    counts: Mapping[str, int]
    unknown_columns: Mapping[str, tuple[str, ...]]
    encodings: Mapping[str, str]
    warnings: tuple[str, ...]
    faults: tuple[Fault, ...]

    @property
    def ok(self) -> bool:
        """Whether the dataset loads: warnings are no hindrance."""
        return not self.faults

    def to_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"ok": self.ok} | asdict(self)
