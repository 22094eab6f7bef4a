"""Lets a request through, or not: who calls, whether the policy allows it, how often."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from service.access.credentials import digest
from service.access.policy import Reach, Rule
from service.access.principal import Principal
from service.http.rates import Rates
from service.problems import Refused

COOKIE = "matcher_session"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_MOST_HELD = 10_000


@dataclass(frozen=True)
class Held:
    """A credential that was recognised, and until when that may be believed without asking again."""

    principal: Principal
    until: datetime | None


class Register(Protocol):
    """Where credentials are looked up (`service.access.register`)."""

    def revision(self) -> int | None:
        """The newest change of keys, users or sessions, cheaply; None where that cannot be told just now."""

    def key(self, secret: str, now: datetime) -> Held | None:
        """The API key that is valid now."""

    def session(self, token: str, now: datetime) -> Held | None:
        """The session that is valid now, its idle time beginning anew."""


@dataclass(frozen=True)
class Access:
    """What a route knows of its caller: who it is, and how far it sees here."""

    principal: Principal
    reach: Reach

    @property
    def hub(self) -> str | None:
        """The one hub whose rows exist for the caller; None: those of all hubs."""
        return self.principal.hub_id if self.reach is Reach.OWN_HUB else None

    def sees(self, hub_id: str | None) -> bool:
        """Whether a row of this hub exists for the caller; one without a hub belongs to none."""
        return self.reach is not Reach.OWN_HUB or (hub_id is not None and hub_id == self.principal.hub_id)

    def must_see(self, hub_id: str | None) -> None:
        """Raises 404 for another hub's row, as for one that does not exist."""
        if not self.sees(hub_id):
            raise Refused(404)


class Gate:
    """Recognises callers, remembering those it has seen until the register changes, in whichever process."""

    def __init__(self, register: Register, rates: Rates, now: Callable[[], datetime]) -> None:
        self.register = register
        self.rates = rates
        self.now = now
        self._held: dict[str, Held] = {}
        self._as_of: int | None = None

    async def admit(self, request: Request, rule: Rule) -> Access:
        """The caller's access. Raises 401, 403 or 429."""
        principal = await self.principal(request)
        self.rates.count(principal.id)
        reach = rule.reach.get(principal.role)
        if reach is None or rule.scope not in principal.scopes:
            raise Refused(403)
        return Access(principal, reach)

    async def principal(self, request: Request) -> Principal:
        """Who calls: by `Authorization: Bearer`, else by the session's cookie. Raises 401, 403 across sites."""
        given = request.headers.get("authorization")
        if given is not None:
            scheme, _, token = given.partition(" ")
            if scheme.lower() == "bearer" and token:
                return await self._recognised(token.strip(), self.register.key)
            raise unauthorised()
        token = request.cookies.get(COOKIE, "")
        if not token:
            raise unauthorised()
        if request.method not in _SAFE and request.headers.get("sec-fetch-site") == "cross-site":
            raise Refused(403)
        return await self._recognised(token, self.register.session)

    async def _recognised(self, token: str, look_up: Callable[[str, datetime], Held | None]) -> Principal:
        known_by, now = digest(token), self.now()
        as_of = self._renewed()
        held = self._held.get(known_by)
        if held is None or (held.until is not None and held.until <= now):
            held = await run_in_threadpool(look_up, token, now)
            if held is None:
                raise unauthorised(invalid=True)
            self._keep(known_by, held, as_of)
        return held.principal

    def _renewed(self) -> int | None:
        """The register's revision; what is held of an earlier one is forgotten."""
        revision = self.register.revision()
        if revision != self._as_of or revision is None:
            self._held.clear()
            self._as_of = revision
        return revision

    def _keep(self, known_by: str, held: Held, as_of: int | None) -> None:
        """Keeps it, unless the register changed while it was looked up: it may be revoked by now."""
        if as_of is None or as_of != self._as_of:
            return
        if len(self._held) >= _MOST_HELD:
            self._held.clear()
        self._held[known_by] = held


def unauthorised(*, invalid: bool = False) -> Refused:
    """401, saying how to authenticate (RFC 6750)."""
    reason = ', error="invalid_token"' if invalid else ""
    return Refused(401, headers={"WWW-Authenticate": f'Bearer realm="expert-matcher"{reason}'})
