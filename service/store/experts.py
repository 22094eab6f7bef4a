"""The experts of the register."""

from dataclasses import dataclass

import sqlalchemy as sa

from service.store.engine import Tx
from service.store.history import Row
from service.store.rows import Key, Rows, is_one_of
from service.store.schema import Change, experts
from service.store.search import holds

EXPERTS = Rows(experts, "expert", Change.EXPERTS, {"status": Change.REGISTER, "affiliations": Change.REGISTER})


@dataclass(frozen=True)
class Wanted:
    """Which experts to list; what is empty or None asks nothing.

    `name` may stand in the name or its kana, `text` in the id and the introduction, too, however it is written. A
    prefecture is where the expert is or says to serve; of `categories` the expert claims at least one.
    """

    text: str | None = None
    name: str | None = None
    categories: tuple[str, ...] = ()
    prefecture_code: str | None = None
    qualification: str | None = None
    status: str | None = None


def page(tx: Tx, wanted: Wanted, *, after: Key | None = None, limit: int = 50) -> list[Row]:
    """Experts by their ids; the key of a row is its `expert_id`. A blank status is active."""
    return EXPERTS.page(tx, *_where(wanted), after=after, limit=limit)


def _where(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    column = experts.c
    where = []
    if wanted.status is not None:
        where.append(sa.func.coalesce(column.status, "active") == wanted.status)
    if wanted.prefecture_code is not None:
        here = column.prefecture_code == wanted.prefecture_code
        where.append(here | is_one_of(column.service_prefectures, wanted.prefecture_code))
    if wanted.categories:
        where.append(sa.or_(*(is_one_of(column.categories, category) for category in wanted.categories)))
    if wanted.qualification is not None:
        where.append(holds(wanted.qualification, sa.cast(column.qualifications, sa.Text)))
    if wanted.name is not None:
        where.append(holds(wanted.name, column.name, column.kana))
    if wanted.text is not None:
        where.append(holds(wanted.text, column.expert_id, column.name, column.kana, column.introduction))
    return where
