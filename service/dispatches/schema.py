"""What goes over the wire of dispatches and their outcomes."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from service.consultations.schema import Flag
from service.http.bodies import Asked
from service.schema import Number

Status = Literal["offered", "accepted", "declined", "completed", "cancelled"]
OUTCOME: dict[str, Any] = {
    "visits": "３",
    "completed_on": "令和8年3月31日",
    "resolved": "はい",
    "satisfaction": 4,
    "report_on_time": True,
}


class StatusRequest(Asked):
    """Where a dispatch is now."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "accepted"}]})

    status: Status = Field(
        description="offered から accepted / declined / cancelled、そこから completed / cancelled (the next status)"
    )


class OutcomeRequest(Asked):
    """What came of a dispatch; a field that is not sent stays, null makes it unknown."""

    model_config = ConfigDict(json_schema_extra={"examples": [OUTCOME]})

    visits: Number = Field(None, description="訪問回数 (visits, a whole number)")
    completed_on: str | None = Field(None, description="終了日 2026-03-31, 令和8年3月31日 (a date, not after today)")
    resolved: Flag = Field(None, description="解決したか: はい / いいえ (resolved: yes / no)")
    satisfaction: Number = Field(None, description="満足度 1 から 5 (satisfaction, 1 to 5)")
    report_on_time: Flag = Field(None, description="報告は期限内か: はい / いいえ (report on time: yes / no)")
    comment: str | None = Field(None, max_length=10_000, description="所見 (a comment)")


class DispatchBody(BaseModel):
    """A dispatch, with its consultation's hub and client; null is unknown. `revision` is its ETag."""

    dispatch_id: str
    consultation_id: str
    expert_id: str
    hub_id: str | None
    client_id: str | None
    decided_on: date | None
    status: Status | None
    visits: int | None
    completed_on: date | None
    resolved: bool | None
    satisfaction: float | None
    report_on_time: bool | None
    comment: str | None
    revision: int
