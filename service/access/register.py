"""The gate's register: keys and sessions in the store, and the watch that tells when one of them changed."""

from datetime import datetime, timedelta

from service.access.credentials import digest, prefix_of
from service.access.gate import Held
from service.access.principal import SCOPES, Principal, Role, Scope
from service.store.engine import Store
from service.store.keys import key_of
from service.store.schema import Change
from service.store.users import Session, see_session, session_of
from service.store.watch import Watch

# A session is looked at again after this long, which is also how exactly its last use is known.
_SEEN_EVERY = timedelta(minutes=1)


class StoreRegister:
    """Looks keys and sessions up in the store; `idle` is how long a session may be unused."""

    def __init__(self, store: Store, watch: Watch, idle: timedelta) -> None:
        self.store = store
        self.watch = watch
        self.idle = idle

    def revision(self) -> int | None:
        """As the gate wants it."""
        return self.watch.newest(Change.ACCESS)

    def key(self, secret: str, now: datetime) -> Held | None:
        """The key, believed until it expires or the register changes."""
        with self.store.read() as tx:
            key = key_of(tx, prefix_of(secret), digest(secret))
        if key is None or not key.is_valid(now):
            return None
        scopes = frozenset(map(Scope, key.scopes))
        return Held(Principal(key.key_id, Role(key.role), key.hub_id, scopes, key.expires_at), key.expires_at)

    def session(self, token: str, now: datetime) -> Held | None:
        """The session, believed for a minute: then others may have used or not used it."""
        with self.store.read() as tx:
            session = session_of(tx, digest(token))
        if session is None or not self._runs(session, now):
            return None
        if now - session.last_seen_at >= min(_SEEN_EVERY, self.idle) / 2:
            with self.store.write() as tx:
                see_session(tx, session.session_id)
        user = session.user
        role = Role(user.role)
        principal = Principal(user.user_id, role, user.hub_id, SCOPES[role], session.expires_at)
        return Held(principal, min(session.expires_at, now + min(_SEEN_EVERY, self.idle)))

    def _runs(self, session: Session, now: datetime) -> bool:
        over = session.ended_at is not None or session.user.disabled_at is not None
        return not over and now < min(session.expires_at, session.last_seen_at + self.idle)
