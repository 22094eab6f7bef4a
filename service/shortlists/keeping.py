"""A ranking as the store keeps it, and a kept shortlist as it is answered."""

from collections.abc import Mapping
from typing import Any

from service.http.once import as_json
from service.http.trail import Trail
from service.shortlists.ranking import Ranking, programme_to_json
from service.shortlists.schema import DecisionBody, ShortlistHead
from service.store import shortlists
from service.store.engine import Tx
from service.store.errors import BusyError, MissingError
from service.store.history import Row
from service.store.shortlists import Impression, Shown


def keep(tx: Tx, made: Ranking, trail: Trail, *, shortlist_id: str | None = None) -> Row:
    """The stored shortlist, its impressions logged, its making on the audit trail.

    Raises `BusyError` where an expert is gone since the ranking: the same may be asked again.
    """
    items = made.shortlist.items
    try:
        showed = [Impression(item.expert_id, item.rank) for item in items]
        row = shortlists.create(tx, _shown(made, trail.principal_id), showed, shortlist_id=shortlist_id)
    except MissingError:
        raise BusyError from None
    rests_on = ("model_fingerprint", "data_fingerprint", "revision", "answer_sha256")
    trail(tx, "shortlist made", subject_of(row["shortlist_id"]), {name: row[name] for name in rests_on})
    return row


def _shown(made: Ranking, principal_id: str) -> Shown:
    shortlist = made.shortlist
    assert shortlist.consultation.consultation_id is not None
    return Shown(
        consultation_id=shortlist.consultation.consultation_id,
        hub_id=shortlist.consultation.hub_id,
        principal_id=principal_id,
        asked=made.asked,
        as_of=made.on.date(),
        lang=shortlist.lang,
        k=made.k,
        revision=made.revision,
        model_id=shortlist.model["id"],
        model_fingerprint=shortlist.model["fingerprint"],
        data_fingerprint=shortlist.data["fingerprint"],
        programme=programme_to_json(made.programme),
        answer=made.answer,
    )


def body_of(row: Row, decision: Row | None) -> bytes:
    """The stored shortlist as JSON, the shortlist itself in the very bytes that were kept."""
    head = ShortlistHead.model_validate(row).model_dump(mode="json") | {
        "decision": decision and decision_body(decision)
    }
    return as_json(head)[:-1] + b',"shortlist":' + str(row["answer"]).encode() + b"}"


def decision_body(row: Mapping[str, Any]) -> dict[str, Any]:
    """The decision as it is answered."""
    return DecisionBody.model_validate(row).model_dump(mode="json")


def subject_of(shortlist_id: str) -> str:
    """What the audit trail calls it."""
    return f"shortlist:{shortlist_id}"
