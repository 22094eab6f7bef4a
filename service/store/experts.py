"""The experts of the register."""

from dataclasses import dataclass

import sqlalchemy as sa

from service.store.engine import Tx
from service.store.history import Row
from service.store.rows import Key, Rows, is_one_of
from service.store.schema import Change, experts

EXPERTS = Rows(experts, "expert", Change.EXPERTS, {"status": Change.REGISTER, "affiliations": Change.REGISTER})


@dataclass(frozen=True)
class Wanted:
    """Which experts to list; None asks nothing. `text` may stand in the id, the name, its kana or the introduction."""

    text: str | None = None
    category: str | None = None
    prefecture_code: str | None = None
    qualification: str | None = None
    status: str | None = None


def page(tx: Tx, wanted: Wanted, *, after: Key | None = None, limit: int = 50) -> list[Row]:
    """Experts by their ids; the key of a row is its `expert_id`. A blank status is active."""
    return EXPERTS.page(tx, *_where(wanted), after=after, limit=limit)


def _where(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    column = experts.c
    where = []
    if wanted.text is not None:
        places = (column.expert_id, column.name, column.kana, column.introduction)
        where.append(sa.or_(*(place.icontains(wanted.text, autoescape=True) for place in places)))
    if wanted.category is not None:
        where.append(is_one_of(column.categories, wanted.category))
    if wanted.qualification is not None:
        where.append(is_one_of(column.qualifications, wanted.qualification))
    if wanted.prefecture_code is not None:
        where.append(column.prefecture_code == wanted.prefecture_code)
    if wanted.status is not None:
        where.append(sa.func.coalesce(column.status, "active") == wanted.status)
    return where
