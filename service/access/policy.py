"""The policy of all routes in one table: who may call each, and how far that caller sees.

A route's name is its function's name, which is its `operationId`, too. A route that is not listed is refused to
everyone, and `tests/service/test_matrix.py` fails until it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.access.principal import Role, Scope


class Reach(StrEnum):
    """How far a caller sees through a route."""

    OWN_HUB = "own hub"  # rows of the caller's hub; those of another hub do not exist for it
    ALL = "all"
    AGGREGATE = "aggregate"  # counts and means of hubs, none over fewer than 3 clients


@dataclass(frozen=True)
class Rule:
    """The roles that may call a route, with their reach, and the scope that a key needs; no roles: open to all."""

    reach: Mapping[Role, Reach]
    scope: Scope = Scope.READ

    @property
    def is_open(self) -> bool:
        """Whether it is answered without knowing who calls."""
        return not self.reach


_OWN = {Role.COORDINATOR: Reach.OWN_HUB}
_ADMINISTRATOR = {Role.ADMINISTRATOR: Reach.ALL}
_BATCH, _AUDITOR = {Role.BATCH: Reach.ALL}, {Role.AUDITOR: Reach.ALL}
_SUPERVISOR = {Role.SUPERVISOR: Reach.AGGREGATE}
_EDITING = {**_OWN, **_ADMINISTRATOR}
_ENTERING = {**_OWN, **_ADMINISTRATOR, **_BATCH}
_READING = {**_OWN, **_ADMINISTRATOR, **_AUDITOR}
_REPORTED = {**_READING, **_SUPERVISOR}
_EVERYONE = {**_ENTERING, **_SUPERVISOR, **_AUDITOR}

OPEN = Rule({})
POLICY: dict[str, Rule] = {
    # operations
    "health": OPEN,
    "live": OPEN,
    "ready": OPEN,
    "metrics": Rule({**_ADMINISTRATOR, **_BATCH}),
    # sessions
    "open_session": OPEN,
    "end_session": Rule(_EVERYONE),
    # ranking; all experts are everybody's, so that the reach matters only where a hub or client is named
    "rank": Rule(_ENTERING),
    # consultations and clients
    "create_consultation": Rule(_ENTERING, Scope.WRITE),
    "list_consultations": Rule(_READING),
    "read_consultation": Rule(_READING),
    "change_consultation": Rule(_EDITING, Scope.WRITE),
    "list_clients": Rule(_READING),
    # shortlists
    "create_shortlist": Rule(_ENTERING, Scope.WRITE),
    "list_shortlists": Rule(_READING),
    "read_shortlist": Rule(_READING),
    "shortlist_as_xlsx": Rule(_EDITING, Scope.EXPORT),
    "shortlist_as_csv": Rule(_EDITING, Scope.EXPORT),
    "decide_shortlist": Rule(_EDITING, Scope.WRITE),
    # dispatches
    "list_dispatches": Rule(_READING),
    "read_dispatch": Rule(_READING),
    "change_dispatch": Rule(_EDITING, Scope.WRITE),
    "record_outcome": Rule(_EDITING, Scope.WRITE),
    "list_follow_ups": Rule(_READING),
    # experts, and hubs' notes on them
    "list_experts": Rule(_READING),
    "read_expert": Rule(_READING),
    "change_expert_status": Rule(_ADMINISTRATOR, Scope.WRITE),
    "list_notes": Rule(_READING),
    "create_note": Rule(_EDITING, Scope.WRITE),
    "change_note": Rule(_EDITING, Scope.WRITE),
    "remove_note": Rule(_EDITING, Scope.WRITE),
    # models
    "list_models": Rule({**_ADMINISTRATOR, **_BATCH, **_AUDITOR}),
    "activate_model": Rule(_ADMINISTRATOR, Scope.WRITE),
    "roll_back_model": Rule(_ADMINISTRATOR, Scope.WRITE),
    # the audit trail
    "list_audit_entries": Rule(_AUDITOR),
    "verify_audit": Rule(_AUDITOR),
    # files that are sent in
    "create_import": Rule({**_ADMINISTRATOR, **_BATCH}, Scope.WRITE),
    "list_imports": Rule({**_ADMINISTRATOR, **_BATCH, **_AUDITOR}),
    "read_import": Rule({**_ADMINISTRATOR, **_BATCH, **_AUDITOR}),
    "apply_import": Rule({**_ADMINISTRATOR, **_BATCH}, Scope.WRITE),
    # reports
    "report_exposure": Rule(_REPORTED),
    "report_outcomes": Rule(_REPORTED),
    "report_follow_up": Rule(_REPORTED),
}
