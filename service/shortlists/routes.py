"""Shortlists: made and kept, listed, read as they were shown, written out for spreadsheets."""

import json
from typing import Annotated, Any

from fastapi import Query, Response

from matcher.render import render
from service.access.gate import Access
from service.consultations.entering import consultation_of, enter, parsed
from service.consultations.routes import subject_of as consultation_subject
from service.consultations.routes import visible as visible_consultation
from service.http.guard import Allowed, Stored, guarded_router
from service.http.once import Answer, Once, OnceOnly
from service.http.pages import Paged, Paging
from service.http.trail import Audited, Trail
from service.problems import Refused, responses
from service.routes import Held
from service.serving.live import Serving
from service.shortlists.keeping import body_of, keep, subject_of
from service.shortlists.ranking import ranking
from service.shortlists.reading import shortlist_of
from service.shortlists.schema import ShortlistHead, ShortlistRequest, StoredShortlist
from service.store import decisions, shortlists
from service.store.engine import Store, Tx
from service.store.history import Row

router = guarded_router("shortlists")
_ONE = "consultation_id か consultation の一方 (either consultation_id or consultation)"
_FILES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}


@router.post("/v1/shortlists", status_code=201, response_model=StoredShortlist, responses=responses(404, 409))
def create_shortlist(
    asked: ShortlistRequest, held: Held, access: Allowed, store: Stored, once: OnceOnly, trail: Audited
) -> Response:
    """相談に合う専門家を順位づけし、再現できるように保存する (ranks, and keeps all that the shortlist rests on)."""
    if (asked.consultation_id is None) == (asked.consultation is None):
        raise Refused(422, errors=[("consultation_id", _ONE)])
    consultation_id = asked.consultation_id or _entered(asked, held, access, once.part("consultation"), trail)
    with store.read() as tx:
        consultation = consultation_of(visible_consultation(tx, consultation_id, access))
    lang = asked.lang or held.lang
    made = ranking(held.whole, consultation, k=asked.k, lang=lang, risk=asked.risk, on=held.today())
    return once(lambda tx: Answer(201, body_of(keep(tx, made, trail), None)))


def _entered(asked: ShortlistRequest, held: Serving, access: Access, once: Once, trail: Trail) -> str:
    """The id of the new consultation, kept before it is ranked: the ranking is to know its client."""
    held.snapshot.model.ranker.with_risk(asked.risk)  # what cannot be ranked is not kept
    assert asked.consultation is not None
    new, on = asked.consultation, held.today()
    consultation = parsed(new.typed(), held.snapshot.data, on)

    def work(tx: Tx) -> Answer:
        row = enter(tx, new, consultation, access, on.date())
        trail(tx, "consultation created", consultation_subject(row["consultation_id"]))
        return Answer(201, {"consultation_id": row["consultation_id"]})

    return str(json.loads(bytes(once(work).body))["consultation_id"])


@router.get("/v1/shortlists", response_model=Paged[ShortlistHead])
def list_shortlists(
    access: Allowed,
    store: Stored,
    trail: Audited,
    page: Paging,
    consultation_id: Annotated[str | None, Query(min_length=1, max_length=200)] = None,
) -> Any:
    """保存した推薦一覧、新しい順 (the stored shortlists, the newest first)."""
    after = page.after(str, str)
    with store.write() as tx:
        wanted = {"hub_id": access.hub, "consultation_id": consultation_id}
        rows = shortlists.page(tx, **wanted, after=after, limit=page.fetch)
        trail(tx, "shortlists listed", None, {"rows": min(len(rows), page.limit)})
    return page.of(rows, key=shortlists.key_of)


def _as_file(form: str) -> dict[int | str, dict[str, Any]]:
    shown = {_FILES[form]: {"schema": {"type": "string", "format": "binary"}}}
    return {200: {"description": "the file", "content": shown}} | responses(404, 410)


@router.get("/v1/shortlists/{shortlist_id}.xlsx", response_class=Response, responses=_as_file("xlsx"))
def shortlist_as_xlsx(shortlist_id: str, access: Allowed, store: Stored, trail: Audited) -> Response:
    """推薦一覧を Excel で (the stored shortlist as a workbook)."""
    return _file(shortlist_id, "xlsx", access, store, trail)


@router.get("/v1/shortlists/{shortlist_id}.csv", response_class=Response, responses=_as_file("csv"))
def shortlist_as_csv(shortlist_id: str, access: Allowed, store: Stored, trail: Audited) -> Response:
    """推薦一覧を CSV で (the stored shortlist as CSV)."""
    return _file(shortlist_id, "csv", access, store, trail)


def _file(shortlist_id: str, form: str, access: Access, store: Store, trail: Trail) -> Response:
    with store.write() as tx:
        row = readable(tx, shortlist_id, access)
        trail(tx, "shortlist exported", subject_of(shortlist_id), {"form": form})
    content = render(shortlist_of(json.loads(row["answer"])), form)
    name = {"Content-Disposition": f'attachment; filename="shortlist.{form}"'}
    return Response(content, headers=name, media_type=_FILES[form])


@router.get("/v1/shortlists/{shortlist_id}", response_model=StoredShortlist, responses=responses(404, 410))
def read_shortlist(shortlist_id: str, access: Allowed, store: Stored, trail: Audited) -> Response:
    """推薦一覧を見せたときのまま、決定とともに (as it was shown, with the decision on it)."""
    with store.write() as tx:
        row = readable(tx, shortlist_id, access)
        content = body_of(row, decisions.find(tx, shortlist_id))
        trail(tx, "shortlist read", subject_of(shortlist_id))
    return Response(content, media_type="application/json")


def visible(tx: Tx, shortlist_id: str, access: Access) -> Row:
    """The row. Raises `MissingError`, and 404 for another hub's."""
    row = shortlists.read(tx, shortlist_id)
    access.must_see(row["hub_id"])
    return row


def readable(tx: Tx, shortlist_id: str, access: Access) -> Row:
    """The same with its answer. Raises 410 where a person in it was erased."""
    row = visible(tx, shortlist_id, access)
    if row["answer"] is None:
        raise Refused(410)
    return row
