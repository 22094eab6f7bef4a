"""The taxonomy of issues: the built-in one, or whichever categories a dataset brings."""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache

import pandas as pd

from matcher.errors import InvalidValueError, UnknownValueError
from matcher.lang import Lang
from matcher.reference.files import reference_table
from matcher.reference.spelling import search_key


@cache
def builtin_categories() -> pd.DataFrame:
    """The built-in taxonomy: code, parent (NaN for an area), name_ja, name_en, share, all `str`.

    `share` is the assumed share of consultations; an area's is the sum of its categories'. Shared, do not change.
    """
    return reference_table("issue_categories")


class Taxonomy:
    """A forest of categories; an area is a category without a parent. Codes are any strings."""

    def __init__(self, categories: pd.DataFrame) -> None:
        """From a frame with code and, where known, parent, name_ja, name_en.

        Raises `InvalidValueError` for a code that comes twice or is its own ancestor, `UnknownValueError` for
        a parent that is no code.
        """
        frame = categories.reindex(columns=["code", "parent", "name_ja", "name_en"])
        cells = frame.astype(object).where(frame.notna(), None)
        self.codes: tuple[str, ...] = tuple(cells["code"])
        self._parent: dict[str, str | None] = dict(zip(self.codes, cells["parent"], strict=True))
        self._names = dict(zip(self.codes, zip(cells["name_ja"], cells["name_en"], strict=True), strict=True))
        self._refuse_faults()
        self._area = {code: self._top(code) for code in self.codes}
        self._children = _grouped((parent, code) for code, parent in self._parent.items() if parent is not None)
        self._by_code = _grouped((search_key(code), code) for code in self.codes)
        self._by_name = _grouped(
            (search_key(name), code) for code, names in self._names.items() for name in set(names) if name
        )

    @classmethod
    def builtin(cls) -> "Taxonomy":
        """The built-in taxonomy."""
        return cls(builtin_categories())

    @property
    def areas(self) -> tuple[str, ...]:
        """Codes without a parent, in order."""
        return tuple(code for code in self.codes if self._parent[code] is None)

    def knows(self, code: str) -> bool:
        """Whether the code is one of this taxonomy's."""
        return code in self._parent

    def require(self, code: str) -> str:
        """The code itself. Raises `UnknownValueError`, naming the closest codes, when it is unknown."""
        if not self.knows(code):
            raise UnknownValueError("category", code, self._suggestion(code))
        return code

    def parent(self, code: str) -> str | None:
        """The code above, None for an area. Raises `UnknownValueError`."""
        return self._parent[self.require(code)]

    def area(self, code: str) -> str:
        """The topmost ancestor, of an area itself. Raises `UnknownValueError`."""
        return self._area[self.require(code)]

    def children(self, code: str) -> tuple[str, ...]:
        """The codes right below. Raises `UnknownValueError`."""
        return self._children.get(self.require(code), ())

    def siblings(self, code: str) -> tuple[str, ...]:
        """The other codes of the same parent; none for an area, which shares nothing with other areas.

        Raises `UnknownValueError`.
        """
        parent = self.parent(code)
        return () if parent is None else tuple(other for other in self._children[parent] if other != code)

    def name(self, code: str, lang: Lang = "ja") -> str:
        """The name in the language, else in the other one, else the code. Raises `UnknownValueError`."""
        japanese, english = self._names[self.require(code)]
        return (japanese or english or code) if lang == "ja" else (english or japanese or code)

    def resolve(self, text: str) -> str | None:
        """The code that the text spells, or whose name it is; None when there is none, or more than one.

        An exact code wins over another spelling of it, and a code wins over a name.

        >>> Taxonomy.builtin().resolve("ｉｔ・ｄｘ"), Taxonomy.builtin().resolve("恋愛相談")
        ('digital', None)
        """
        if self.knows(text):
            return text
        key = search_key(text)
        found = self._by_code.get(key) or self._by_name.get(key, ())
        return found[0] if len(found) == 1 else None

    def _top(self, code: str) -> str:
        path = [code]
        while (parent := self._parent[path[-1]]) is not None:
            if parent in path:
                raise InvalidValueError("a category's parent", parent, "a category that is not below it")
            path.append(parent)
        return path[-1]

    def _refuse_faults(self) -> None:
        if len(self._parent) < len(self.codes):
            twice = next(code for code in self.codes if self.codes.count(code) > 1)
            raise InvalidValueError("a category's code", twice, "each code once")
        for parent in self._parent.values():
            if parent is not None and parent not in self._parent:
                raise UnknownValueError("parent category", parent, "blank, or a code of the same table")

    def _suggestion(self, code: str) -> str:
        spelled = self.resolve(str(code))
        close = [spelled] if spelled else get_close_matches(str(code), self.codes, n=3)
        if close:
            return f"one of the {len(self.codes)} categories; did you mean {', '.join(close)}?"
        return ", ".join(self.areas[:20]) + (" ..." if len(self.codes) > 20 else "")


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}
