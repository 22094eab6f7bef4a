"""Everything that the store holds on a person, table by table, as plain JSON."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from service.store.engine import Tx
from service.store.persons import Person
from service.store.pseudonyms import pseudonym
from service.store.schema import (
    audit,
    clients,
    conflicts,
    consultations,
    decisions,
    dispatches,
    experts,
    impressions,
    notes,
    row_versions,
    sessions,
    shortlists,
    users,
)

Where = Mapping[sa.Table, sa.ColumnElement[bool]]
# Of shortlists the head: what was shown of others is not the person's. Of users no hash.
_NOT_SHOWN = {"shortlists": {"answer", "asked", "programme"}, "users": {"password_hash"}, "sessions": {"sha256"}}


def disclose(tx: Tx, person: Person) -> dict[str, list[dict[str, Any]]]:
    """Rows by table: the person's own, those that refer to them, earlier states, and the audit trail's entries."""
    where = _WHERE[person.kind](person.person_id)
    told = {table.name: _rows(tx, table, condition) for table, condition in where.items()}
    kept = row_versions.c
    own = {"expert": "experts", "client": "clients"}.get(person.kind, "")
    told["earlier"] = _rows(tx, row_versions, (kept.table_name == own) & (kept.row_id == person.person_id))
    name = pseudonym(tx, person.kind, person.person_id)
    subjects = [name, f"user:{person.person_id}"] if person.kind == "user" else [name]
    by = audit.c.principal_id == person.person_id
    told["audit"] = _rows(tx, audit, audit.c.subject.in_(subjects) | by)
    return told


def _of_expert(expert_id: str) -> Where:
    tables = (experts, dispatches, conflicts, notes, impressions, decisions)
    return {table: table.c.expert_id == expert_id for table in tables}


def _of_client(client_id: str) -> Where:
    theirs = sa.select(consultations.c.consultation_id).where(consultations.c.client_id == client_id)
    own: Where = {table: table.c.client_id == client_id for table in (clients, consultations, conflicts)}
    return {**own, **{table: table.c.consultation_id.in_(theirs) for table in (dispatches, shortlists, decisions)}}


def _of_user(user_id: str) -> Where:
    return {table: table.c.user_id == user_id for table in (users, sessions)}


_WHERE: Mapping[str, Callable[[str], Where]] = {"expert": _of_expert, "client": _of_client, "user": _of_user}


def _rows(tx: Tx, table: sa.Table, where: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
    columns = [column for column in table.c if column.name not in _NOT_SHOWN.get(table.name, ())]
    rows = tx.execute(sa.select(*columns).where(where)).mappings()
    return [{name: cell.isoformat() if isinstance(cell, date) else cell for name, cell in row.items()} for row in rows]
