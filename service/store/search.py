"""Text as a search compares it, in both databases: NFKC, without case and blanks, katakana as hiragana."""

import sqlite3
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

from matcher.reference import spelling
from service.store.cell_types import UnstorableError, is_storable

_KATAKANA = "".join(map(chr, range(ord("ァ"), ord("ヶ") + 1)))
_NAME = "comparable"


def comparable(text: str) -> str:
    """The form that is compared.

    >>> comparable("ﾔﾏﾀﾞ　タロウ"), comparable("ＩＴ Coach")
    ('やまだたろう', 'itcoach')
    """
    return spelling.hiragana(spelling.search_key(text)).replace(" ", "")


class Comparable(sa.sql.functions.FunctionElement[str]):
    """The same of a column; unknown stays unknown."""

    type = sa.Text()
    name = _NAME
    inherit_cache = True


def holds(text: str, *columns: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Whether one of the columns contains the text, however either is written. Raises `UnstorableError`."""
    if not is_storable(text):
        raise UnstorableError
    joined: sa.ColumnElement[Any] = sa.func.coalesce(columns[0], "")
    for column in columns[1:]:
        joined = joined.concat("|").concat(sa.func.coalesce(column, ""))
    return Comparable(joined).contains(comparable(text), autoescape=True)


def teach(connection: sqlite3.Connection) -> None:
    """Lets a connection of SQLite compute it."""
    connection.create_function(_NAME, 1, lambda text: None if text is None else comparable(text), deterministic=True)


@compiles(Comparable, "sqlite")
def _of_ours(element: Comparable, compiler: Any, **options: Any) -> str:
    return f"{_NAME}({compiler.process(element.clauses, **options)})"


@compiles(Comparable, "postgresql")
def _of_the_server(element: Comparable, compiler: Any, **options: Any) -> str:
    plain = f"lower(normalize({compiler.process(element.clauses, **options)}, NFKC))"
    return f"translate(regexp_replace({plain}, '\\s+', '', 'g'), '{_KATAKANA}', '{spelling.hiragana(_KATAKANA)}')"
