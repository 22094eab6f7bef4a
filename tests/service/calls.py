"""One request for each route, which an administrator may make and succeeds with, in a world of two hubs.

A new route gets a line in `CALLS`; what the request needs beforehand is added to `two_hubs`. What belongs to hub A
carries the canary somewhere (an id, a name, a text), so that it is recognised wherever it comes out.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fastapi.testclient import TestClient

from matcher.dataset import Dataset
from service.access.accounts import create_user
from service.examples import ANSWERED
from service.store import imports, notes, shortlists
from service.store.clients import CLIENTS
from service.store.consultations import CONSULTATIONS
from service.store.dispatches import DISPATCHES
from service.store.engine import Store, Tx
from service.store.experts import EXPERTS
from service.store.hubs import HUBS
from service.store.loading import load
from service.store.shortlists import Impression, Shown
from tests.service.builders import EARLIER_MODEL, a_dataset

HUB_A, HUB_B = "HUB-A", "HUB-B"
CANARY = "KANARIA"
CLIENT, CONSULTATION, DISPATCH = f"CL-{CANARY}", f"C-{CANARY}", f"D-{CANARY}"
EXPERT = "E-1"
NOTE = f"N-{CANARY}"
IMPORT, EXPERTS_FILE = "M-1", "expert_id,name\nE-2,佐藤 次郎\n".encode()
SHORTLIST = f"S-{CANARY}"
PASSWORD = "a long enough password"


def two_hubs(store: Store) -> None:
    """Hub A with a client, a consultation, a shortlist and a dispatch, hub B without any; experts; a user of hub A."""
    with store.write() as tx:
        load(tx, Dataset.from_tables({"experts": a_dataset().experts}))  # those whom the snapshot ranks
        for hub_id in (HUB_A, HUB_B):
            HUBS.create(tx, {"hub_id": hub_id, "name": f"拠点 {hub_id}"})
        EXPERTS.create(tx, {"expert_id": EXPERT, "name": "山田 太郎", "kana": "ヤマダ タロウ"})
        CLIENTS.create(tx, {"client_id": CLIENT, "name": CANARY})
        notes.create(tx, EXPERT, f"{CANARY} の覚え書き", principal_id="user", hub_id=HUB_A, note_id=NOTE)
        _consultation(tx)
        found = {"report": {}, "difference": {}}
        imports.create(tx, EXPERTS_FILE, principal_id="user", source="experts.csv", import_id=IMPORT, **found)
        _shortlist(tx)
        create_user(tx, login="tanaka", name="田中", password=PASSWORD, role="coordinator", hub_id=HUB_A)


def _consultation(tx: Tx) -> None:
    CONSULTATIONS.create(
        tx,
        {
            "consultation_id": CONSULTATION,
            "category": "finance",
            "hub_id": HUB_A,
            "client_id": CLIENT,
            "received_on": date(2026, 3, 2),
            "description": f"{CANARY} の相談",
        },
    )
    DISPATCHES.create(
        tx,
        {"dispatch_id": DISPATCH, "consultation_id": CONSULTATION, "expert_id": EXPERT, "status": "offered"},
    )


def _shortlist(tx: Tx) -> None:
    asked = {**ANSWERED["consultation"], "consultation_id": CONSULTATION, "hub_id": HUB_A, "client_id": CLIENT}
    shown = Shown(
        consultation_id=CONSULTATION,
        hub_id=HUB_A,
        principal_id="user",
        asked={"consultation": asked, "risk": "neutral"},
        as_of=date(2026, 4, 1),
        lang="ja",
        k=1,
        revision=tx.revision(),
        model_id=None,
        model_fingerprint="f" * 64,
        data_fingerprint="0" * 64,
        programme={},
        answer=json.dumps({**ANSWERED, "consultation": asked}),
    )
    shortlists.create(tx, shown, [Impression(EXPERT, 1)], shortlist_id=SHORTLIST)


@dataclass(frozen=True)
class Call:
    """A request. One whose address or body names hub A or something of it must be 404 to hub B's coordinator.

    `path` fills the address; `headers` are made by the administrator's client, for an ETag, say.
    """

    path: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    json: Any = None
    content: bytes | None = None
    files: Any = None
    headers: Callable[[TestClient], Mapping[str, str]] = lambda _client: {}

    @property
    def is_of_hub_a(self) -> bool:
        """Whether its address or its body names hub A or something of it."""
        return any(mark in f"{self.path}{self.json}{self.content!r}" for mark in (HUB_A, CANARY))


def when_ready(client: TestClient) -> dict[str, str]:
    """No header, once there is a first snapshot."""
    assert client.app.state.serving.snapshot
    return {}


CALLS: dict[str, Call] = {
    "health": Call(),
    "live": Call(),
    "ready": Call(headers=when_ready),
    "metrics": Call(),
    "open_session": Call(json={"login": "tanaka", "password": PASSWORD}),
    "end_session": Call(),
    "rank": Call(json={"category": "finance"}),
    "create_consultation": Call(json={"category": "finance", "hub_id": HUB_A, "client_id": CLIENT}),
    "list_consultations": Call(),
    "read_consultation": Call(path={"consultation_id": CONSULTATION}),
    "change_consultation": Call(
        path={"consultation_id": CONSULTATION},
        json={"status": "closed"},
        headers=lambda client: tag_of(client, f"/v1/consultations/{CONSULTATION}"),
    ),
    "list_clients": Call(),
    "create_shortlist": Call(json={"consultation_id": CONSULTATION, "k": 3}),
    "list_shortlists": Call(),
    "read_shortlist": Call(path={"shortlist_id": SHORTLIST}),
    "shortlist_as_xlsx": Call(path={"shortlist_id": SHORTLIST}),
    "shortlist_as_csv": Call(path={"shortlist_id": SHORTLIST}),
    "decide_shortlist": Call(path={"shortlist_id": SHORTLIST}, json={"kind": "expert", "expert_id": EXPERT}),
    "list_dispatches": Call(),
    "read_dispatch": Call(path={"dispatch_id": DISPATCH}),
    "change_dispatch": Call(
        path={"dispatch_id": DISPATCH},
        json={"status": "accepted"},
        headers=lambda client: tag_of(client, f"/v1/dispatches/{DISPATCH}"),
    ),
    "record_outcome": Call(
        path={"dispatch_id": DISPATCH},
        json={"visits": "３", "resolved": "はい"},
        headers=lambda client: tag_of(client, f"/v1/dispatches/{DISPATCH}"),
    ),
    "list_follow_ups": Call(params={"days": 0}),
    "create_import": Call(content=EXPERTS_FILE, headers=lambda _client: {"Content-Type": "text/csv"}),
    "list_imports": Call(),
    "read_import": Call(path={"import_id": IMPORT}),
    "apply_import": Call(path={"import_id": IMPORT}),
    "list_models": Call(),
    "activate_model": Call(path={"model_id": EARLIER_MODEL}),
    "roll_back_model": Call(),
    "report_exposure": Call(params={"fiscal_year": 2025}),
    "report_outcomes": Call(),
    "report_follow_up": Call(),
    "list_audit_entries": Call(),
    "verify_audit": Call(),
    "list_experts": Call(params={"name": "やまだ"}),
    "read_expert": Call(path={"expert_id": EXPERT}),
    "change_expert_status": Call(
        path={"expert_id": EXPERT},
        json={"status": "suspended"},
        headers=lambda client: tag_of(client, f"/v1/experts/{EXPERT}"),
    ),
    "list_notes": Call(path={"expert_id": EXPERT}),
    "create_note": Call(path={"expert_id": EXPERT}, json={"text": "丁寧"}),
    "change_note": Call(path={"note_id": NOTE}, json={"text": "丁寧"}, headers=lambda _client: {"If-Match": '"1"'}),
    "remove_note": Call(path={"note_id": NOTE}, headers=lambda _client: {"If-Match": '"1"'}),
}


def tag_of(client: TestClient, address: str) -> dict[str, str]:
    """The header that a change of what is at the address needs."""
    return {"If-Match": client.get(address).headers["etag"]}


def prepared(client: TestClient) -> dict[str, str]:
    """No header, but the wait until the model is prepared."""
    client.get("/health")
    return {}
