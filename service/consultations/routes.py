"""Consultations: create, read, list, change."""

from typing import Annotated, Any

from fastapi import Query, Response

from service.access.gate import Access
from service.consultations.entering import check_client, consultation_of, enter, parsed, row_of
from service.consultations.schema import ConsultationChange, ConsultationRequest, Day, StoredConsultation
from service.http.etags import Expected, etag
from service.http.guard import Allowed, Stored, guarded_router
from service.http.once import Answer, OnceOnly
from service.http.pages import Paged, Paging
from service.http.trail import Audited
from service.problems import Refused, responses
from service.routes import Held
from service.store import consultations, dispatches
from service.store.consultations import CONSULTATIONS
from service.store.engine import Tx
from service.store.history import Row

router = guarded_router("consultations")
_EXACTLY = {"min_length": 1, "max_length": 200}
_AS_SENT = "派遣の取消まで元のまま (as it is, until the dispatch is declined or cancelled)"
ById = Annotated[str | None, Query(**_EXACTLY)]


@router.post("/v1/consultations", status_code=201, response_model=StoredConsultation, responses=responses(404, 409))
def create_consultation(
    asked: ConsultationRequest, held: Held, access: Allowed, once: OnceOnly, trail: Audited
) -> Response:
    """相談を登録する (keeps a new consultation)."""
    on = held.today()
    consultation = parsed(asked.typed(), held.snapshot.data, on)

    def work(tx: Tx) -> Answer:
        row = enter(tx, asked, consultation, access, on.date())
        trail(tx, "consultation created", subject_of(row["consultation_id"]))
        return Answer(201, shown(row), etag(row["revision"]))

    return once(work)


@router.get("/v1/consultations", response_model=Paged[StoredConsultation])
def list_consultations(
    access: Allowed,
    store: Stored,
    trail: Audited,
    page: Paging,
    client_id: ById = None,
    category: ById = None,
    status: ById = None,
    since: Annotated[Day | None, Query(description="受付日がこの日以降 (received on this day or later)")] = None,
    until: Annotated[Day | None, Query(description="受付日がこの日以前 (received on this day or before)")] = None,
) -> Any:
    """相談の一覧、新しい順。受付日の分からないものは最後 (the newest first)."""
    wanted = {"client_id": client_id, "category": category, "status": status}
    after = page.after(str, str)
    with store.write() as tx:
        rows = consultations.page(
            tx, hub_id=access.hub, **wanted, since=since, until=until, after=after, limit=page.fetch
        )
        trail(tx, "consultations listed", None, {"rows": min(len(rows), page.limit)})
    made = page.of(rows, key=consultations.key_of)
    return made | {"items": [shown(row) for row in made["items"]]}


@router.get("/v1/consultations/{consultation_id}", response_model=StoredConsultation, responses=responses(404))
def read_consultation(consultation_id: str, access: Allowed, store: Stored, trail: Audited, response: Response) -> Any:
    """相談一件 (one consultation)."""
    with store.write() as tx:
        row = visible(tx, consultation_id, access)
        trail(tx, "consultation read", subject_of(consultation_id))
    response.headers.update(etag(row["revision"]))
    return shown(row)


@router.patch(
    "/v1/consultations/{consultation_id}", response_model=StoredConsultation, responses=responses(404, 409, 412, 428)
)
def change_consultation(
    consultation_id: str,
    asked: ConsultationChange,
    expected: Expected,
    held: Held,
    access: Allowed,
    store: Stored,
    trail: Audited,
    response: Response,
) -> Any:
    """相談を直す。送った項目だけが変わる。派遣があれば相談者と分野は変えられない (changes the fields that are sent).

    The client and the category stay while there is a dispatch that is neither declined nor cancelled: 409.
    """
    typed = asked.typed()
    with store.write() as tx:
        tx.hold()
        old = visible(tx, consultation_id, access)
        new = row_of(parsed({"category": old["category"]} | typed, held.snapshot.data, held.today()))
        values = {name: new[name] for name in typed}
        if values.get("client_id") not in (None, old["client_id"]):
            check_client(tx, values["client_id"], access, old["hub_id"])
        _check_bound(tx, old, values)
        row = CONSULTATIONS.change(tx, consultation_id, values, expected=expected)
        trail(tx, "consultation changed", subject_of(consultation_id), {"fields": sorted(values)})
    response.headers.update(etag(row["revision"]))
    return shown(row)


def _check_bound(tx: Tx, old: Row, values: Row) -> None:
    """Free visits are counted by client and category: neither changes under a dispatch. Raises `Refused` 409."""
    changed = [name for name in ("client_id", "category") if name in values and values[name] != old[name]]
    if changed and dispatches.binds(tx, old["consultation_id"]):
        raise Refused(409, errors=[(name, _AS_SENT) for name in changed])


def visible(tx: Tx, consultation_id: str, access: Access) -> Row:
    """The row. Raises `MissingError`, and 404 for another hub's."""
    row = CONSULTATIONS.read(tx, consultation_id)
    access.must_see(row["hub_id"])
    return row


def shown(row: Row) -> dict[str, Any]:
    """The row as it is answered."""
    return consultation_of(row).to_json() | {"revision": row["revision"]}


def subject_of(consultation_id: str) -> str:
    """What the audit trail calls it."""
    return f"consultation:{consultation_id}"
