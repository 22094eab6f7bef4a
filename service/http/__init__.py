"""The foundation of all routes. What a route's author writes, and what is there already.

A router is `guarded_router(tag)` of `service.http.guard`, listed in `service.app.ROUTERS`; the addresses are written
out (`/v1/...`). A route's name is its function's name, unique among all, and

1. is listed in `service.access.policy.POLICY`: which roles, how far each sees, which scope a key needs. Not listed: 403
   for everybody, and `tests/service/test_matrix.py` says what to add (there, too: one request that it answers).
2. declares with `responses=responses(404, 409, ...)` of `service.problems` what it alone can answer. Everything else
   (400, 401, 403, 408, 413, 415, 422, 429, 500, 503) is documented for it by `service.http.openapi`.
3. is `def` where it touches the database, `async def` only where it reads memory alone.

    router = guarded_router("consultations")

    @router.get("/v1/consultations/{consultation_id}", responses=responses(404))
    def read_consultation(consultation_id: str, access: Allowed, store: Stored, response: Response) -> ConsultationBody:
        with store.read() as tx:
            row = consultations.get(tx, consultation_id)      # MissingError -> 404
        access.must_see(row.hub_id)                           # another hub's -> 404
        response.headers.update(etag(row.revision))
        return ...

    @router.get("/v1/consultations", response_model=Paged[ConsultationBody])
    def list_consultations(access: Allowed, store: Stored, page: Paging) -> Any:
        with store.read() as tx:                              # access.hub: the only hub to be seen; None: all
            rows = consultations.list(tx, hub_id=access.hub, after=page.after(str, str), limit=page.fetch)
        return page.of(rows, key=lambda row: (row.received_on, row.consultation_id))

    @router.post("/v1/consultations", status_code=201, response_model=ConsultationBody, responses=responses(409))
    def create_consultation(asked: ConsultationRequest, access: Allowed, once: OnceOnly) -> Response:
        access.must_see(asked.hub_id)
        def work(tx: Tx) -> Answer:                           # one transaction: effect, audit, kept answer
            row = consultations.create(tx, ...)
            return Answer(201, {...}, etag(row.revision))
        return once(work)                                     # with `Idempotency-Key`: once; else a plain transaction

    @router.patch("/v1/consultations/{consultation_id}", responses=responses(404, 412, 428))
    def change_consultation(consultation_id: str, asked: ..., expected: Expected, ...) -> ...:
        consultations.change(tx, consultation_id, ..., expected)   # StaleError -> 412; no If-Match -> 428

| import | from | is |
|---|---|---|
| `guarded_router`, `Allowed`, `Stored` | `service.http.guard` | router; `Access`: `.principal`, `.hub`, \
`.reach`, `.sees(hub)`, `.must_see(hub)`; the store |
| `etag(revision)`, `Expected` | `service.http.etags` | ETag header; the revision in If-Match (412, 428) |
| `Paging`, `Paged[T]` | `service.http.pages` | `limit` and `cursor`; the answer's model |
| `OnceOnly`, `Answer`, `as_json` | `service.http.once` | Idempotency-Key |
| `Refused(status, detail, [(field, accepted)])`, `responses` | `service.problems` | other problems, in our words |
| `request.state.request_id` | | the id for the audit |

Errors of the store (`service.store.errors`) and of the library (`MatcherError`) become problems by themselves. A
request's model is strict, forbids extras and infinite numbers (`service.http.bodies.Asked`), and describes each field:
that text is what an error about the field shows. A file is a body of its own media type,
`content: Annotated[bytes, Body(media_type="text/csv")]`, or read from the `Request` where there are several; forms
would need another package.
"""
