"""What goes over the wire of experts: a list, a dossier, notes."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from service.http.bodies import Asked

Status = Literal["active", "suspended", "retired"]
_WITHHELD = "3 社未満のため伏せた数がある (some figures are withheld: of fewer than 3 clients)"
STATUS: dict[str, JsonValue] = {"status": "suspended"}
NOTE: dict[str, JsonValue] = {"text": "説明が丁寧。製造業に強い。"}


class StatusRequest(Asked):
    """An expert's new status."""

    model_config = ConfigDict(json_schema_extra={"examples": [STATUS]})

    status: Status = Field(description="active / suspended 休止中 / retired 引退")


class NoteRequest(Asked):
    """What a hub writes down of an expert."""

    model_config = ConfigDict(json_schema_extra={"examples": [NOTE]})

    text: str = Field(min_length=1, max_length=4000, description="1 から 4000 字 (a note, 1 to 4,000 letters)")


class NoteBody(BaseModel):
    """A hub's note on an expert; `revision` is its ETag."""

    note_id: str
    expert_id: str
    hub_id: str | None
    principal_id: str
    text: str
    revision: int
    created_at: datetime
    changed_at: datetime


class ExpertBody(BaseModel):
    """An expert as the register has it, that is, as they say themselves; null is unknown. `revision` is the ETag."""

    expert_id: str
    name: str
    kana: str | None
    prefecture_code: str | None
    municipality: str | None
    service_prefectures: list[str]
    remote: bool | None
    categories: list[str]
    industries: list[str]
    qualifications: list[str]
    years_experience: float | None
    style: str | None
    introduction: str | None
    capacity_per_month: int | None
    registered_on: date | None
    status: Status
    affiliations: list[str]
    revision: int


class ShareBody(BaseModel):
    """`yes` of `known`; `lower` and `upper` hold the central 90 % (Beta posterior, Jeffreys' prior)."""

    known: int = Field(ge=1)
    yes: int = Field(ge=0)
    share: float = Field(ge=0, le=1)
    lower: float = Field(ge=0, le=1)
    upper: float = Field(ge=0, le=1)


class TallyBody(BaseModel):
    """Dispatches that count as cases; null `cases`: some, but of fewer than 3 clients."""

    cases: int | None
    clients: int | None
    last_month: str | None = Field(description="YYYY-MM")
    resolved: ShareBody | None
    on_time: ShareBody | None = Field(description="期限内の報告 (reports on time)")
    withheld: bool = Field(description=_WITHHELD)


class CategoryBody(TallyBody):
    """What is claimed of a category beside what is recorded in it."""

    category: str
    name: str
    claimed: bool


class LoadBody(BaseModel):
    """The month's dispatches against what the expert can take; null is unknown."""

    month: str = Field(description="YYYY-MM")
    used: int
    capacity: int | None
    left: int | None


class CasesBody(BaseModel):
    """How many; null: withheld, as they or other cases are of fewer than 3 clients."""

    cases: int | None
    withheld: bool


class SimilarBody(BaseModel):
    """Earlier cases that have something in common with the consultation; null: it is unknown there."""

    consultation_id: str
    same_category: CasesBody
    same_industry: CasesBody | None
    same_prefecture: CasesBody | None


class DossierBody(BaseModel):
    """What is known of an expert, for those who do not know them."""

    expert: ExpertBody = Field(description="本人の申告 (what the expert says)")
    record: TallyBody = Field(description="記録された事実 (what was recorded)")
    categories: list[CategoryBody] = Field(description="申告と記録を並べて (claims beside records)")
    load: LoadBody
    similar: SimilarBody | None
    notes: list[NoteBody] = Field(description="見える覚え書きの新しい 20 件 (the newest 20 notes to be seen)")
