"""Every route as every role, with and without a key, on both sides of a hub's wall: read from the OpenAPI document."""

from functools import cache
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from service.access.policy import POLICY, Reach
from service.access.principal import SCOPES, Role, Scope
from service.app import create_app
from service.settings import Settings
from service.store.engine import Store
from tests.service.builders import a_client, a_copy, a_database, a_key
from tests.service.calls import CALLS, CANARY, HUB_A, HUB_B, two_hubs

LISTED = """the route `{name}` is not listed. Add to service/access/policy.py:

    "{name}": Rule(_ENTERING),  # who may call it, and how far each role sees

and to tests/service/calls.py one request that succeeds:

    "{name}": Call(path={{...}}, json={{...}}),
"""


@cache
def operations() -> dict[str, tuple[str, str]]:
    """The method and address of every route in the document, by its name."""
    document = create_app(Settings()).openapi()
    return {
        operation["operationId"]: (method.upper(), path)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


@cache
def the_world() -> str:
    url = a_database()
    store = Store.open(url)
    two_hubs(store)
    store.close()
    return url


def ask(name: str, role: Role | None, hub_id: str | None = None, **key: Any) -> Response:
    """The answer to the route's request in a fresh world; role None: without a key."""
    database = a_copy(the_world())
    method, path = operations()[name]
    call = CALLS[name]
    with a_client(database=database) as administrator:
        headers = dict(call.headers(administrator))
        if role is not None:
            headers |= a_key(administrator.app.state.store, role, hub_id, **key)
        return TestClient(administrator.app, raise_server_exceptions=False).request(
            method,
            path.format(**call.path),
            params=dict(call.params),
            json=call.json,
            content=call.content,
            files=call.files,
            headers=headers,
        )


def listed() -> list[str]:
    return [name for name in operations() if name in POLICY and name in CALLS]


each_route = pytest.mark.parametrize("name", operations())
each_guarded_route = pytest.mark.parametrize("name", [name for name in listed() if not POLICY[name].is_open])


@each_route
def test_every_route_is_listed_in_the_policy_and_has_a_request(name):
    assert {name} <= POLICY.keys() & CALLS.keys(), LISTED.format(name=name)


def test_only_health_and_the_log_in_are_open_to_everybody():
    assert {name for name, rule in POLICY.items() if rule.is_open} == {"health", "live", "ready", "open_session"}


def test_nothing_is_listed_that_is_no_route():
    assert set(POLICY) == set(operations()) == set(CALLS)


@pytest.mark.parametrize(("name", "role"), [(name, role) for name in listed() for role in Role])
def test_a_role_gets_what_the_policy_gives_it(name, role):
    rule = POLICY[name]
    answer = ask(name, role, HUB_A if role is Role.COORDINATOR else None)
    if rule.is_open or role in rule.reach:
        assert 200 <= answer.status_code < 300, answer.text
    else:
        assert answer.status_code == 403, answer.text
    if rule.reach.get(role) is Reach.AGGREGATE:
        assert CANARY not in answer.text


@each_guarded_route
def test_nothing_is_answered_without_a_key(name):
    answer = ask(name, None)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


@each_guarded_route
def test_a_key_without_the_scope_is_refused(name):
    rule = POLICY[name]
    others = [scope for scope in Scope if scope is not rule.scope]
    assert ask(name, Role.ADMINISTRATOR, scopes=others).status_code == 403


@pytest.mark.parametrize("name", [name for name in listed() if Role.COORDINATOR in POLICY[name].reach])
def test_another_hubs_coordinator_sees_nothing_of_it(name):
    answer = ask(name, Role.COORDINATOR, HUB_B)
    if CALLS[name].is_of_hub_a:
        assert answer.status_code == 404, answer.text
    assert CANARY not in answer.text


@pytest.mark.parametrize("name", POLICY)
def test_roles_that_change_and_export_nothing_are_given_no_such_route(name):
    rule = POLICY[name]
    assert all(rule.scope in SCOPES[role] for role in rule.reach)


@pytest.mark.parametrize("name", POLICY)
def test_each_role_reaches_no_further_than_it_ever_may(name):
    reach = POLICY[name].reach
    assert reach.get(Role.SUPERVISOR, Reach.AGGREGATE) is Reach.AGGREGATE
    assert reach.get(Role.COORDINATOR, Reach.OWN_HUB) is Reach.OWN_HUB


@each_guarded_route
def test_a_route_that_changes_something_needs_the_scope_to(name):
    method, _ = operations()[name]
    if method != "GET":
        assert POLICY[name].scope is Scope.WRITE or name in STORES_NOTHING


STORES_NOTHING = {"rank", "end_session"}
