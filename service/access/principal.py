"""Who may call: a role, for some the hub they work at, and what a key is narrowed to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from matcher.errors import InvalidValueError, UnknownValueError


class Role(StrEnum):
    """What a principal does for the programme."""

    COORDINATOR = "coordinator"  # works at one hub, sees its clients and consultations, and all experts
    ADMINISTRATOR = "administrator"
    BATCH = "batch"  # a program: nightly ranking, imports
    SUPERVISOR = "supervisor"  # the commissioning bureau: aggregates, no client
    AUDITOR = "auditor"  # reads everything, changes and exports nothing


class Scope(StrEnum):
    """What a key may do of what its role may."""

    READ = "read"
    WRITE = "write"
    EXPORT = "export"


SCOPES: dict[Role, frozenset[Scope]] = {
    Role.COORDINATOR: frozenset(Scope),
    Role.ADMINISTRATOR: frozenset(Scope),
    Role.BATCH: frozenset(Scope),
    Role.SUPERVISOR: frozenset({Scope.READ, Scope.EXPORT}),
    Role.AUDITOR: frozenset({Scope.READ}),
}


@dataclass(frozen=True)
class Principal:
    """Somebody who was recognised; `hub_id` only for coordinators, `expires` None for never."""

    id: str
    role: Role
    hub_id: str | None
    scopes: frozenset[Scope]
    expires: datetime | None


def a_role(text: str) -> Role:
    """The role of that name. Raises `UnknownValueError`."""
    if text not in set(Role):
        raise UnknownValueError("role", text, ", ".join(Role))
    return Role(text)


def checked_scopes(role: Role, asked: Iterable[str]) -> frozenset[Scope]:
    """The scopes asked for, all of the role's where none is. Raises `UnknownValueError` for one the role lacks."""
    scopes = frozenset(asked)
    for scope in sorted(scopes - SCOPES[role]):
        raise UnknownValueError("scope", scope, f"{', '.join(sorted(SCOPES[role]))} (role {role})")
    return frozenset(map(Scope, scopes)) or SCOPES[role]


def checked_hub(role: Role, hub_id: str | None) -> str | None:
    """The hub, which coordinators need and nobody else has. Raises `InvalidValueError`."""
    if (role is Role.COORDINATOR) != bool(hub_id):
        accepted = "a hub's id" if role is Role.COORDINATOR else f"no hub (role {role} is bound to none)"
        raise InvalidValueError("hub", hub_id or "", accepted)
    return hub_id
