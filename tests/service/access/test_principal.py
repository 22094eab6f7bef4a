import pytest

from matcher.errors import InvalidValueError, UnknownValueError
from service.access.principal import SCOPES, Role, Scope, a_role, checked_hub, checked_scopes


def test_only_coordinators_are_bound_to_a_hub():
    assert checked_hub(Role.COORDINATOR, "H1") == "H1"
    assert checked_hub(Role.AUDITOR, None) is None
    for role, hub_id in [(Role.COORDINATOR, None), (Role.COORDINATOR, ""), (Role.SUPERVISOR, "H1")]:
        with pytest.raises(InvalidValueError, match="hub"):
            checked_hub(role, hub_id)


def test_scopes_narrow_a_role_and_never_widen_it():
    assert checked_scopes(Role.BATCH, ["read"]) == {Scope.READ}
    assert checked_scopes(Role.AUDITOR, []) == SCOPES[Role.AUDITOR] == {Scope.READ}
    with pytest.raises(UnknownValueError, match="export"):
        checked_scopes(Role.AUDITOR, ["read", "export"])
    with pytest.raises(UnknownValueError, match="everything"):
        checked_scopes(Role.BATCH, ["everything"])


def test_a_misspelt_role_is_told_all_roles():
    assert a_role("batch") is Role.BATCH
    with pytest.raises(UnknownValueError, match="supervisor"):
        a_role("superviser")
