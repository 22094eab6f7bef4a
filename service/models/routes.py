"""Models: listed, activated, rolled back. Workers change over beside the requests that they answer."""

from typing import Any

from fastapi import Response

from service.http.guard import Allowed, Stored, guarded_router
from service.http.once import Answer, OnceOnly
from service.http.pages import Paged, Paging
from service.http.trail import Audited
from service.models.retraining import activate, roll_back
from service.models.schema import RegisteredModelBody
from service.problems import Refused, responses
from service.routes import Held
from service.serving import model_files
from service.store import models
from service.store.engine import Store, Tx
from service.store.history import Row

router = guarded_router("models")
_UNUSABLE = "ファイルが無いか、登録時と違います (its file is missing, or not as it was registered)"


@router.get("/v1/models", response_model=Paged[RegisteredModelBody])
def list_models(store: Stored, page: Paging) -> Any:
    """モデルの一覧、新しい順 (all versions with their figures, the newest first)."""
    after = page.after(str, str)
    with store.read() as tx:
        rows, active = models.page(tx, after=after, limit=page.fetch), models.active(tx)
    return page.of([_shown(row, active) for row in rows], key=models.key_of)


@router.post("/v1/models/{model_id}/activate", response_model=RegisteredModelBody, responses=responses(404, 409))
def activate_model(
    model_id: str, held: Held, access: Allowed, store: Stored, once: OnceOnly, trail: Audited
) -> Response:
    """このモデルを使う (lets the model serve; 409 where its file is not the registered one)."""
    with store.read() as tx:
        row = models.read(tx, model_id)
    if row["refused_at"] is not None or not model_files.is_sound(held.home, row):
        _refuse(store, row)
        raise Refused(409, _UNUSABLE)

    def work(tx: Tx) -> Answer:
        made = activate(tx, model_id, by=access.principal.id, request_id=trail.request_id)
        return Answer(200, _body(made))

    return once(work)


@router.post("/v1/models/rollback", response_model=RegisteredModelBody, responses=responses(404))
def roll_back_model(access: Allowed, once: OnceOnly, trail: Audited) -> Response:
    """一つ前に使っていたモデルに戻す (lets that model serve again which did before)."""

    def work(tx: Tx) -> Answer:
        return Answer(200, _body(roll_back(tx, by=access.principal.id, request_id=trail.request_id)))

    return once(work)


def _refuse(store: Store, row: Row) -> None:
    """So that nobody activates it, and a rollback passes it by."""
    if row["refused_at"] is None:
        with store.write() as tx:
            models.refuse(tx, row["model_id"], _UNUSABLE)


def _shown(row: Row, active: Row | None) -> Row:
    return row | {"active": active is not None and active["model_id"] == row["model_id"]}


def _body(row: Row) -> dict[str, Any]:
    return RegisteredModelBody.model_validate(row | {"active": True}).model_dump(mode="json")
