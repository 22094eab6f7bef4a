"""What goes over the wire of stored shortlists and of decisions."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from matcher.lang import Lang
from matcher.risk import Risk
from service.consultations.schema import TYPED, ConsultationRequest
from service.http.bodies import Asked
from service.schema import ShortlistBody
from service.store.decisions import Kind

WANTED: dict[str, Any] = {"consultation": TYPED, "k": 5}
DECIDED: dict[str, Any] = {"kind": "expert", "expert_id": "E00008", "reason": "同業種の経験があるため"}


class ShortlistRequest(Asked):
    """A shortlist for a consultation that is kept (`consultation_id`), or for a new one, which is kept first."""

    model_config = ConfigDict(json_schema_extra={"examples": [WANTED]})

    consultation_id: str | None = Field(None, min_length=1, description="登録済みの相談の番号 (of one that is kept)")
    consultation: ConsultationRequest | None = Field(
        None, description="新しい相談。番号の代わりに (a new consultation)"
    )
    k: int = Field(10, ge=1, le=10_000, description="人数、1 から 10000 (how many experts, 1 to 10000)")
    lang: Lang | None = Field(None, description="ja / en (the language of the reasons)")
    risk: Risk = Field("neutral", description="neutral 期待値の順 / cautious 区間の下限の順 (order by)")


class DecisionRequest(Asked):
    """What was decided: `expert` with `expert_id`, `solved_without_expert`, or `nobody_suitable`."""

    model_config = ConfigDict(json_schema_extra={"examples": [DECIDED]})

    kind: Kind = Field(strict=False, description=f"どう決めたか (one of): {', '.join(Kind)}")
    expert_id: str | None = Field(None, min_length=1, description="専門家の番号、何位でも (an expert, of any rank)")
    reason: str | None = Field(None, max_length=2000, description="理由、2000 字まで (why, up to 2000 letters)")


class DecisionBody(BaseModel):
    """A decision; `rank` is null for an expert who was not on the shortlist."""

    decision_id: str
    shortlist_id: str
    consultation_id: str | None
    hub_id: str | None
    principal_id: str
    kind: Kind
    expert_id: str | None
    rank: int | None
    dispatch_id: str | None
    reason: str | None
    at: datetime


class ShortlistHead(BaseModel):
    """What a stored shortlist is, without its experts."""

    shortlist_id: str
    consultation_id: str | None
    hub_id: str | None
    principal_id: str
    as_of: date
    lang: Lang
    k: int
    revision: int = Field(description="the revision of the data that it was made from")
    model_id: str | None
    model_fingerprint: str
    data_fingerprint: str
    answer_sha256: str = Field(description="SHA-256 of the bytes of `shortlist`")
    created_at: datetime
    erased_at: datetime | None


class StoredShortlist(ShortlistHead):
    """A stored shortlist as it was shown, and the decision on it."""

    decision: DecisionBody | None
    shortlist: ShortlistBody
