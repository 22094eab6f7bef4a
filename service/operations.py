"""What operators and their programs ask: does it live, is it ready, how much does it do."""

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from service.http.guard import guarded_router
from service.http.metrics import MEDIA_TYPE
from service.problems import Refused

router = guarded_router("operations")
READY: dict[str, JsonValue] = {"status": "ok"}


class StateBody(BaseModel):
    """It works."""

    model_config = ConfigDict(json_schema_extra={"examples": [READY]})

    status: str = Field(description="ok")


@router.get("/health/live")
async def live() -> StateBody:
    """プロセスが応答している (the process answers)."""
    return StateBody(status="ok")


@router.get("/health/ready")
async def ready(request: Request) -> StateBody:
    """要求に応えられる。だめなら、だめな部分の名を errors に (it can work; else 503 and `errors` name the parts)."""
    failing = await request.app.state.readiness.failing()
    if failing:
        raise Refused(503, errors=[(name, "動いていること (a part that works)") for name in failing])
    return StateBody(status="ok")


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def metrics(request: Request) -> Response:
    """Prometheus 用の計数 (counts for Prometheus)."""
    return Response(request.app.state.metrics.text(), media_type=MEDIA_TYPE)
