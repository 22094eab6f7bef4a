"""Decisions on shortlists: an expert is sent, the case was solved without one, or nobody was suitable."""

from enum import StrEnum

import pandas as pd
import sqlalchemy as sa

from matcher.eligibility import Programme
from matcher.errors import InvalidValueError
from service.store import rules, shortlists
from service.store.consultations import CONSULTATIONS
from service.store.dispatches import DISPATCHES
from service.store.engine import Tx
from service.store.errors import TakenError
from service.store.history import Row
from service.store.rows import new_id
from service.store.schema import decisions


class Kind(StrEnum):
    """What was decided."""

    EXPERT = "expert"
    SOLVED_WITHOUT = "solved_without_expert"
    NOBODY = "nobody_suitable"


def decide(
    tx: Tx,
    shortlist_id: str,
    kind: Kind,
    *,
    principal_id: str,
    programme: Programme,
    on: pd.Timestamp,
    expert_id: str | None = None,
    reason: str | None = None,
) -> Row:
    """The decision; for an expert a dispatch is offered, and of parallel decisions only as many as the rules allow.

    Any expert of the register may be chosen; `rank` is None for one who was not on the shortlist. A case that was
    solved without an expert is closed. Raises `MissingError` (shortlist, expert), `TakenError` for a shortlist
    that is decided already, `RulesError`, and `InvalidValueError` for an expert where none is sent, or none
    where one is.
    """
    if (kind is Kind.EXPERT) != (expert_id is not None):
        raise InvalidValueError("expert_id", expert_id or "", f"an expert's id with `{Kind.EXPERT}`, none otherwise")
    tx.hold()
    shortlist = shortlists.read(tx, shortlist_id)
    if find(tx, shortlist_id):
        raise TakenError("decision")
    if kind is Kind.SOLVED_WITHOUT:
        CONSULTATIONS.change(tx, shortlist["consultation_id"], {"status": "closed"})
    row = {
        "decision_id": new_id("d"),
        "shortlist_id": shortlist_id,
        "consultation_id": shortlist["consultation_id"],
        "hub_id": shortlist["hub_id"],
        "principal_id": principal_id,
        "kind": str(kind),
        "expert_id": expert_id,
        "rank": None if expert_id is None else _rank(tx, shortlist_id, expert_id),
        "dispatch_id": None if expert_id is None else _offer(tx, shortlist, expert_id, programme, on),
        "reason": reason,
        "at": tx.now,
    }
    tx.execute(sa.insert(decisions), row)
    return row


def find(tx: Tx, shortlist_id: str) -> Row | None:
    """The decision on the shortlist, None while there is none."""
    row = tx.execute(sa.select(decisions).where(decisions.c.shortlist_id == shortlist_id)).mappings().one_or_none()
    return None if row is None else dict(row)


def _offer(tx: Tx, shortlist: Row, expert_id: str, programme: Programme, on: pd.Timestamp) -> str:
    consultation_id = shortlist["consultation_id"]
    made = {"consultation_id": consultation_id, "expert_id": expert_id, "status": "offered", "decided_on": on.date()}
    rules.check(tx, consultation_id, expert_id, programme, on)
    return str(DISPATCHES.create(tx, made)["dispatch_id"])


def _rank(tx: Tx, shortlist_id: str, expert_id: str) -> int | None:
    return {row["expert_id"]: int(row["rank_shown"]) for row in shortlists.showed(tx, shortlist_id)}.get(expert_id)
