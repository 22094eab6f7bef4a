"""Imports: a dry run that writes no data, and its application, whole or not at all."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request, Response

from service.http.guard import Allowed, Stored, guarded_router
from service.http.once import Answer, OnceOnly
from service.http.pages import Paged, Paging
from service.http.trail import Audited
from service.imports.checking import changes_in_json, check, parse, parse_again, report_in_json
from service.imports.schema import ImportBody, ImportListed
from service.imports.upload import CSV, MEDIA_TYPES, source_of
from service.problems import Refused, responses
from service.routes import Held
from service.store import imports
from service.store.engine import Tx
from service.store.errors import StaleError
from service.store.history import Row
from service.store.loading import load, newest_revision

UPLOADS = "/v1/imports"
router = guarded_router("imports")
TableName = Literal[
    "experts", "consultations", "hubs", "clients", "dispatches", "conflicts", "impressions", "categories"
]
# No schema: bytes of these types, whatever they hold, are looked at.
_TYPES: dict[str, Any] = {kind: {} for kind in MEDIA_TYPES}
_TYPES[CSV] = {"example": "expert_id,name\nE00001,山田 花子\n"}
_BODY = {"required": True, "content": _TYPES}
_NOT_WAITING = "適用を待っていません (it does not wait to be applied)"
_FAULTY = "検査し直すと誤りがあります。送り直してください (it has faults by now: send it again)"


@dataclass(frozen=True)
class Upload:
    """A file as it was sent, and the name that it is read under."""

    content: bytes
    source: str


async def _upload(
    request: Request,
    table: Annotated[TableName, Query(description="CSV の表の名 (which table a CSV is)")] = "experts",
) -> Upload:
    """Raises 415 for another type of file."""
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if sent not in MEDIA_TYPES:
        raise Refused(415, headers={"Accept": ", ".join(MEDIA_TYPES)})
    return Upload(await request.body(), source_of(sent, table))


@router.post(UPLOADS, status_code=201, response_model=ImportBody, openapi_extra={"requestBody": _BODY})
def create_import(
    upload: Annotated[Upload, Depends(_upload)], held: Held, access: Allowed, once: OnceOnly, trail: Audited
) -> Response:
    """ファイルを検査する。データは変えない (looks at a file, .xlsx, ZIP of CSV, or CSV, and changes no data)."""
    parsed = parse(once.store, upload.content, upload.source, on=held.today())

    def work(tx: Tx) -> Answer:
        checked = check(tx, parsed)
        row = imports.create(
            tx,
            upload.content,
            principal_id=access.principal.id,
            source=upload.source,
            report=report_in_json(checked.report),
            difference=None if checked.changes is None else changes_in_json(checked.changes),
        )
        trail(tx, "import checked", _subject(row), {"status": row["status"], "rows": dict(checked.report.counts)})
        return Answer(201, _shown(row))

    return once(work)


@router.get(UPLOADS, response_model=Paged[ImportListed])
def list_imports(store: Stored, page: Paging) -> Any:
    """取り込みの一覧、新しい順 (imports, the newest first)."""
    after = page.after(str, str)
    with store.read() as tx:
        rows = imports.page(tx, after=after, limit=page.fetch)
    return page.of(rows, key=imports.key_of)


@router.get("/v1/imports/{import_id}", response_model=ImportBody, responses=responses(404))
def read_import(import_id: str, store: Stored, trail: Audited) -> Any:
    """取り込み一件の検査結果と差分 (what was found in a file, and what it changes)."""
    with store.write() as tx:
        row = imports.read(tx, import_id)
        trail(tx, "import read", _subject(row))
    return _readable(row)


@router.post("/v1/imports/{import_id}/apply", response_model=ImportBody, responses=responses(404, 409, 412))
def apply_import(import_id: str, held: Held, once: OnceOnly, trail: Audited) -> Response:
    """検査したファイルを適用する。すべてか無か (applies it, whole or not at all).

    その行が検査の後に変わっていれば 412 (412 where rows of it were changed since it was looked at).
    """
    on = held.today()
    with once.store.read() as tx:
        waiting = imports.read(tx, import_id)
    content, source = waiting["content"], waiting["source"]
    parsed = None if content is None else parse(once.store, content, source, on=on)

    def work(tx: Tx) -> Answer:
        tx.hold()
        row = imports.read(tx, import_id)
        if row["status"] != imports.CHECKED or parsed is None:
            raise Refused(409, _NOT_WAITING)
        is_current = parsed.revision == tx.revision()
        checked = check(tx, parsed if is_current else parse_again(tx, content, source, on=on))
        if checked.data is None:
            raise Refused(409, _FAULTY)
        newest = newest_revision(tx, checked.data, checked.tables)
        if newest > row["base_revision"]:
            raise StaleError("import", newest)
        load(tx, checked.data, checked.tables)
        done = imports.applied(tx, import_id, revision=tx.revision())
        trail(tx, "import applied", _subject(row), {"rows": dict(checked.report.counts)})
        return Answer(200, _shown(done))

    return once(work)


def _subject(row: Row) -> str:
    return f"import:{row['import_id']}"


def _shown(row: Row) -> Any:
    return ImportBody(**_readable(row)).model_dump(mode="json")


def _readable(row: Row) -> Row:
    return row | {"report": row["report"] or None}
