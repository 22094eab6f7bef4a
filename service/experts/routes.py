"""Experts: search, dossier, status; hubs' notes on them. Any expert may be seen by everybody, notes by their hub."""

from typing import Annotated, Any

from fastapi import Query, Response

from matcher.reference.prefectures import ACCEPTED, prefecture_code
from service.access.gate import Access
from service.experts.dossier import dossier, shown, taxonomy_of
from service.experts.schema import DossierBody, ExpertBody, NoteBody, NoteRequest, Status, StatusRequest
from service.http.etags import Expected, etag
from service.http.guard import Allowed, Stored, guarded_router
from service.http.once import Answer, OnceOnly
from service.http.pages import Paged, Paging
from service.http.trail import Audited
from service.problems import Refused, responses
from service.routes import Held
from service.store import erasures, experts, notes
from service.store.consultations import CONSULTATIONS
from service.store.engine import Tx
from service.store.experts import EXPERTS, Wanted
from service.store.history import Row
from service.store.pseudonyms import pseudonym

router = guarded_router("experts")
_STOPPED = "利用停止中です。privacy stop-use --lift で解きます (the use was stopped on request; lift that first)"


def _asked(ja_en: str) -> Any:
    return Query(description=ja_en, min_length=1, max_length=200)


@router.get("/v1/experts", response_model=Paged[ExpertBody])
def list_experts(
    store: Stored,
    trail: Audited,
    page: Paging,
    text: Annotated[str | None, _asked("番号・氏名・かな・紹介文の一部 (part of id, name, kana, introduction)")] = None,
    name: Annotated[str | None, _asked("氏名かかなの一部 (part of the name or its kana)")] = None,
    category: Annotated[
        str | None, _asked("相談分野のコードか名称、下位を含む (a category and those below it)")
    ] = None,
    prefecture: Annotated[str | None, _asked("所在地か対応地域の都道府県 (where they are or serve)")] = None,
    qualification: Annotated[str | None, _asked("資格の一部 (part of a qualification)")] = None,
    status: Annotated[Status | None, Query(description="active / suspended / retired")] = None,
) -> Any:
    """専門家を探す。全角半角・かなの別は問わない (searches experts, however the words are written)."""
    after = page.after(str)
    with store.read() as tx:
        wanted = Wanted(text, name, _with_those_below(tx, category), _prefecture(prefecture), qualification, status)
        rows = experts.page(tx, wanted, after=after, limit=page.fetch)
    with store.write() as tx:
        trail(tx, "experts listed", None, {"rows": min(len(rows), page.limit)})
    return page.of(list(map(shown, rows)), key=lambda row: (row["expert_id"],))


@router.get("/v1/experts/{expert_id}", response_model=DossierBody, responses=responses(404))
def read_expert(
    expert_id: str,
    held: Held,
    access: Allowed,
    store: Stored,
    trail: Audited,
    response: Response,
    consultation_id: Annotated[str | None, _asked("この相談に似た案件も数える (counts cases like this one)")] = None,
) -> Any:
    """専門家一人の調書: 申告、記録、稼働、覚え書き (a dossier: claims, records, load, notes)."""
    with store.read() as tx:
        asked = None if consultation_id is None else _consultation(tx, consultation_id, access)
        made = dossier(
            tx,
            expert_id,
            hub_id=access.hub,
            consultation=asked,
            programme=held.programme,
            on=held.today().date(),
        )
    with store.write() as tx:
        trail(tx, "expert read", pseudonym(tx, "expert", expert_id))
    response.headers.update(etag(made["expert"]["revision"]))
    return made


