"""What the document says of every route, whoever wrote it: who may call it, and which problems it can answer."""

from collections.abc import Callable
from functools import cache
from typing import Any

from service.access.gate import COOKIE
from service.access.policy import POLICY
from service.http.links import IF_MATCH, TAGGED, links_of
from service.problems import MEDIA_TYPE, Problem, described

Document = dict[str, Any]
SCHEMES = {
    "apiKey": {
        "type": "http",
        "scheme": "bearer",
        "description": "API キー (an API key, as `matcher-service keys create` shows it once)",
    },
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "POST /v1/sessions"},
}
_ALWAYS = (413, 500, 503)
_GUARDED = (401, 403, 429)
_WITH_BODY = (400, 408, 415, 422)
_WITH_PARAMETERS = (422,)
_HEADERS = {"401": ("WWW-Authenticate",), "415": ("Accept",), "429": ("Retry-After",), "503": ("Retry-After",)}


def completed(document: Callable[[], Document], examples: dict[str, list[Any]]) -> Callable[[], Document]:
    """The framework's document with security, all problems, and examples of schemas (it drops nulls in them)."""

    @cache
    def complete() -> Document:
        made = document()
        components = made["components"]
        components["securitySchemes"] = SCHEMES
        _declare_problem(components["schemas"])
        for name, shown in examples.items():
            components["schemas"][name]["examples"] = shown
        for path, operations in made["paths"].items():
            for operation in operations.values():
                _complete(operation, path)
        _connect([operation for operations in made["paths"].values() for operation in operations.values()])
        return made

    return complete


def _declare_problem(schemas: Document) -> None:
    ours = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= ours.pop("$defs") | {"Problem": ours}
    for frameworks in ("HTTPValidationError", "ValidationError"):
        schemas.pop(frameworks, None)


def _complete(operation: Document, path: str) -> None:
    rule = POLICY.get(operation["operationId"])
    guarded = rule is None or not rule.is_open
    if guarded:
        operation["security"] = [{name: []} for name in SCHEMES]
        operation["description"] = f"{operation.get('description', '')}\n\n{_who(operation['operationId'])}"
    asked = [*_ALWAYS, *(_GUARDED if guarded else ())]
    asked += _WITH_BODY if "requestBody" in operation else ()
    asked += _WITH_PARAMETERS if operation.get("parameters") or "{" in path else ()
    answers = operation["responses"] | {str(status): described(status) for status in asked}
    for status, answer in answers.items():
        answer.setdefault("headers", {}).update(_headers(status))
        if status >= "400":
            _is_problem(answer)
    operation["responses"] = dict(sorted(answers.items()))


def _connect(operations: list[Document]) -> None:
    """Parameters as they are sent, the ETags of answers, and the links from them to what they name."""
    by_name = {operation["operationId"]: operation for operation in operations}
    for name, operation in by_name.items():
        for parameter in operation.get("parameters", []):
            _as_sent(parameter)
        success = next(answer for status, answer in operation["responses"].items() if status < "300")
        if name in TAGGED:
            success["headers"]["ETag"] = {"required": True, "schema": {"type": "string"}}
        if links := links_of(name, by_name):
            success["links"] = links


def _as_sent(parameter: Document) -> None:
    """A header or a query is there or not, and never null; without `If-Match` a change is refused (428)."""
    schema = parameter["schema"]
    kinds = [kind for kind in schema.pop("anyOf", []) if kind != {"type": "null"}]
    if len(kinds) == 1:
        schema |= kinds[0]
    elif kinds:
        schema["anyOf"] = kinds
    parameter["required"] = parameter["required"] or parameter["name"] == IF_MATCH


def _is_problem(answer: Document) -> None:
    """The framework calls every answer application/json; ours of 400 and more are problems."""
    shown = answer["content"].get("application/json", {})
    answer["content"] = {MEDIA_TYPE: {**shown, "schema": {"$ref": "#/components/schemas/Problem"}}}


def _headers(status: str) -> Document:
    names = ["X-Request-Id", *_HEADERS.get(status, ())]
    return {name: {"schema": {"type": "string"}} for name in names}


def _who(operation_id: str) -> str:
    rule = POLICY.get(operation_id)
    roles = ", ".join(f"{role} ({reach})" for role, reach in rule.reach.items()) if rule else "nobody"
    return f"権限 (roles): {roles}"
