"""Sessions: log in with a password, and out."""

from datetime import timedelta

from fastapi import Request, Response

from service.access.credentials import digest, hash_password, is_outdated, new_token, password_matches
from service.access.gate import COOKIE, unauthorised
from service.access.principal import Role
from service.access.schema import LoginRequest, SessionBody
from service.http.guard import Allowed, Stored, guarded_router
from service.problems import responses
from service.store import audit, users
from service.store.engine import Store

router = guarded_router("sessions")


@router.post("/v1/sessions", status_code=201, responses=responses(401, 429))
def open_session(asked: LoginRequest, request: Request, response: Response) -> SessionBody:
    """ログインする (logs in; the session is in an HttpOnly cookie)."""
    state = request.app.state
    address = request.client.host if request.client else "unknown"
    state.logins.count(f"login {asked.login}", f"address {address}")
    lasts, token = timedelta(hours=state.settings.session_hours), new_token()
    session = log_in(state.store, asked, token, lasts, request.state.request_id)
    seconds, secure = int(lasts.total_seconds()), request.url.scheme == "https"
    response.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=secure, max_age=seconds)
    response.headers["Cache-Control"] = "no-store"
    user = session.user
    return SessionBody(
        login=user.login, name=user.name, role=Role(user.role), hub_id=user.hub_id, expires_at=session.expires_at
    )


def log_in(store: Store, asked: LoginRequest, token: str, lasts: timedelta, request_id: str) -> users.Session:
    """A new session of the user. Raises 401, the same and as late for a wrong login as for a wrong password."""
    with store.read() as tx:
        user = users.user_of(tx, asked.login)
    matches = password_matches(user.password_hash if user else None, asked.password)
    if user is None or not matches or user.disabled_at is not None:
        raise unauthorised()
    newer = hash_password(asked.password) if is_outdated(user.password_hash) else None
    with store.write() as tx:
        if users.user_of(tx, asked.login) != user:  # disabled, or of another password, since it was read
            raise unauthorised()
        if newer:
            users.rehash_password(tx, user, newer)
        audit.append(tx, "logged in", principal_id=user.user_id, request_id=request_id)
        return users.open_session(tx, user, digest(token), tx.now + lasts)


@router.delete("/v1/sessions/current", status_code=204)
def end_session(request: Request, response: Response, access: Allowed, store: Stored) -> None:
    """ログアウトする。API キーには効かない (logs out; an API key is not affected)."""
    token = request.cookies.get(COOKIE)
    if token:
        with store.write() as tx:
            if users.end_session(tx, digest(token)):
                who, request_id = access.principal.id, request.state.request_id
                audit.append(tx, "logged out", principal_id=who, request_id=request_id)
    response.delete_cookie(COOKIE)
