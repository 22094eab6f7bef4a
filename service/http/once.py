"""POST that stores: its effect and its answer in one transaction, once for each `Idempotency-Key`."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response

from service.http.guard import Allowed
from service.problems import Refused
from service.store.engine import Store, Tx
from service.store.idempotency import KeptAnswer, claim, keep_answer

REPLAYED = "Idempotency-Replayed"
_MEANING = "再送しても一度だけ効かせる番号 (a key of your own: the same request again has no second effect)"
_KEY = "^[!-~]{1,200}$"  # visible ASCII
_DIFFERENT = "この Idempotency-Key は別の要求に使われました (this Idempotency-Key was used for another request)"


@dataclass(frozen=True)
class Answer:
    """What to answer with: a status, something JSON can write (or bytes of JSON), and headers."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)

    def content(self) -> bytes:
        """The body's bytes."""
        return self.body if isinstance(self.body, bytes) else as_json(self.body)


class Once:
    """Runs a piece of work in one writing transaction, or gives the answer that it had the first time."""

    def __init__(self, store: Store, principal_id: str, key: str | None, request_hash: str, keep: timedelta) -> None:
        self.store = store
        self.principal_id = principal_id
        self.key = key
        self.request_hash = request_hash
        self.keep = keep

    def __call__(self, work: Callable[[Tx], Answer]) -> Response:
        """The answer. An exception of `work` undoes everything, the key included: the same may be sent again.

        Raises 422 where the key was used for another request.
        """
        with self.store.write() as tx:
            kept = claim(tx, self.principal_id, self.key, self.request_hash, self.keep) if self.key else None
            if kept is None:
                return self._first(tx, work)
        if kept.request_hash != self.request_hash:
            raise Refused(422, _DIFFERENT, [("idempotency-key", _DIFFERENT)])
        return _response(kept, {REPLAYED: "true"})

    def part(self, name: str) -> "Once":
        """A transaction of its own for what the rest of the same request builds on, once for the same key, too."""
        key = None if self.key is None else f"{self.key} {name}"  # no client's key has a blank
        return Once(self.store, self.principal_id, key, self.request_hash, self.keep)

    def _first(self, tx: Tx, work: Callable[[Tx], Answer]) -> Response:
        answer = work(tx)
        kept = KeptAnswer(self.request_hash, answer.status, dict(answer.headers), answer.content())
        if self.key:
            keep_answer(tx, self.principal_id, self.key, kept)
        return _response(kept, {})


def _response(kept: KeptAnswer, more: Mapping[str, str]) -> Response:
    return Response(kept.body, kept.status, {**kept.headers, **more}, "application/json")


def as_json(value: Any) -> bytes:
    """UTF-8, without spaces; raises `ValueError` for NaN."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


async def _once(
    request: Request,
    access: Allowed,
    idempotency_key: Annotated[str | None, Header(description=_MEANING, pattern=_KEY)] = None,
) -> Once:
    state = request.app.state
    keep = timedelta(hours=state.settings.idempotency_hours)
    return Once(state.store, access.principal.id, idempotency_key, await _request_hash(request, idempotency_key), keep)


async def _request_hash(request: Request, key: str | None) -> str:
    """Over method, address and body; nothing where no key asks for it."""
    if key is None:
        return ""
    address = f"{request.method} {request.url.path}?{request.url.query}\n"
    return hashlib.sha256(address.encode() + await request.body()).hexdigest()


OnceOnly = Annotated[Once, Depends(_once)]
