"""One consultation to be ranked: a row of the table, or what a coordinator typed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

import pandas as pd

from matcher.columns import CONSULTATIONS, Kind


@dataclass(frozen=True)
class Consultation:
    """A client's problem. `None` and `()` mean unknown; values are the contract's (see `matcher.columns`)."""

    category: str
    consultation_id: str | None = None
    hub_id: str | None = None
    client_id: str | None = None
    received_on: pd.Timestamp | None = None
    secondary_categories: tuple[str, ...] = ()
    prefecture_code: str | None = None
    municipality: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    industry: str | None = None
    employees: float | None = None
    mode: str | None = None
    description: str | None = None
    status: str | None = None

    @classmethod
    def from_row(cls, row: Mapping[Any, Any]) -> Self:
        """From one typed row of the consultations table."""
        return cls(**{column.name: _cell(row[column.name], many=column.many) for column in CONSULTATIONS.columns})

    def to_frame(self) -> pd.DataFrame:
        """A typed consultations frame of one row."""
        from matcher.dataset import complete, empty_series

        cells = {}
        for column in CONSULTATIONS.columns:
            value = getattr(self, column.name)
            series = empty_series(column, 1)
            if column.many:
                series = pd.Series([tuple(value)], dtype=object)
            elif value is not None:
                series = pd.Series([value]).astype(series.dtype)
            cells[column.name] = series
        return complete(pd.DataFrame(cells), CONSULTATIONS)

    def to_json(self) -> dict[str, Any]:
        """Plain values for JSON, dates as YYYY-MM-DD, unknown as null."""
        plain = asdict(self)
        for column in CONSULTATIONS.columns:
            if column.kind is Kind.DATE and plain[column.name] is not None:
                plain[column.name] = plain[column.name].date().isoformat()
            elif column.many:
                plain[column.name] = list(plain[column.name])
        return plain


def _cell(value: Any, *, many: bool) -> Any:
    if many:
        return tuple(value)
    return None if pd.isna(value) else value
