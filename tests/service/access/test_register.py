"""Keys and sessions through a running application, on both databases."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import Request
from fastapi.testclient import TestClient

from service.access.accounts import create_user, disable_user, revoke_key
from service.access.gate import COOKIE, Gate
from service.access.policy import POLICY
from service.access.register import StoreRegister
from service.store.engine import Store
from service.store.keys import list_keys
from tests.service.builders import a_key
from tests.service.sample import a_sample_client

PASSWORD = "a long enough password"


@pytest.fixture
def client(database_url):
    with a_sample_client(database=database_url, logins_per_minute=0) as client:
        yield client


@pytest.fixture
def elsewhere(database_url):
    """The same database in another process."""
    store = Store.open(database_url)
    yield store
    store.close()


def a_user(store, login="tanaka"):
    with store.write() as tx:
        create_user(tx, login=login, name="田中", password=PASSWORD, role="coordinator", hub_id="H1")


def log_in(client):
    return client.post("/v1/sessions", json={"login": "tanaka", "password": PASSWORD})


def without_a_key(client):
    return TestClient(client.app, headers={}, raise_server_exceptions=False)


def ask(client, **headers):
    return client.get("/sample/who", headers=headers).status_code


def eventually(question, expected):
    """On PostgreSQL the news of a commit takes its milliseconds."""
    for _ in range(200):
        if question() == expected:
            return
    assert question() == expected


def test_a_revoked_key_fails_on_the_next_request_of_every_process(client, elsewhere):
    headers = a_key(elsewhere, "batch")
    assert ask(client, **headers) == 200
    with elsewhere.write() as tx:
        revoke_key(tx, list_keys(tx)[0].prefix)
    if elsewhere.engine.dialect.name == "sqlite":
        assert ask(client, **headers) == 401
    eventually(lambda: ask(client, **headers), 401)


def test_a_key_ends_when_it_expires(database_url, elsewhere):
    headers = a_key(elsewhere, expires_at=datetime(2026, 4, 1, tzinfo=UTC))
    secret = headers["authorization"].split()[1]
    register = StoreRegister(elsewhere, None, timedelta(hours=1))
    assert register.key(secret, datetime(2026, 3, 31, 23, 59, tzinfo=UTC)).until == datetime(2026, 4, 1, tzinfo=UTC)
    assert register.key(secret, datetime(2026, 4, 1, tzinfo=UTC)) is None


def test_a_key_with_a_wrong_letter_is_no_key(client, elsewhere):
    secret = a_key(elsewhere)["authorization"]
    assert ask(client, authorization=secret[:-1] + ("A" if secret[-1] != "A" else "B")) == 401
    assert ask(client, authorization=secret[:-1]) == 401


def test_a_session_lasts_until_it_is_ended(client, elsewhere):
    a_user(elsewhere)
    browser = without_a_key(client)
    assert ask(browser) == 401
    answer = log_in(browser)
    assert answer.status_code == 201
    assert answer.json()["hub_id"] == "H1"
    assert set(answer.json()) == {"login", "name", "role", "hub_id", "expires_at"}
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    assert ask(browser) == 200
    token = browser.cookies[COOKIE]
    assert browser.delete("/v1/sessions/current").status_code == 204
    eventually(lambda: ask(without_a_key(client), cookie=f"{COOKIE}={token}"), 401)


def test_over_https_the_cookie_is_for_https_alone(client, elsewhere):
    a_user(elsewhere)
    client.base_url = "https://testserver"
    assert "Secure" in log_in(client).headers["set-cookie"]


def test_a_disabled_user_is_out_at_once_and_cannot_log_in(client, elsewhere):
    a_user(elsewhere)
    browser = without_a_key(client)
    log_in(browser)
    assert ask(browser) == 200
    with elsewhere.write() as tx:
        disable_user(tx, "tanaka")
    eventually(lambda: ask(browser), 401)
    assert log_in(browser).status_code == 401


def the_session(elsewhere, client, idle=timedelta(hours=1)):
    a_user(elsewhere)
    browser = without_a_key(client)
    log_in(browser)
    return StoreRegister(elsewhere, None, idle), browser.cookies[COOKIE], datetime.now(UTC)


def test_an_unused_session_ends_when_its_idle_time_is_over(client, elsewhere):
    register, token, now = the_session(elsewhere, client)
    assert register.session(token, now)
    assert register.session(token, now + timedelta(minutes=59))
    assert register.session(token, now + timedelta(hours=1, seconds=1)) is None


def test_a_used_session_goes_on_until_its_last_moment(client, elsewhere):
    register, token, now = the_session(elsewhere, client)
    for hour in range(23):
        at = now + timedelta(minutes=30 * (hour + 1))
        elsewhere.now = lambda at=at: at
        assert register.session(token, at), hour
    assert register.session(token, now + timedelta(hours=12)) is None


@pytest.mark.parametrize(
    ("login", "password"), [("tanaka", "wrong"), ("nobody", PASSWORD), ("TANAKA", PASSWORD), ("tanaka", PASSWORD + " ")]
)
def test_a_wrong_login_and_a_wrong_password_are_answered_alike(client, elsewhere, login, password):
    a_user(elsewhere)
    answer = client.post("/v1/sessions", json={"login": login, "password": password})
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    assert "www-authenticate" in answer.headers
    assert answer.json()["errors"] == []


def test_too_many_log_ins_of_one_login_are_refused(database_url):
    with a_sample_client(database=database_url, logins_per_minute=2) as client:
        statuses = [log_in(client).status_code for _ in range(3)]
    assert statuses == [401, 401, 429]


def test_a_known_caller_costs_less_than_50_microseconds(client, elsewhere):
    headers = a_key(elsewhere, "batch")
    gate: Gate = client.app.state.gate
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def many(count: int) -> float:
        begun = time.perf_counter()
        for _ in range(count):
            scope = {"type": "http", "method": "POST", "path": "/", "headers": pairs, "query_string": b""}
            await gate.admit(Request(scope), POLICY["rank"])
        return (time.perf_counter() - begun) / count

    asyncio.run(many(10))
    best = min(asyncio.run(many(500)) for _ in range(5))
    assert best < 50e-6, best
