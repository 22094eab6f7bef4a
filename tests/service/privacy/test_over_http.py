"""A world that was used by HTTP, every route of it: after an erasure nothing of the person is left in it."""

import shutil
from collections.abc import Iterable

import pytest

from service.privacy.erasing import erase, files_with
from service.store import audit
from service.store.clients import CLIENTS
from service.store.consultations import CONSULTATIONS
from service.store.experts import EXPERTS
from service.store.schema import metadata
from tests.service.builders import ON, a_client, a_database, a_home, a_trained_model
from tests.service.calls import CALLS, CLIENT, CONSULTATION, DISPATCH, EXPERT, HUB_A, SHORTLIST, two_hubs
from tests.service.test_matrix import operations

NAME, FIRM, WORDS = "山田 太郎", "金糸雀商店", "金糸雀の相談"


@pytest.fixture
def used(tmp_path):
    """An administrator's client of a world in which every route was called."""
    a_trained_model()
    shutil.copytree(a_home() / "models", tmp_path / "models")
    database = f"sqlite:///{tmp_path / 'service.sqlite'}"
    shutil.copy(a_database().removeprefix("sqlite:///"), tmp_path / "service.sqlite")
    with a_client(database=database, home=tmp_path) as client:
        two_hubs(client.app.state.store)
        with client.app.state.store.write() as tx:
            CLIENTS.change(tx, CLIENT, {"name": FIRM})
            CONSULTATIONS.change(tx, CONSULTATION, {"description": WORDS})
        for number, name in enumerate(name for name in CALLS if name not in ("end_session", "remove_note")):
            method, path = operations()[name]
            call = CALLS[name]
            headers = {**call.headers(client), "Idempotency-Key": f"k{number}"}
            body = {"json": call.json, "content": call.content, "files": call.files}
            client.request(method, path.format(**call.path), params=dict(call.params), headers=headers, **body)
        yield client


def cells(store) -> Iterable[tuple[str, str]]:
    with store.read() as tx:
        for table in metadata.sorted_tables:
            for row in tx.execute(table.select()):
                for cell in row:
                    yield table.name, cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)


def found(store, *marks):
    return {(name, mark) for name, cell in cells(store) for mark in marks if mark in cell}


def test_an_erased_client_is_nowhere(used, tmp_path):
    store = used.app.state.store
    assert {name for name, _ in found(store, CLIENT, FIRM, WORDS)} >= {
        "clients",
        "consultations",
        "idempotency",
        "row_versions",
        "shortlists",
    }
    done = erase(store, tmp_path, "client", CLIENT, on=ON)
    assert found(store, CLIENT, FIRM, WORDS) == set()
    assert done.found_in == ()
    assert not list(files_with([CLIENT, FIRM, WORDS], (path for path in tmp_path.rglob("*") if path.is_file())))
    assert used.get(f"/v1/shortlists/{SHORTLIST}").status_code == 410
    assert used.get(f"/v1/consultations/{CONSULTATION}").json()["client_id"] is None


def test_an_erased_expert_is_nowhere_and_the_service_goes_on(used, tmp_path):
    store = used.app.state.store
    with store.write() as tx:
        EXPERTS.change(tx, EXPERT, {"introduction": "金糸雀です"})
    assert found(store, NAME, "金糸雀です")
    done = erase(store, tmp_path, "expert", EXPERT, on=ON)
    assert found(store, NAME, "金糸雀です", f'"{EXPERT}"', f" {EXPERT} ") == set()
    assert done.found_in == ()
    assert used.get(f"/v1/experts/{EXPERT}").status_code == 404
    assert used.get(f"/v1/dispatches/{DISPATCH}").json()["expert_id"] == "erased"
    assert used.get(f"/v1/shortlists/{SHORTLIST}").status_code == 410
    assert used.post("/v1/rank", json={"category": "finance", "hub_id": HUB_A}).status_code == 200
    with store.read() as tx:
        assert audit.verify(tx).broken is None
