"""What each field of a route accepts, read from its declaration, for the errors that name a field."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from fastapi.routing import APIRoute
from pydantic import BaseModel


def accepted_by(route: APIRoute) -> Mapping[str, str]:
    """Field name to description: those of the body, of the models inside it, and all parameters."""
    found: dict[str, str] = {}
    if route.body_field is not None:
        found |= _described(route.body_field.field_info.annotation)
    for parameter in _parameters(route.dependant):
        found[parameter.alias] = parameter.field_info.description or ""
    return found


def _described(kind: Any) -> dict[str, str]:
    """The fields of every model in an annotation, the outermost last, so that they win."""
    found: dict[str, str] = {}
    for part in get_args(kind):
        found |= _described(part)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for field in kind.model_fields.values():
            found |= _described(field.annotation)
        found |= {field.alias or name: field.description or "" for name, field in kind.model_fields.items()}
    return found


def _parameters(dependant: Any) -> Iterator[Any]:
    yield from (*dependant.path_params, *dependant.query_params, *dependant.header_params, *dependant.cookie_params)
    for inner in dependant.dependencies:
        yield from _parameters(inner)
