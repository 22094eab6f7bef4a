"""Which answers name what another operation is about (the document's links), and which carry an ETag."""

from typing import Any

IF_MATCH = "if-match"
_FIRST = "/items/0"

# By operation: whom its answer leads to, with the place of the id that the other one's address asks for.
LINKS: dict[str, dict[str, str]] = {
    "create_consultation": dict.fromkeys(("read_consultation", "change_consultation"), "/consultation_id"),
    "read_consultation": {"change_consultation": "/consultation_id"},
    "list_consultations": {"read_consultation": f"{_FIRST}/consultation_id"},
    "create_shortlist": dict.fromkeys(
        ("read_shortlist", "shortlist_as_xlsx", "shortlist_as_csv", "decide_shortlist"), "/shortlist_id"
    ),
    "list_shortlists": {"read_shortlist": f"{_FIRST}/shortlist_id"},
    "decide_shortlist": {"read_dispatch": "/dispatch_id"},
    "list_dispatches": {"read_dispatch": f"{_FIRST}/dispatch_id"},
    "read_dispatch": dict.fromkeys(("change_dispatch", "record_outcome"), "/dispatch_id"),
    "change_dispatch": dict.fromkeys(("change_dispatch", "record_outcome"), "/dispatch_id"),
    "list_follow_ups": {"read_dispatch": f"{_FIRST}/dispatch_id"},
    "list_experts": dict.fromkeys(("read_expert", "list_notes", "create_note"), f"{_FIRST}/expert_id"),
    "read_expert": {"change_expert_status": "/expert/expert_id"},
    "change_expert_status": {"change_expert_status": "/expert_id"},
    "create_note": dict.fromkeys(("change_note", "remove_note"), "/note_id"),
    "change_note": dict.fromkeys(("change_note", "remove_note"), "/note_id"),
    "create_import": dict.fromkeys(("read_import", "apply_import"), "/import_id"),
    "list_imports": {"read_import": f"{_FIRST}/import_id"},
    "list_models": {"activate_model": f"{_FIRST}/model_id"},
}
# What may always be sent, of what otherwise depends on the row's state.
_SENT: dict[str, Any] = {"change_consultation": {"status": "closed"}, "record_outcome": {"resolved": "はい"}}
TAGGED = frozenset(
    {
        "create_consultation",
        "read_consultation",
        "change_consultation",
        "read_dispatch",
        "change_dispatch",
        "record_outcome",
        "read_expert",
        "change_expert_status",
        "create_note",
        "change_note",
    }
)


def links_of(name: str, operations: dict[str, Any]) -> dict[str, Any]:
    """The links of one operation, where `operations` are all of the document by their names."""
    return {target: _link(name, pointer, operations[target]) for target, pointer in LINKS.get(name, {}).items()}


def _link(source: str, pointer: str, target: dict[str, Any]) -> dict[str, Any]:
    given = {}
    for parameter in target["parameters"]:
        if parameter["in"] == "path":
            given[parameter["name"]] = f"$response.body#{pointer}"
        elif parameter["name"] == IF_MATCH and source in TAGGED:
            given[IF_MATCH] = "$response.header.ETag"
    body = {"requestBody": _SENT[target["operationId"]]} if target["operationId"] in _SENT else {}
    return {"operationId": target["operationId"], "parameters": given, **body}
