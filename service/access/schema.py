"""What goes over the wire to begin a session."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from service.access.principal import Role
from service.http.bodies import Asked

LOGIN: dict[str, JsonValue] = {"login": "tanaka", "password": "correct horse battery staple"}


class LoginRequest(Asked):
    """A user's login and password."""

    model_config = ConfigDict(json_schema_extra={"examples": [LOGIN]})

    login: str = Field(min_length=1, max_length=100, description="ログイン名 (the login)")
    password: str = Field(min_length=1, max_length=200, description="パスワード (the password)")


class SessionBody(BaseModel):
    """Who is logged in, and until when at most."""

    login: str
    name: str
    role: Role
    hub_id: str | None
    expires_at: datetime
