"""Errors as RFC 9457 problems. What a client sent is never sent back: a consultation is personal data."""

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import exc
from starlette.exceptions import HTTPException

from matcher.errors import DataError, InvalidValueError, MatcherError, UnknownValueError
from matcher.lang import Lang
from service.accepted import accepted_by
from service.store.errors import BusyError, MissingError, StaleError, TakenError
from service.store.rules import RulesError

MEDIA_TYPE = "application/problem+json"
DETAILS = {
    400: "本文を JSON として読めません (the body cannot be read as JSON)",
    401: "ログインか API キーが必要です (a log-in or an API key is needed)",
    403: "この操作の権限がありません (this is not yours to do)",
    404: "そのようなものはありません (there is no such thing)",
    405: "このアドレスでは使えない操作です (this method is not allowed here)",
    408: "要求が時間内に届きませんでした (the request did not arrive in time)",
    409: "いまの状態ではできません (this cannot be done as things stand)",
    410: "消去されました (this was erased)",
    412: "その間に変更されています。読み直してください (it was changed meanwhile: read it again)",
    413: "本文が大きすぎます (the body is too large)",
    415: "本文の形式が違います (the body is of another media type)",
    422: "受け付けられない値があります (some values cannot be accepted)",
    428: "If-Match に ETag が必要です (If-Match with the ETag that was read is needed)",
    429: "要求が多すぎます。しばらくお待ちください (too many requests: wait a little)",
    500: "サーバー内部のエラーです (an error of ours)",
    503: "いまは応答できません。しばらくお待ちください (no answer is possible now: wait a little)",
}
_RULES = "制度の決まりにより派遣できません (the programme's rules do not allow this dispatch)"
RETRY_SECONDS = 1


class WrongField(BaseModel):
    """A field that could not be accepted (empty: the whole body), and what would be."""

    field: str = Field(examples=["prefecture_code"])
    accepted: str = Field(examples=["都道府県のコードか名称 (a prefecture, by code or name)"])


class AgainstIt(BaseModel):
    """A rule of the programme that stands against sending the expert."""

    rule: str = Field(examples=["capacity"])
    label: Mapping[Lang, str] = Field(examples=[{"ja": "受入枠", "en": "capacity"}])
    detail: Mapping[Lang, str] = Field(
        examples=[{"ja": "今月の枠は残っていません", "en": "nothing is left this month"}]
    )


class Problem(BaseModel):
    """A problem after RFC 9457. `type` is `about:blank`: the status says what kind it is.

    `refusals` is there where the programme's rules do not allow something.
    """

    model_config = ConfigDict(title="Problem")

    type: str = "about:blank"
    title: str = Field(examples=["Unprocessable Entity"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=[DETAILS[422]])
    errors: list[WrongField] = []
    refusals: list[AgainstIt] | None = None


class Refused(HTTPException):
    """Raised by routes: the status, words of ours for `detail`, and the fields at fault as (field, accepted).

    Never put into them what a client sent. `detail` is the status's own words where it is empty.
    """

    def __init__(
        self,
        status: int,
        detail: str = "",
        errors: Iterable[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail or DETAILS[status], dict(headers or {}))
        self.errors = [WrongField(field=field, accepted=accepted) for field, accepted in errors]


def problem(
    status: int,
    errors: Iterable[WrongField] = (),
    headers: Mapping[str, str] | None = None,
    detail: str = "",
    refusals: list[AgainstIt] | None = None,
) -> JSONResponse:
    """The response; 429 and 503 say when to come again."""
    again = {"Retry-After": str(RETRY_SECONDS)} if status in (429, 503) else {}
    body = _body(status, errors, detail).model_copy(update={"refusals": refusals})
    return JSONResponse(body.model_dump(exclude_none=True), status, again | dict(headers or {}), MEDIA_TYPE)


def _body(status: int, errors: Iterable[WrongField] = (), detail: str = "") -> Problem:
    said = detail or DETAILS.get(status, "")
    return Problem(title=HTTPStatus(status).phrase, status=status, detail=said, errors=list(errors))


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route declares for OpenAPI beyond what `service.http.openapi` adds to every route, by status."""
    return {status: described(status) | {"model": Problem} for status in statuses}


def described(status: int) -> dict[str, Any]:
    """A problem's description and example."""
    errors = [WrongField(field="k", accepted="1 以上の整数 (1 or more)")] if status == 422 else []
    return {
        "description": HTTPStatus(status).phrase,
        "content": {"application/json": {"example": _body(status, errors).model_dump(exclude_none=True)}},
    }


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if isinstance(error, Refused):
        return problem(error.status_code, error.errors, error.headers, error.detail)
    headers = {"Allow": _allowed(request)} if error.status_code == 405 else error.headers
    return problem(error.status_code, headers=headers)


def _allowed(request: Request) -> str:
    """All methods of the address; the framework names those of the first route that it finds there."""
    app: FastAPI = request.app
    found: set[str] = set()
    for route in iter_route_contexts(app.routes):
        if (regex := getattr(route, "path_regex", None)) is not None and regex.match(request.scope["path"]):
            found |= set(route.methods or ())
    return ", ".join(sorted(found))


async def _unreadable(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    if any(one["type"] == "json_invalid" for one in found):
        return problem(400)
    accepted = accepted_by(request.scope["route"])
    return problem(422, _distinct(_wrong(one["loc"], accepted) for one in found))


def _wrong(place: tuple[Any, ...], accepted: Mapping[str, str]) -> WrongField:
    """The deepest declared field of the place; a name that is no field of ours came from the client."""
    for name in reversed(place[1:]):
        if name in accepted:
            return WrongField(field=name, accepted=accepted[name])
    return WrongField(field="", accepted=f"項目の JSON (a JSON object of these): {', '.join(accepted)}")


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    if isinstance(error, DataError):
        return problem(422, _distinct(WrongField(field=f.column, accepted=f.accepted) for f in error.faults))
    if isinstance(error, UnknownValueError | InvalidValueError):
        return problem(422, [WrongField(field=error.what, accepted=error.accepted)])
    return problem(422)


def _distinct(errors: Iterable[WrongField]) -> list[WrongField]:
    return list({(error.field, error.accepted): error for error in errors}.values())


async def _against_the_rules(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RulesError)
    refusals = [AgainstIt(rule=one.rule, label=one.label, detail=one.detail) for one in error.refusals]
    return problem(409, detail=_RULES, refusals=refusals)


_STATUS = {
    MissingError: 404,
    TakenError: 409,
    StaleError: 412,
    BusyError: 503,
    exc.DataError: 422,
    exc.OperationalError: 503,
}


async def _of_the_store(_request: Request, error: Exception) -> JSONResponse:
    """A database that is cut off or restarting (`OperationalError`) comes back, too.

    One that cannot hold a value (its `DataError`) was asked with a client's.
    """
    return problem(next(status for kind, status in _STATUS.items() if isinstance(error, kind)))


HANDLERS: dict[int | type[Exception], Callable[..., Any]] = {
    HTTPException: _http,
    RequestValidationError: _unreadable,
    MatcherError: _refused,
    RulesError: _against_the_rules,
    **dict.fromkeys(_STATUS, _of_the_store),
}
