"""A person out of the database: the rows that are theirs go, those of others stay without them."""

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from matcher.errors import InvalidValueError
from service.store.engine import Tx
from service.store.experts import EXPERTS
from service.store.history import forget
from service.store.mentions import empty, parts, remove_mentions, run, spoken_of
from service.store.schema import (
    Change,
    clients,
    conflicts,
    consultations,
    decisions,
    dispatches,
    experts,
    impressions,
    notes,
    sessions,
    users,
)
from service.store.schema import shortlists as kept_shortlists

# Whom dispatches belong to whose expert was erased: a client's visits stay counted. One for all, so that nobody can
# tell which of them were the same person's.
NOBODY = "erased"
_NOBODYS_NAME = "消去された専門家 (erased)"
_PLACE = dict.fromkeys(("municipality", "latitude", "longitude", "employees"))


@dataclass(frozen=True)
class Person:
    """Who is to be erased: the id, and the names by which texts may speak of them."""

    kind: str
    person_id: str
    names: tuple[str, ...]


def find(tx: Tx, kind: str, person_id: str) -> Person | None:
    """The expert, client or user of that id (of a user the login serves, too); None where there is none.

    A client may be named in consultations without being listed.
    """
    table, key, named = _WHERE[kind]
    row = tx.execute(sa.select(table).where(key == person_id)).mappings().one_or_none()
    if row is None and kind == "user":
        row = tx.execute(sa.select(users).where(users.c.login == person_id)).mappings().one_or_none()
    if row is None:
        named_only = consultations.c.client_id == person_id
        is_known = kind == "client" and tx.execute(sa.select(named_only).where(named_only).limit(1)).first() is not None
        return Person(kind, person_id, ()) if is_known else None
    return Person(kind, row[key.name], tuple(row[name] for name in named if row[name]))


def is_named(tx: Tx, kind: str, name: str) -> bool:
    """Whether somebody of that kind has the name, or a part of it reads so."""
    table, _, named = _WHERE[kind]
    has = sa.or_(*(table.c[column].contains(name, autoescape=True) for column in named))
    return tx.execute(sa.select(sa.true()).select_from(table).where(has).limit(1)).first() is not None


def erase(tx: Tx, person: Person) -> dict[str, int]:
    """Erases the person; what was done, as counts. Models and files are not of the database.

    Raises `InvalidValueError` for who stands for those erased before.
    """
    tx.hold()
    if person.person_id == NOBODY:
        raise InvalidValueError("id", NOBODY, "a person")
    counts = _ERASE[person.kind](tx, person.person_id)
    return counts | remove_mentions(tx, spoken_of(person.person_id, person.names), texts=person.kind != "user")


def _expert(tx: Tx, expert_id: str) -> dict[str, int]:
    revision = tx.revise(Change.EXPERTS, Change.REGISTER, Change.DISPATCHES)
    if EXPERTS.find(tx, NOBODY) is None:
        EXPERTS.create(tx, {"expert_id": NOBODY, "name": _NOBODYS_NAME, "status": "retired"})
    theirs = dispatches.c.expert_id == expert_id
    versions = forget(tx, dispatches, tx.execute(sa.select(dispatches.c.dispatch_id).where(theirs)).scalars())
    versions += forget(tx, experts, [expert_id])
    showed = sa.select(impressions.c.shortlist_id).where(impressions.c.expert_id == expert_id)
    counts = {"shortlists": empty(tx, tx.execute(showed).scalars().all()), "versions": versions}
    _rename(tx, expert_id)
    sent = sa.update(dispatches).where(theirs).values(expert_id=NOBODY, comment=None, revision=revision)
    counts["dispatches"] = run(tx, sent)
    counts["conflicts"] = run(tx, sa.delete(conflicts).where(conflicts.c.expert_id == expert_id))
    counts["notes"] = run(tx, sa.delete(notes).where(notes.c.expert_id == expert_id))
    for table in (impressions, decisions):
        run(tx, sa.update(table).where(table.c.expert_id == expert_id).values(expert_id=NOBODY))
    return counts | {"experts": run(tx, sa.delete(experts).where(experts.c.expert_id == expert_id))}


def _rename(tx: Tx, expert_id: str) -> None:
    """In shortlists that left the expert out before any score, and say why, by the id alone."""
    answer, quoted = kept_shortlists.c.answer, f'"{expert_id}"'
    mentioned = sa.update(kept_shortlists).where(answer.contains(quoted, autoescape=True))
    run(tx, mentioned.values(answer=sa.func.replace(answer, quoted, f'"{NOBODY}"')))


def _client(tx: Tx, client_id: str) -> dict[str, int]:
    revision = tx.revise(Change.CLIENTS, Change.CONSULTATIONS, Change.DISPATCHES, Change.REGISTER)
    theirs = consultations.c.client_id == client_id
    asked = tx.execute(sa.select(consultations.c.consultation_id).where(theirs)).scalars().all()
    counts = {"shortlists": 0, "dispatches": 0, "versions": forget(tx, clients, [client_id])}
    for part in parts(asked):
        of_theirs = dispatches.c.consultation_id.in_(part)
        sent = tx.execute(sa.select(dispatches.c.dispatch_id).where(of_theirs)).scalars().all()
        counts["versions"] += forget(tx, consultations, part) + forget(tx, dispatches, sent)
        made = sa.select(kept_shortlists.c.shortlist_id).where(kept_shortlists.c.consultation_id.in_(part))
        counts["shortlists"] += empty(tx, tx.execute(made).scalars().all())
        silent = sa.update(dispatches).where(of_theirs).values(comment=None, revision=revision)
        counts["dispatches"] += run(tx, silent)
        run(tx, sa.update(decisions).where(decisions.c.consultation_id.in_(part)).values(reason=None))
    blank = {"client_id": None, "description": None, "revision": revision, "status": "closed", **_PLACE}
    counts["consultations"] = run(tx, sa.update(consultations).where(theirs).values(blank))
    counts["conflicts"] = run(tx, sa.delete(conflicts).where(conflicts.c.client_id == client_id))
    return counts | {"clients": run(tx, sa.delete(clients).where(clients.c.client_id == client_id))}


def _user(tx: Tx, user_id: str) -> dict[str, int]:
    """What the user did stays, under the random id that says nothing once this row is gone."""
    tx.revise(Change.ACCESS)
    counts = {"sessions": run(tx, sa.delete(sessions).where(sessions.c.user_id == user_id))}
    return counts | {"users": run(tx, sa.delete(users).where(users.c.user_id == user_id))}


_WHERE: dict[str, tuple[sa.Table, sa.Column[str], tuple[str, ...]]] = {
    "expert": (experts, experts.c.expert_id, ("name", "kana")),
    "client": (clients, clients.c.client_id, ("name",)),
    "user": (users, users.c.user_id, ("login", "name")),
}
_ERASE: dict[str, Callable[[Tx, str], dict[str, int]]] = {"expert": _expert, "client": _client, "user": _user}
KINDS = tuple(_ERASE)
