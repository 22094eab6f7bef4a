"""What goes over the wire of models."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field


class RegisteredModelBody(BaseModel):
    """A version: what it is, what it was measured at before it could serve (null: never), and whether it serves."""

    model_id: str
    fingerprint: str = Field(description="SHA-256 of the model file's content")
    active: bool = Field(description="使用中 (it serves)")
    card: dict[str, Any] = Field(description="何から学んだか (what it has learned from)")
    figures: dict[str, Any] | None = Field(description="使用中のモデルとの比較 (compared with the active one)")
    data_revision: int | None = Field(description="学んだデータの版 (the revision of the data; null: from elsewhere)")
    created_by: str | None
    created_at: datetime
    refused_at: datetime | None = Field(description="使えないと分かった時 (when its file was found to be unusable)")
    refused_because: str | None
