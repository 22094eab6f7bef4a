"""Errors as RFC 9457 problems. What a client sent is never sent back: a consultation is personal data."""

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from matcher.errors import DataError, InvalidValueError, MatcherError, UnknownValueError
from service.schema import ACCEPTED

MEDIA_TYPE = "application/problem+json"
_DETAILS = {
    400: "本文を JSON として読めません (the body cannot be read as JSON)",
    404: "そのようなページはありません (there is nothing at this address)",
    405: "このアドレスでは使えない操作です (this method is not allowed here)",
    413: "本文が大きすぎます (the body is too large)",
    422: "受け付けられない値があります (some values cannot be accepted)",
    500: "サーバー内部のエラーです (an error of ours)",
}


class WrongField(BaseModel):
    """A field that could not be accepted (empty: the whole body), and what would be."""

    field: str = Field(examples=["prefecture_code"])
    accepted: str = Field(examples=["都道府県のコードか名称 (a prefecture, by code or name)"])


class Problem(BaseModel):
    """A problem after RFC 9457. `type` is `about:blank`: the status says what kind it is."""

    model_config = ConfigDict(title="Problem")

    type: str = "about:blank"
    title: str = Field(examples=["Unprocessable Entity"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=[_DETAILS[422]])
    errors: list[WrongField] = []


def problem(status: int, errors: Iterable[WrongField] = (), headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The response; its words depend on the status and on `errors` alone."""
    return JSONResponse(_body(status, errors).model_dump(), status, headers, MEDIA_TYPE)


def _body(status: int, errors: Iterable[WrongField]) -> Problem:
    detail = _DETAILS.get(status, "")
    return Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, errors=list(errors))


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route declares for OpenAPI, by status."""
    return {
        status: {
            "model": Problem,
            "description": HTTPStatus(status).phrase,
            "content": {"application/json": {"example": _example(status)}},
        }
        for status in statuses
    }


def _example(status: int) -> dict[str, Any]:
    return _body(status, [_wrong("k")] if status == 422 else []).model_dump()


async def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return problem(error.status_code, headers=error.headers)


async def _unreadable(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    if any(one["type"] == "json_invalid" for one in found):
        return problem(400)
    fields = [str(one["loc"][1]) if len(one["loc"]) > 1 else "" for one in found]
    return problem(422, _distinct(map(_wrong, fields)))


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    if isinstance(error, DataError):
        return problem(422, _distinct(WrongField(field=f.column, accepted=f.accepted) for f in error.faults))
    if isinstance(error, UnknownValueError | InvalidValueError):
        return problem(422, [WrongField(field=error.what, accepted=error.accepted)])
    return problem(422)


def _wrong(field: str) -> WrongField:
    """What the field accepts; a name that is no field of ours came from the client and is not repeated."""
    return WrongField(field=field, accepted=ACCEPTED[field]) if field in ACCEPTED else _WHOLE


def _distinct(errors: Iterable[WrongField]) -> list[WrongField]:
    return list({(error.field, error.accepted): error for error in errors}.values())


_WHOLE = WrongField(field="", accepted=f"項目の JSON (a JSON object of these): {', '.join(ACCEPTED)}")


async def _ours(_request: Request, _error: Exception) -> JSONResponse:
    return problem(500)


HANDLERS: dict[int | type[Exception], Callable[..., Any]] = {
    HTTPException: _http,
    RequestValidationError: _unreadable,
    MatcherError: _refused,
    Exception: _ours,
}
