"""The data that ranking reads, held in memory and brought up to date by reading what has changed since, no more."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Self

import pandas as pd
import sqlalchemy as sa

from matcher.dataset import Dataset
from service.store import models
from service.store.dataset import read_frame
from service.store.engine import Tx
from service.store.history import Row, key_of
from service.store.pseudonyms import store_id
from service.store.schema import Change, consultations, dispatches, metadata, revisions

_Renew = Callable[[Tx, pd.DataFrame, int], pd.DataFrame]
_SENT = sa.exists().where(dispatches.c.consultation_id == consultations.c.consultation_id)


@dataclass(frozen=True, eq=False)
class Holdings:
    """The data as of `revision`, and the row of the active model (None: none is).

    Of consultations only those with dispatches are held, which say how often a client was visited; impressions and
    what rankers learn from are not. A frame that has not changed is the same object in the next holdings.
    """

    store: str
    revision: int
    data: Dataset
    model: Row | None

    @classmethod
    def read(cls, tx: Tx) -> Self:
        """All of it."""
        where = {"consultations": _SENT}
        frames = {name: read_frame(tx, name, where.get(name)) for name in _RENEWED}
        return cls(store_id(tx), tx.revision(), Dataset.from_tables(frames), models.active(tx))

    def renewed(self, tx: Tx) -> Self:
        """As of the transaction's moment; the same object where nothing happened."""
        number = tx.revision()
        if number == self.revision:
            return self
        since = sa.select(revisions.c.kind).where(revisions.c.number > self.revision).distinct()
        kinds = {Change(kind) for kind in tx.execute(since).scalars()}
        frames = {
            name: renew(tx, self.data.table(name), self.revision)
            for name, (changes, renew) in _RENEWED.items()
            if changes & kinds
        }
        changed: dict[str, Any] = {name: frame for name, frame in frames.items() if frame is not self.data.table(name)}
        data = replace(self.data, **changed) if changed else self.data
        model = models.active(tx) if Change.MODEL in kinds else self.model
        return replace(self, revision=number, data=data, model=model)


def data_revision(tx: Tx) -> int:
    """The newest revision that changed data, whatever happened to models and to access since."""
    of_data = revisions.c.kind.not_in([Change.MODEL, Change.ACCESS])
    return int(tx.execute(sa.select(sa.func.max(revisions.c.number)).where(of_data)).scalar() or 0)


def fingerprint(store: str, *revisions: int) -> str:
    """What an answer says of its data: SHA-256 over the store's id and the revision, which `dataset_at` reads again.

    Another revision is another fingerprint, even where it brought nothing that this answer reads.
    """
    return hashlib.sha256(":".join([store, *map(str, revisions)]).encode()).hexdigest()


def _whole(name: str) -> _Renew:
    """All rows; without any category the built-in ones hold, as in every dataset."""
    return lambda tx, _held, _revision: Dataset.from_tables({name: read_frame(tx, name)}).table(name)


def _changed(name: str) -> _Renew:
    """The rows that were written since, in place of those held; all, where some have been removed."""

    def renew(tx: Tx, held: pd.DataFrame, revision: int) -> pd.DataFrame:
        table = metadata.tables[name]
        merged = _merged(tx, name, held, table.c.revision > revision)
        there = tx.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        return merged if len(merged) == there else read_frame(tx, name)

    return renew


def _changed_consultations(tx: Tx, held: pd.DataFrame, revision: int) -> pd.DataFrame:
    """One whose dispatches are all gone may stay: nothing refers to it."""
    newly = sa.select(dispatches.c.consultation_id).where(dispatches.c.revision > revision)
    for where in (consultations.c.consultation_id.in_(newly), sa.and_(consultations.c.revision > revision, _SENT)):
        held = _merged(tx, "consultations", held, where)
    return held


def _merged(tx: Tx, name: str, held: pd.DataFrame, where: sa.ColumnElement[bool]) -> pd.DataFrame:
    """The frame with the rows that `where` holds for, in place of those of the same keys, in the order of the keys."""
    key = key_of(metadata.tables[name])
    if tx.execute(sa.select(key).where(where).limit(1)).first() is None:
        return held
    new = read_frame(tx, name, where)
    kept = held[~held[key.name].isin(new[key.name])]
    return pd.concat([kept, new], ignore_index=True).sort_values(key.name, ignore_index=True)


_RENEWED: dict[str, tuple[frozenset[Change], _Renew]] = {
    "categories": (frozenset({Change.CATEGORIES}), _whole("categories")),
    "hubs": (frozenset({Change.HUBS}), _whole("hubs")),
    "clients": (frozenset({Change.CLIENTS}), _changed("clients")),
    "experts": (frozenset({Change.EXPERTS, Change.REGISTER}), _changed("experts")),
    "conflicts": (frozenset({Change.REGISTER}), _whole("conflicts")),
    "dispatches": (frozenset({Change.DISPATCHES}), _changed("dispatches")),
    "consultations": (frozenset({Change.CONSULTATIONS, Change.DISPATCHES}), _changed_consultations),
}
WHOLE = tuple(name for name in _RENEWED if name != "consultations")
