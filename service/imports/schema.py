"""What goes over the wire of imports."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field


class FaultBody(BaseModel):
    """A wrong place; `row` as a spreadsheet shows it (the header is row 1), 0: the whole table."""

    table: str
    file: str
    row: int
    column: str
    value: str
    accepted: str


class ReportBody(BaseModel):
    """How the file was read, and all that is wrong with it (of very many faults the first 1,000)."""

    ok: bool
    path: str
    as_of: str
    counts: dict[str, int]
    unknown_columns: dict[str, list[str]]
    encodings: dict[str, str]
    warnings: list[str]
    faults: list[FaultBody]
    fault_count: int


class ChangesBody(BaseModel):
    """What a table's rows would change; `only_here` counts stored rows that the file has not: they stay."""

    added: int
    changed: int
    unchanged: int
    only_here: int
    added_ids: list[str]
    changed_columns: dict[str, list[str]] = Field(description="番号ごとの変わる列 (by id, the columns that change)")


class ImportListed(BaseModel):
    """A file that was sent in."""

    import_id: str
    status: Literal["checked", "refused", "applied", "expired"]
    source: str | None
    principal_id: str
    content_sha256: str
    base_revision: int = Field(description="この時点のデータと比べた (the data that it was compared with)")
    applied_revision: int | None
    created_at: datetime
    applied_at: datetime | None


class ImportBody(ImportListed):
    """With what was found in it; both are null once they are too old to be kept."""

    report: ReportBody | None
    difference: dict[str, ChangesBody] | None
