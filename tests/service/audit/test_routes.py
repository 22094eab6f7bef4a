"""The audit trail by HTTP."""

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from service.store import audit
from service.store.pseudonyms import pseudonym
from service.store.schema import audit as entries
from tests.service.builders import a_client, a_key
from tests.service.store.test_audit import tamper


@pytest.fixture
def auditor(with_models):
    """A client of an auditor, over a trail of five entries by two principals."""
    with a_client(database=with_models) as client:
        store = client.app.state.store
        for number in range(5):
            with store.write() as tx:
                subject = pseudonym(tx, "expert", f"E{number % 2}")
                audit.append(tx, "read", principal_id=f"P{number % 2}", subject=subject, detail={"n": number})
        yield TestClient(client.app, headers=a_key(store, "auditor"))


def test_entries_come_in_pages_the_newest_first(auditor):
    first = auditor.get("/v1/audit", params={"limit": 3}).json()
    rest = auditor.get("/v1/audit", params={"limit": 3, "cursor": first["next"]}).json()
    assert [row["detail"]["n"] for row in first["items"] + rest["items"]] == [4, 3, 2, 1, 0]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"principal_id": "P1"}, [3, 1]),
        ({"expert_id": "E0"}, [4, 2, 0]),
        ({"action": "x"}, []),
        ({"subject": "E0"}, []),
    ],
)
def test_entries_are_found_by_who_what_and_whom(auditor, asked, found):
    assert [row["detail"]["n"] for row in auditor.get("/v1/audit", params=asked).json()["items"]] == found


def test_a_changed_entry_is_found_by_verification(auditor):
    sound = auditor.get("/v1/audit/verification").json()
    assert (sound["sound"], sound["broken"]) == (5, None)
    tamper(auditor.app.state.store, sa.update(entries).where(entries.c.number == 3).values(action="other"))
    broken = auditor.get("/v1/audit/verification").json()
    assert (broken["sound"], broken["broken"]) == (2, 3)
