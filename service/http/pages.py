"""Lists in pages: `limit` rows, and an opaque cursor to the next ones."""

import base64
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from service.problems import Refused

MOST = 200
_CURSOR = "前の応答の next (`next` of the page before)"
_LIMIT = f"件数、1 から {MOST} (rows, 1 to {MOST})"
T = TypeVar("T")


class Paged(BaseModel, Generic[T]):
    """A page of a list; `next` is the cursor of the page after it, null at the end."""

    items: list[T]
    next: str | None = Field(description=_CURSOR)


class Page:
    """Where a page begins and how many rows it has. Fetch `page.fetch` rows after `page.after(...)`."""

    def __init__(self, key: list[Any] | None, limit: int) -> None:
        self._key = key
        self.limit = limit
        self.fetch = limit + 1  # one more, which says whether there is a page after this one

    def after(self, *kinds: type) -> tuple[Any, ...] | None:
        """The key of the last row before this page, of these types; None: from the start. Raises 422 for another."""
        if self._key is None:
            return None
        if [type(part) for part in self._key] != list(kinds):
            raise _foreign()
        return tuple(self._key)

    def of(self, rows: Sequence[T], key: Callable[[T], Sequence[str | int]]) -> dict[str, Any]:
        """The answer's `items` and `next`, from up to `fetch` rows and the key that they are sorted by."""
        shown = list(rows[: self.limit])
        more = len(rows) > self.limit
        return {"items": shown, "next": _cursor(key(shown[-1])) if more else None}


async def _page(
    limit: Annotated[int, Query(ge=1, le=MOST, description=_LIMIT)] = 50,
    cursor: Annotated[str | None, Query(max_length=1000, description=_CURSOR)] = None,
) -> Page:
    """Raises 422 for a cursor that is none of ours."""
    return Page(None if cursor is None else _key(cursor), limit)


def _cursor(key: Sequence[str | int]) -> str:
    return base64.urlsafe_b64encode(json.dumps(list(key), separators=(",", ":")).encode()).decode().rstrip("=")


def _key(cursor: str) -> list[Any]:
    try:
        key = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (ValueError, RecursionError):
        raise _foreign() from None
    if not isinstance(key, list) or not all(map(_is_key, key)):
        raise _foreign()
    return key


def _is_key(part: Any) -> bool:
    return isinstance(part, str) or (type(part) is int and abs(part) < 2**63)


def _foreign() -> Refused:
    return Refused(422, errors=[("cursor", _CURSOR)])


Paging = Annotated[Page, Depends(_page)]
