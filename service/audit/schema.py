"""What goes over the wire of the audit trail."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field


class EntryBody(BaseModel):
    """Who did what. Persons are pseudonyms; `hash` chains the entry to `previous`."""

    number: int
    at: datetime
    principal_id: str | None
    action: str
    subject: str | None
    request_id: str | None
    detail: dict[str, Any]
    previous: str
    hash: str


class VerdictBody(BaseModel):
    """Whether the chain is whole. Note `head` and compare it next time: the newest entries could be cut off."""

    sound: int = Field(description="無傷の項目数 (entries that are sound)")
    head: str = Field(description="最後の無傷の項目のハッシュ (hash of the last of them)")
    broken: int | None = Field(description="最初に壊れている項目の番号 (number of the first that is broken)")
