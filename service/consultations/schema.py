"""What goes over the wire of consultations and clients."""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from service.http.bodies import Asked
from service.schema import ConsultationBody, ConsultationFields, Number

Flag = bool | int | str | None
_FIXED = "変えられません (cannot be changed)"
CLIENT: dict[str, Any] = {"name": "株式会社みほん", "prefecture_code": "東京", "employees": "５", "registered": "はい"}
TYPED: dict[str, Any] = {
    "category": "Web・SNS・EC活用",
    "received_on": "令和8年3月2日",
    "prefecture_code": "東京",
    "mode": "どちらでも",
    "description": "ネットショップに客が来ない。",
    "client": CLIENT,
}


def _written_out(text: str) -> str:
    """The text of a day. Raises `ValueError` for a mere number, which would be taken for seconds since 1970."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ValueError
    return text


Day = Annotated[date, BeforeValidator(_written_out)]


class ClientRequest(Asked):
    """A client who is new here."""

    model_config = ConfigDict(json_schema_extra={"examples": [CLIENT]})

    client_id: str | None = Field(
        None, min_length=1, max_length=200, description="相談者の番号。無ければ付けます (an id)"
    )
    name: str | None = Field(None, description="名称 (the client's name)")
    prefecture_code: int | str | None = Field(None, description="都道府県: 13, 東京, 東京都, Tokyo (a prefecture)")
    municipality: str | None = Field(None, description="市区町村名 (a municipality's name)")
    industry: str | None = Field(None, description="日本標準産業分類のコードか名称 (an industry, JSIC)")
    employees: Number = Field(None, description="従業員数 (a whole number of people)")
    registered: Flag = Field(None, description="制度への登録: はい / いいえ (registered with the programme: yes / no)")


class ConsultationRequest(ConsultationFields):
    """A consultation, of a client who is known here (`client_id`) or a new one (`client`), or of nobody named."""

    model_config = ConfigDict(json_schema_extra={"examples": [TYPED]})

    client: ClientRequest | None = Field(None, description="新しい相談者。client_id の代わりに (a new client)")

    def typed(self) -> dict[str, Any]:
        """The consultation's fields as sent."""
        return self.model_dump(exclude={"client"}, exclude_unset=True)


class ConsultationChange(ConsultationFields):
    """The fields to be changed; null makes one unknown."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "closed"}]})

    category: str = Field("", description="相談分野のコードか名称 (a category, by code or name)")
    consultation_id: None = Field(None, description=_FIXED)
    hub_id: None = Field(None, description=_FIXED)

    def typed(self) -> dict[str, Any]:
        """The fields as sent."""
        return self.model_dump(exclude={"consultation_id", "hub_id"}, exclude_unset=True)


class StoredConsultation(ConsultationBody):
    """A consultation that is kept; `revision` is its ETag."""

    revision: int


class ClientBody(BaseModel):
    """A client; null is unknown."""

    client_id: str
    name: str | None
    prefecture_code: str | None
    municipality: str | None
    industry: str | None
    employees: int | None
    registered: bool | None
    revision: int
