"""What goes over the wire: a consultation in, a shortlist out, health. Pydantic lives here and nowhere inside."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from matcher.lang import Lang
from matcher.risk import Risk
from service.examples import ALIVE, ASKED
from service.http.bodies import Asked

Number = int | float | str | None
Many = list[str] | str | None


class ConsultationFields(Asked):
    """A consultation, its fields as the data contract names and reads them. Null and blank mean unknown."""

    category: str = Field(description="相談分野のコードか名称 (a category, by code or name)")
    consultation_id: str | None = Field(None, description="相談の番号 (an id of your own)")
    hub_id: str | None = Field(None, description="支援拠点の番号 (a hub's id)")
    client_id: str | None = Field(None, description="相談者の番号 (a client's id)")
    received_on: str | None = Field(None, description="受付日 2026-04-01, 令和8年4月1日 (a date, not after today)")
    secondary_categories: Many = Field(None, description="ほかの相談分野 (further categories: a list, or with ;)")
    prefecture_code: int | str | None = Field(
        None, description="都道府県: 13, 東京, 東京都, Tokyo (a prefecture, by code or name)"
    )
    municipality: str | None = Field(None, description="市区町村名 (a municipality's name, as in 新宿区)")
    latitude: Number = Field(None, description="緯度 (degrees north, -90 to 90)")
    longitude: Number = Field(None, description="経度 (degrees east, -180 to 180)")
    industry: str | None = Field(None, description="日本標準産業分類のコードか名称 (an industry, JSIC)")
    employees: Number = Field(None, description="従業員数 (a whole number of people)")
    mode: str | None = Field(None, description="訪問 onsite / オンライン online / どちらでも either (how to meet)")
    description: str | None = Field(None, description="相談内容 (the client's problem in words)")
    status: str | None = Field(None, description="受付中 open / 終了 closed")


class RankRequest(ConsultationFields):
    """A consultation, and what shortlist is wanted for it."""

    model_config = ConfigDict(json_schema_extra={"examples": [ASKED]})

    k: int = Field(10, ge=1, description="人数、1 以上の整数 (how many experts, 1 or more; all at most)")
    lang: Lang | None = Field(None, description="ja / en (the language of the reasons)")
    risk: Risk = Field("neutral", description="neutral 期待値の順 / cautious 区間の下限の順 (order by)")

    def consultation(self) -> dict[str, Any]:
        """The consultation's fields as sent, for `matcher.reading.parse_consultation`."""
        return self.model_dump(exclude={"k", "lang", "risk"}, exclude_unset=True)


ACCEPTED: dict[str, str] = {name: field.description or "" for name, field in RankRequest.model_fields.items()}


class ConsultationBody(BaseModel):
    """The consultation as it was understood; null is unknown."""

    category: str
    consultation_id: str | None
    hub_id: str | None
    client_id: str | None
    received_on: str | None
    secondary_categories: list[str]
    prefecture_code: str | None
    municipality: str | None
    latitude: float | None
    longitude: float | None
    industry: str | None
    employees: float | None
    mode: str | None
    description: str | None
    status: str | None


class ReasonBody(BaseModel):
    """A sentence, the feature it comes from, that feature's part of the score, and the facts behind it."""

    text: str
    feature: str
    contribution: float
    evidence: dict[str, Any]


Share = Annotated[float, Field(ge=0, le=1)]


class ItemBody(BaseModel):
    """One expert. `base` and all `contributions` sum to `score`; `lower` and `upper` hold 90 %."""

    expert_id: str
    name: str
    kana: str | None
    rank: int = Field(ge=1, description="ties share a rank: 1, 1, 3")
    tied: bool
    score: float
    probability: Share | None = Field(description="P(resolved | this expert is sent); null is unknown")
    lower: Share | None
    upper: Share | None
    confidence: str
    confidence_label: str
    reasons: list[ReasonBody]
    against: ReasonBody | None
    contributions: dict[str, float]
    base: float
    log_odds: dict[str, float]
    qualifications: list[str]
    place: str
    distance_km: float | None
    distance_basis: str


class ExclusionBody(BaseModel):
    """A rule, and the experts whom it took out before any score; of a stored shortlist `details` say why, by id."""

    rule: str
    label: str
    count: int
    expert_ids: list[str]
    details: dict[str, str] | None = None


class ModelBody(BaseModel):
    """Which model answered."""

    id: str
    fingerprint: str = Field(description="SHA-256 of the model file's content")


class DataBody(BaseModel):
    """Which data it looked at."""

    fingerprint: str = Field(description="SHA-256 over the database's id and the revision of its data")


class ShortlistBody(BaseModel):
    """The ranked, explained shortlist; `relax` says what would let experts in where nobody is eligible."""

    consultation: ConsultationBody
    category_name: str
    place: str
    model: ModelBody
    data: DataBody
    items: list[ItemBody]
    excluded: list[ExclusionBody]
    warnings: list[str]
    relax: list[str]
    eligible: int
    registered: int
    as_of: str = Field(description="the day whose rules and capacities hold, YYYY-MM-DD")
    lang: Lang


class ServingModelBody(ModelBody):
    """The model in use."""

    ranker: str
    trained_until: str


class HealthBody(BaseModel):
    """The service answers, and with what."""

    model_config = ConfigDict(json_schema_extra={"examples": [ALIVE]})

    status: str
    model: ServingModelBody
    data: DataBody
