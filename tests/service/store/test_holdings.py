"""What is held follows the store: after a change it is what a fresh reading gives, and the rest is kept."""

import pytest
from pandas.testing import assert_frame_equal

from service.store.clients import CLIENTS
from service.store.conflicts import CONFLICTS
from service.store.consultations import CONSULTATIONS
from service.store.dispatches import DISPATCHES
from service.store.engine import Store
from service.store.experts import EXPERTS
from service.store.holdings import WHOLE, Holdings, data_revision, fingerprint
from service.store.hubs import HUBS
from service.store.loading import load
from service.store.schema import Change
from tests.service.builders import a_dataset, activate_model


@pytest.fixture
def filled(store):
    with store.write() as tx:
        load(tx, a_dataset())
    return store


def held(store: Store) -> Holdings:
    with store.read() as tx:
        return Holdings.read(tx)


def after(store: Store, holdings: Holdings, *changes) -> Holdings:
    for change in changes:
        with store.write() as tx:
            change(tx)
    with store.read() as tx:
        return holdings.renewed(tx)


def assert_fresh(now: Holdings, fresh: Holdings) -> None:
    """The same; a consultation whose last dispatch was removed may still be held."""
    assert now.revision == fresh.revision
    for name in WHOLE:
        assert_frame_equal(now.data.table(name), fresh.data.table(name), obj=name)
    sent = now.data.consultations["consultation_id"].isin(now.data.dispatches["consultation_id"])
    assert_frame_equal(now.data.consultations[sent].reset_index(drop=True), fresh.data.consultations)


def first(name: str) -> str:
    return str(a_dataset().table(name).iloc[0, 0])


def a_dispatch(tx):
    asked = {"consultation_id": first("consultations"), "expert_id": first("experts")}
    DISPATCHES.create(tx, {"dispatch_id": "D-new", "status": "offered", **asked})


CHANGES = {
    "a suspension": lambda tx: EXPERTS.change(tx, first("experts"), {"status": "suspended"}),
    "another name": lambda tx: EXPERTS.change(tx, first("experts"), {"name": "別名"}),
    "a new expert": lambda tx: EXPERTS.create(tx, {"expert_id": "A-new", "name": "新人"}),
    "a dispatch": a_dispatch,
    "a case solved": lambda tx: DISPATCHES.change(tx, first("dispatches"), {"resolved": True}),
    "a dispatch removed": lambda tx: DISPATCHES.remove(tx, first("dispatches")),
    "another client of a case": lambda tx: CONSULTATIONS.change(
        tx, str(a_dataset().dispatches["consultation_id"].iloc[0]), {"client_id": first("clients")}
    ),
    "a client": lambda tx: CLIENTS.create(tx, {"client_id": "C-new", "registered": True}),
    "a hub": lambda tx: HUBS.create(tx, {"hub_id": "H-new"}),
    "a conflict": lambda tx: CONFLICTS.create(
        tx, {"expert_id": first("experts"), "client_id": "C-new", "kind": "other"}
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_it_is_what_a_fresh_reading_gives(filled, change):
    now = after(filled, held(filled), CHANGES[change])
    assert_fresh(now, held(filled))


def test_changes_between_two_readings_are_all_found(filled):
    now = after(filled, held(filled), *CHANGES.values())
    assert_fresh(now, held(filled))


def test_nothing_new_is_the_same_object(filled):
    holdings = held(filled)
    assert after(filled, holdings) is holdings


def test_a_consultation_that_nobody_was_sent_to_changes_nothing_that_is_held(filled):
    before = held(filled)
    now = after(filled, before, lambda tx: CONSULTATIONS.create(tx, {"category": "finance"}))
    assert now.revision == before.revision + 1
    assert now.data is before.data


def test_what_has_not_changed_is_kept(filled):
    before = held(filled)
    now = after(filled, before, CHANGES["a dispatch"])
    assert now.data.experts is before.data.experts
    assert now.data.dispatches is not before.data.dispatches


def test_the_active_model_comes_with_its_activation(store):
    before = held(store)
    now = after(store, before, activate_model)
    assert before.model is None
    assert now.model["sha256"]
    assert now.data is before.data


def test_the_datas_revision_passes_access_and_models_by(filled):
    with filled.read() as tx:
        before = data_revision(tx)
    with filled.write() as tx:
        activate_model(tx)
        tx.revise(Change.ACCESS)
    with filled.read() as tx:
        assert data_revision(tx) == before < tx.revision()


def test_a_fingerprint_tells_stores_and_revisions_apart():
    prints = {fingerprint("a", 1), fingerprint("a", 2), fingerprint("b", 1), fingerprint("a", 2, 1)}
    assert len(prints) == 4
    assert fingerprint("a", 1) in prints
