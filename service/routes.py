"""The addresses of the API: each takes what came over the wire to the snapshot and back."""

import json
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from matcher.render.json_text import to_mapping
from service.access.gate import Access
from service.consultations.entering import check_client
from service.http.guard import Allowed, guarded_router
from service.problems import responses
from service.schema import HealthBody, RankRequest, ShortlistBody
from service.serving.live import Serving

router = guarded_router("rank")


async def serving(request: Request) -> Serving:
    """Set by the composition root when the service starts."""
    held = request.app.state.serving
    assert isinstance(held, Serving)
    return held


Held = Annotated[Serving, Depends(serving)]


# `async`, though ranking is computing: threads would take turns at the interpreter and double the slowest answers.
@router.post("/v1/rank", response_model=ShortlistBody, responses=responses(404))
async def rank(asked: RankRequest, held: Held, access: Allowed) -> Response:
    """相談に合う専門家を理由つきで順位づけする。保存しない (ranks the experts, says why, and stores nothing)."""
    if asked.hub_id is not None:
        access.must_see(asked.hub_id)
    if access.hub is not None and asked.client_id is not None and asked.client_id.strip():
        await run_in_threadpool(_must_know, asked.client_id.strip(), access, held)
    snapshot, lang = await held.snapshot_soon(), asked.lang or held.lang
    shortlist = snapshot.rank(asked.consultation(), k=asked.k, lang=lang, risk=asked.risk, on=held.today())
    # Plain bytes: tests hold them to the declared model, once instead of at every request.
    return Response(_json(to_mapping(shortlist, details=False)), media_type="application/json")


def _must_know(client_id: str, access: Access, held: Serving) -> None:
    """A warning would tell how often the client was visited."""
    with held.store.read() as tx:
        check_client(tx, client_id, access, access.hub)


@router.get("/health")
async def health(held: Held) -> HealthBody:
    """どのモデルとデータで答えているか (which model and data answer)."""
    snapshot = await held.snapshot_soon()
    # Open to all: how large the register is, and how often it changes, is not for everybody.
    data = {"fingerprint": snapshot.data_fingerprint}
    return HealthBody.model_validate({"status": "ok", "model": snapshot.model.identity, "data": data})


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
