"""Shortlists as they were shown, with all that is needed to make them again, and whom they showed."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from service.store.engine import Tx
from service.store.errors import MissingError
from service.store.history import Row
from service.store.rows import Key, new_id
from service.store.rows import page as page_of
from service.store.schema import impressions, shortlists


@dataclass(frozen=True)
class Shown:
    """A shortlist as it was answered. `asked` and `programme` are plain JSON, `answer` the very text.

    `revision` is the data's that it was made from, `hub_id` the consultation's.
    """

    consultation_id: str
    hub_id: str | None
    principal_id: str
    asked: Any
    as_of: date
    lang: str
    k: int
    revision: int
    model_id: str | None
    model_fingerprint: str
    data_fingerprint: str
    programme: Any
    answer: str


@dataclass(frozen=True)
class Impression:
    """One expert on a shortlist; the propensity is 1 where the ranking leaves nothing to chance."""

    expert_id: str
    rank_shown: int
    propensity: float = 1.0


def create(tx: Tx, shown: Shown, showed: Iterable[Impression], *, shortlist_id: str | None = None) -> Row:
    """The stored shortlist, its impressions logged.

    Raises `MissingError` where the consultation is not stored, or an expert is no longer.
    """
    row = {"shortlist_id": shortlist_id or new_id("s"), "created_at": tx.now, "erased_at": None} | asdict(shown)
    row["answer_sha256"] = hashlib.sha256(shown.answer.encode()).hexdigest()
    place = {"shortlist_id": row["shortlist_id"], "consultation_id": shown.consultation_id, "shown_at": shown.as_of}
    seen = [{"impression_id": new_id("i"), **place, **asdict(one)} for one in showed]
    try:
        tx.execute(sa.insert(shortlists), row)
        if seen:
            tx.execute(sa.insert(impressions), seen)
    except sa.exc.IntegrityError:
        raise MissingError("consultation or expert") from None
    return row


def read(tx: Tx, shortlist_id: str) -> Row:
    """The shortlist; its `answer` is None where a person in it was erased. Raises `MissingError`."""
    row = tx.execute(sa.select(shortlists).where(shortlists.c.shortlist_id == shortlist_id)).mappings().one_or_none()
    if row is None:
        raise MissingError("shortlist")
    return dict(row)


def page(
    tx: Tx,
    *,
    hub_id: str | None = None,
    consultation_id: str | None = None,
    after: Key | None = None,
    limit: int = 50,
) -> list[Row]:
    """Shortlists without their answers, the newest first; `key_of` gives the key of a row."""
    wanted = {"hub_id": hub_id, "consultation_id": consultation_id}
    where = [shortlists.c[name] == value for name, value in wanted.items() if value is not None]
    shown = [column for column in shortlists.c if column.name not in ("answer", "asked", "programme")]
    order = [shortlists.c.created_at, shortlists.c.shortlist_id]
    return page_of(tx, sa.select(*shown).where(*where), order, after=after, limit=limit, newest=True)


def key_of(row: Row) -> tuple[str, str]:
    """What `page` takes as `after`."""
    return row["created_at"].isoformat(), row["shortlist_id"]


def batched(
    tx: Tx, principal_id: str, model_fingerprint: str, *, k: int, lang: str, as_of: date, since: int
) -> set[str]:
    """The consultations of which somebody has kept such a shortlist, from data of that revision or a later one."""
    column = shortlists.c
    same = [column.principal_id == principal_id, column.model_fingerprint == model_fingerprint, column.lang == lang]
    same += [column.k == k, column.as_of == as_of, column.revision >= since, column.erased_at.is_(None)]
    return set(tx.execute(sa.select(column.consultation_id).where(*same)).scalars())


def showed(tx: Tx, shortlist_id: str) -> list[Row]:
    """The impressions of a shortlist, by rank."""
    seen = sa.select(impressions).where(impressions.c.shortlist_id == shortlist_id)
    return [dict(row) for row in tx.execute(seen.order_by(impressions.c.rank_shown)).mappings()]


def erase(tx: Tx, shortlist_ids: Collection[str]) -> None:
    """Empties shortlists of everything that tells of a person; that they existed stays."""
    gone: Row = {"answer": None, "asked": {}, "erased_at": tx.now}
    tx.execute(sa.update(shortlists).where(shortlists.c.shortlist_id.in_(shortlist_ids)).values(gone))
