"""利用停止: a person stays known, and is neither proposed, sent nor learned from."""

from dataclasses import replace

from matcher.dataset import Dataset
from matcher.errors import InvalidValueError
from service.access.accounts import CONSOLE
from service.store import audit, erasures
from service.store.clients import CLIENTS
from service.store.engine import Tx
from service.store.experts import EXPERTS

KINDS = ("expert", "client")


def stop_use(tx: Tx, kind: str, person_id: str) -> None:
    """An expert is suspended, a client no longer registered with the programme, from the next request on.

    Raises `MissingError`; `InvalidValueError` for another kind, or where the use is stopped already.
    """
    _check(kind)
    rows, values = (EXPERTS, {"status": "suspended"}) if kind == "expert" else (CLIENTS, {"registered": False})
    rows.change(tx, person_id, values)
    if erasures.stopped(tx, kind, [person_id]):
        raise InvalidValueError("use", "", "a person whose use is not stopped yet")
    name = erasures.note(tx, f"{kind} {erasures.STOPPED}", person_id, principal_id=CONSOLE, counts={})
    audit.append(tx, "use stopped", principal_id=CONSOLE, subject=name)


def allow_use(tx: Tx, kind: str, person_id: str) -> None:
    """Lifts the stop; the status is then set by whoever sets it. Raises `InvalidValueError` where there is none."""
    _check(kind)
    if not erasures.resume(tx, kind, person_id):
        raise InvalidValueError("use", "", "a person whose use is stopped")
    subject = erasures.name_of(tx, kind, person_id)
    audit.append(tx, "use allowed", principal_id=CONSOLE, subject=subject)


def usable(tx: Tx, data: Dataset) -> Dataset:
    """The data without what is of persons whose use is stopped: what a model may learn from."""
    experts = erasures.stopped(tx, "expert", data.experts["expert_id"].tolist())
    clients = erasures.stopped(tx, "client", data.clients["client_id"].tolist())
    if not experts and not clients:
        return data
    asked = data.consultations[~data.consultations["client_id"].isin(clients)]
    sent = data.dispatches[~data.dispatches["expert_id"].isin(experts)]
    return replace(
        data,
        experts=data.experts[~data.experts["expert_id"].isin(experts)],
        clients=data.clients[~data.clients["client_id"].isin(clients)],
        consultations=asked,
        dispatches=sent[sent["consultation_id"].isin(asked["consultation_id"])],
        conflicts=data.conflicts[~data.conflicts["expert_id"].isin(experts)],
        impressions=data.impressions[~data.impressions["expert_id"].isin(experts)],
    )


def _check(kind: str) -> None:
    if kind not in KINDS:
        raise InvalidValueError("kind", kind, " / ".join(KINDS))
