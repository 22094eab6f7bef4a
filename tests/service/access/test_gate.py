"""Who gets in, and what is remembered of it."""

import asyncio
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from fastapi import Request

from service.access.gate import COOKIE, Access, Gate, Held
from service.access.policy import Reach, Rule
from service.access.principal import SCOPES, Principal, Role, Scope
from service.http.rates import Rates
from service.problems import Refused

NOW = datetime(2026, 4, 1, tzinfo=UTC)
RULE = Rule({Role.COORDINATOR: Reach.OWN_HUB, Role.AUDITOR: Reach.ALL})


def a_principal(role=Role.COORDINATOR, hub_id="H1", scopes=None):
    return Principal("key_1", role, hub_id, SCOPES[role] if scopes is None else frozenset(scopes), None)


class Register:
    """Knows one key and one session, and counts how often it is asked."""

    def __init__(self, principal=None):
        self.held = Held(principal or a_principal(), None)
        self.number = 1
        self.asked = 0
        self.while_asked = lambda: None

    def revision(self):
        return self.number

    def key(self, secret, now):
        self.asked += 1
        held = self.held if secret == "good" else None
        self.while_asked()
        return held

    session = key


def a_gate(register, per_minute=0):
    return Gate(register, Rates(per_minute), lambda: NOW)


def a_request(method="GET", **headers):
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": method, "path": "/", "headers": pairs, "query_string": b""})


def admit(gate, request, rule=RULE):
    return asyncio.run(gate.admit(request, rule))


def status(gate, request, rule=RULE):
    with pytest.raises(Refused) as refused:
        admit(gate, request, rule)
    return refused.value.status_code


GOOD = a_request(authorization="Bearer good")


@pytest.mark.parametrize("request_", [GOOD, a_request(authorization="bearer good"), a_request(cookie=f"{COOKIE}=good")])
def test_a_key_and_a_session_let_their_principal_in(request_):
    assert admit(a_gate(Register()), request_) == Access(a_principal(), Reach.OWN_HUB)


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, ""),
        ({"authorization": "Basic good"}, ""),
        ({"authorization": "Bearer"}, ""),
        ({"authorization": "Bearer "}, ""),
        ({"authorization": "Basic x", "cookie": f"{COOKIE}=good"}, ""),
        ({"authorization": "Bearer bad"}, "invalid_token"),
        ({"authorization": "Bearer \udcff"}, "invalid_token"),
        ({"cookie": f"{COOKIE}=bad"}, "invalid_token"),
    ],
)
def test_who_is_not_recognised_is_told_how_to_be(headers, reason):
    pairs = [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
    request = Request({"type": "http", "method": "GET", "path": "/", "headers": pairs, "query_string": b""})
    with pytest.raises(Refused) as refused:
        admit(a_gate(Register()), request)
    assert refused.value.status_code == 401
    assert refused.value.headers["WWW-Authenticate"].startswith("Bearer")
    assert reason in refused.value.headers["WWW-Authenticate"]


def test_a_role_that_the_rule_does_not_name_is_refused():
    assert status(a_gate(Register(a_principal(Role.BATCH, None))), GOOD) == 403


def test_a_key_without_the_rules_scope_is_refused():
    assert status(a_gate(Register(a_principal(scopes=[Scope.WRITE]))), GOOD) == 403


def test_a_session_does_nothing_for_another_site():
    cross = {"cookie": f"{COOKIE}=good", "sec_fetch_site": "cross-site"}
    assert status(a_gate(Register()), a_request("POST", **cross)) == 403
    assert admit(a_gate(Register()), a_request("GET", **cross))
    assert admit(a_gate(Register()), a_request("POST", cookie=f"{COOKIE}=good", sec_fetch_site="same-origin"))


def test_who_is_known_is_not_looked_up_again():
    register = Register()
    gate = a_gate(register)
    for _ in range(3):
        admit(gate, GOOD)
    assert register.asked == 1


def test_who_is_unknown_is_looked_up_each_time():
    register = Register()
    gate = a_gate(register)
    assert {status(gate, a_request(authorization="Bearer bad")) for _ in range(3)} == {401}
    assert register.asked == 3


def test_a_change_of_the_register_is_noticed_by_the_next_request():
    register = Register()
    gate = a_gate(register)
    admit(gate, GOOD)
    register.held, register.number = None, 2
    assert status(gate, GOOD) == 401


def test_what_was_looked_up_while_the_register_changed_is_not_believed_twice():
    register = Register()
    gate = a_gate(register)

    def revoke():
        register.held, register.number = None, 2
        register.while_asked = lambda: None
        assert status(gate, a_request(authorization="Bearer bad")) == 401  # another request, which sees revision 2

    register.while_asked = lambda: Thread(target=revoke).run()
    admit(gate, GOOD)
    assert status(gate, GOOD) == 401


def test_without_a_revision_nothing_is_believed():
    register = Register()
    register.number = None
    gate = a_gate(register)
    admit(gate, GOOD)
    admit(gate, GOOD)
    assert register.asked == 2


def test_what_is_held_is_looked_up_again_when_its_time_is_over():
    register = Register()
    register.held = Held(a_principal(), NOW + timedelta(minutes=1))
    gate = a_gate(register)
    admit(gate, GOOD)
    gate.now = lambda: NOW + timedelta(seconds=59)
    admit(gate, GOOD)
    assert register.asked == 1
    gate.now = lambda: NOW + timedelta(minutes=1)
    admit(gate, GOOD)
    assert register.asked == 2


def test_too_many_requests_of_one_principal_are_told_when_to_come_again():
    gate = a_gate(Register(), per_minute=2)
    admit(gate, GOOD)
    admit(gate, GOOD)
    with pytest.raises(Refused) as refused:
        admit(gate, GOOD)
    assert refused.value.status_code == 429
    assert 1 <= int(refused.value.headers["Retry-After"]) <= 60


@pytest.mark.parametrize(("reach", "hub"), [(Reach.OWN_HUB, "H1"), (Reach.ALL, None), (Reach.AGGREGATE, None)])
def test_only_the_reach_of_ones_own_hub_is_walled_in(reach, hub):
    access = Access(a_principal(), reach)
    assert access.hub == hub
    assert access.sees("H1")
    assert [access.sees(other) for other in ("H2", None)] == [hub is None] * 2


def test_another_hubs_row_does_not_exist():
    access = Access(a_principal(), Reach.OWN_HUB)
    access.must_see("H1")
    with pytest.raises(Refused) as refused:
        access.must_see("H2")
    assert refused.value.status_code == 404
