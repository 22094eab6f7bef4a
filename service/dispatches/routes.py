"""Dispatches: listed, read, moved on to the next status, and their outcomes, which are what the model learns from."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import Query, Response

from matcher.columns import DISPATCHES as COLUMNS
from matcher.errors import InvalidValueError
from service.access.gate import Access
from service.cells import read_cells
from service.dispatches.schema import DispatchBody, OutcomeRequest, Status, StatusRequest
from service.http.etags import Expected, etag
from service.http.guard import Allowed, Stored, guarded_router
from service.http.once import Answer, OnceOnly
from service.http.pages import Paged, Paging
from service.http.trail import Audited
from service.problems import Refused, responses
from service.routes import Held
from service.store import dispatches
from service.store.engine import Tx
from service.store.history import Row

router = guarded_router("dispatches")
ById = Annotated[str | None, Query(min_length=1, max_length=200)]
_DAYS = "決定（終了していれば終了）からの日数 (days since the decision, or the completion where that is known)"


@router.get("/v1/dispatches", response_model=Paged[DispatchBody])
def list_dispatches(
    access: Allowed,
    store: Stored,
    trail: Audited,
    page: Paging,
    consultation_id: ById = None,
    expert_id: ById = None,
    status: Status | None = None,
) -> Any:
    """派遣の一覧、新しい順 (the dispatches, the newest first)."""
    after = page.after(str, str)
    with store.write() as tx:
        rows = dispatches.page(
            tx,
            hub_id=access.hub,
            consultation_id=consultation_id,
            expert_id=expert_id,
            status=status,
            after=after,
            limit=page.fetch,
        )
        trail(tx, "dispatches listed", None, {"rows": min(len(rows), page.limit)})
    return page.of(rows, key=dispatches.key_of)


@router.get("/v1/follow-ups", response_model=Paged[DispatchBody])
def list_follow_ups(
    access: Allowed,
    store: Stored,
    trail: Audited,
    held: Held,
    page: Paging,
    days: Annotated[int, Query(ge=0, le=3650, description=_DAYS)] = 30,
) -> Any:
    """結果の確認が要る派遣: 解決したか分からないまま日数が過ぎたもの (dispatches whose outcome is due)."""
    after = page.after(str, str)
    since = held.today().date() - timedelta(days=days)
    with store.write() as tx:
        rows = dispatches.page(tx, hub_id=access.hub, due_since=since, after=after, limit=page.fetch)
        trail(tx, "follow-ups listed", None, {"rows": min(len(rows), page.limit)})
    return page.of(rows, key=dispatches.key_of)


@router.get("/v1/dispatches/{dispatch_id}", response_model=DispatchBody, responses=responses(404))
def read_dispatch(dispatch_id: str, access: Allowed, store: Stored, trail: Audited, response: Response) -> Any:
    """派遣一件 (one dispatch)."""
    with store.write() as tx:
        row = visible(tx, dispatch_id, access)
        trail(tx, "dispatch read", subject_of(dispatch_id))
    response.headers.update(etag(row["revision"]))
    return row


@router.patch("/v1/dispatches/{dispatch_id}", response_model=DispatchBody, responses=responses(404, 409, 412, 428))
def change_dispatch(
    dispatch_id: str,
    asked: StatusRequest,
    expected: Expected,
    held: Held,
    access: Allowed,
    store: Stored,
    trail: Audited,
    response: Response,
) -> Any:
    """次の状態にする。続かない状態や制度に反するものは 409 (the next status; 409 for one that does not follow)."""
    programme, on = held.programme, held.today()
    with store.write() as tx:
        tx.hold()
        old = visible(tx, dispatch_id, access)
        try:
            new = dispatches.change_status(tx, dispatch_id, asked.status, expected=expected, programme=programme, on=on)
        except InvalidValueError as error:
            raise Refused(409, errors=[("status", error.accepted)]) from None
        trail(tx, "dispatch changed", subject_of(dispatch_id), {"from": old["status"], "to": new["status"]})
    response.headers.update(etag(new["revision"]))
    return old | new


@router.post(
    "/v1/dispatches/{dispatch_id}/outcome", response_model=DispatchBody, responses=responses(404, 409, 412, 428)
)
def record_outcome(
    dispatch_id: str,
    asked: OutcomeRequest,
    expected: Expected,
    held: Held,
    access: Allowed,
    once: OnceOnly,
    trail: Audited,
) -> Response:
    """結果を記録し、派遣を完了にする。学習に使う (records what came of it: what the model learns from)."""
    outcome = read_cells(COLUMNS, asked.model_dump(exclude_unset=True), today=held.today().date())

    def work(tx: Tx) -> Answer:
        tx.hold()
        old = visible(tx, dispatch_id, access)
        try:
            new = dispatches.record_outcome(tx, dispatch_id, outcome, expected=expected)
        except InvalidValueError as error:
            raise Refused(409, errors=[("status", error.accepted)]) from None
        trail(tx, "outcome recorded", subject_of(dispatch_id), {"fields": sorted(outcome)})
        body = DispatchBody.model_validate(old | new).model_dump(mode="json")
        return Answer(200, body, etag(new["revision"]))

    return once(work)


def visible(tx: Tx, dispatch_id: str, access: Access) -> Row:
    """The row with its consultation's hub and client. Raises `MissingError`, and 404 for another hub's."""
    row = dispatches.read(tx, dispatch_id)
    access.must_see(row["hub_id"])
    return row


def subject_of(dispatch_id: str) -> str:
    """What the audit trail calls it."""
    return f"dispatch:{dispatch_id}"