@router.patch("/v1/experts/{expert_id}/status", response_model=ExpertBody, responses=responses(404, 409, 412, 428))
def change_expert_status(
    expert_id: str, asked: StatusRequest, expected: Expected, store: Stored, trail: Audited, response: Response
) -> Any:
    """登録状態を変える。次の要求から効く (changes the status, from the next request on)."""
    with store.write() as tx:
        if asked.status == "active" and erasures.stopped(tx, "expert", [expert_id]):
            raise Refused(409, _STOPPED)
        row = EXPERTS.change(tx, expert_id, {"status": asked.status}, expected=expected)
        trail(tx, "expert status changed", pseudonym(tx, "expert", expert_id), {"status": asked.status})
    response.headers.update(etag(row["revision"]))
    return shown(row)


@router.get("/v1/experts/{expert_id}/notes", response_model=Paged[NoteBody], responses=responses(404))
def list_notes(expert_id: str, access: Allowed, store: Stored, trail: Audited, page: Paging) -> Any:
    """見える覚え書き、新しい順 (the notes to be seen, the newest first)."""
    after = page.after(str, str)
    with store.write() as tx:
        EXPERTS.read(tx, expert_id)
        rows = notes.page(tx, expert_id, hub_id=access.hub, after=after, limit=page.fetch)
        trail(tx, "notes listed", pseudonym(tx, "expert", expert_id), {"rows": min(len(rows), page.limit)})
    return page.of(rows, key=notes.key_of)


@router.post("/v1/experts/{expert_id}/notes", status_code=201, response_model=NoteBody, responses=responses(404))
def create_note(expert_id: str, asked: NoteRequest, access: Allowed, once: OnceOnly, trail: Audited) -> Response:
    """覚え書きを残す。自拠点だけが読む (keeps a note, which the own hub alone reads)."""

    def work(tx: Tx) -> Answer:
        row = notes.create(tx, expert_id, asked.text, principal_id=access.principal.id, hub_id=access.principal.hub_id)
        trail(tx, "note created", f"note:{row['note_id']}")
        return Answer(201, NoteBody(**row).model_dump(mode="json"), etag(row["revision"]))

    return once(work)


@router.patch("/v1/notes/{note_id}", response_model=NoteBody, responses=responses(404, 412, 428))
def change_note(
    note_id: str,
    asked: NoteRequest,
    expected: Expected,
    access: Allowed,
    store: Stored,
    trail: Audited,
    response: Response,
) -> Any:
    """覚え書きを書き直す (rewrites a note)."""
    with store.write() as tx:
        _visible(tx, note_id, access)
        row = notes.change(tx, note_id, asked.text, expected=expected)
        trail(tx, "note changed", f"note:{note_id}")
    response.headers.update(etag(row["revision"]))
    return row


@router.delete("/v1/notes/{note_id}", status_code=204, responses=responses(404, 412, 428))
def remove_note(note_id: str, expected: Expected, access: Allowed, store: Stored, trail: Audited) -> None:
    """覚え書きを消す (removes a note)."""
    with store.write() as tx:
        _visible(tx, note_id, access)
        notes.remove(tx, note_id, expected=expected)
        trail(tx, "note removed", f"note:{note_id}")


def _visible(tx: Tx, note_id: str, access: Access) -> None:
    access.must_see(notes.read(tx, note_id)["hub_id"])


def _consultation(tx: Tx, consultation_id: str, access: Access) -> Row:
    row = CONSULTATIONS.read(tx, consultation_id)
    access.must_see(row["hub_id"])
    return row


def _with_those_below(tx: Tx, category: str | None) -> tuple[str, ...]:
    """The category and all below it. Raises 422 for none of the taxonomy's."""
    if category is None:
        return ()
    taxonomy = taxonomy_of(tx)
    code = taxonomy.resolve(category.strip())
    if code is None:
        raise Refused(422, errors=[("category", "相談分野のコードか名称 (a category, by code or name)")])
    found = [code]
    for one in found:
        found += taxonomy.children(one)
    return tuple(found)


def _prefecture(text: str | None) -> str | None:
    """Raises 422 for no prefecture."""
    if text is None:
        return None
    code = prefecture_code(text)
    if code is None:
        raise Refused(422, errors=[("prefecture", ACCEPTED)])
    return code
