from dataclasses import replace

import pandas as pd
import pytest

from matcher.columns import TABLES
from matcher.dataset import Dataset
from matcher.errors import InvalidValueError
from matcher.reading import dataset_from_frames
from matcher.sample import generate
from service.store import shortlists
from service.store.consultations import CONSULTATIONS
from service.store.dataset import dataset_at, read_dataset
from service.store.experts import EXPERTS
from service.store.loading import difference, load
from service.store.schema import CONTRACT, revisions, row_versions
from tests.service.store.builders import a_shortlist, an_expert

AS_OF = pd.Timestamp("2026-04-01")


def a_world(seed=7):
    return generate(experts=40, consultations=120, seed=seed).data


def an_odd_dataset():
    """Blank cells, false flags, zeros, fractions, letters outside of the plane, lists, doubled rows, own categories."""
    return dataset_from_frames(
        {
            "categories": pd.DataFrame({"code": ["a", "a.b"], "parent": [None, "a"], "name_ja": ["甲", "乙"]}),
            "experts": pd.DataFrame(
                {
                    "expert_id": ["E2", "E1", "é"],
                    "name": ["𠮷田 﨑", "髙橋", "a'b\"c\\d\n%e"],
                    "latitude": [35.123456789012345, -0.0, None],
                    "longitude": [1e-300, 139.1, None],
                    "remote": ["yes", "no", None],
                    "capacity_per_month": [0, 3, None],
                    "years_experience": [0.1, 7.25, None],
                    "categories": ["a.b;a", "a", None],
                    "registered_on": ["1950-01-01", "2024-02-29", None],
                }
            ),
            "consultations": pd.DataFrame({"consultation_id": ["K1"], "category": ["a"], "hub_id": ["unlisted"]}),
            "dispatches": pd.DataFrame(
                {
                    "dispatch_id": ["D1", "D2"],
                    "consultation_id": ["K1", "K1"],
                    "expert_id": ["E1", "é"],
                    "resolved": [0, None],
                    "satisfaction": [4.5, None],
                    "rating": [-3.5, None],
                }
            ),
            "conflicts": pd.DataFrame({"expert_id": ["E1", "E1", "E2"], "until": ["2099-12-31", "2099-12-31", None]}),
            "impressions": pd.DataFrame(
                {"shortlist_id": ["s"], "consultation_id": ["K1"], "expert_id": ["E1"], "propensity": [1 / 3]}
            ),
        },
        as_of=AS_OF,
    )


def put(store, data):
    with store.write() as tx:
        return load(tx, data)


def got(store, **options):
    with store.read() as tx:
        return read_dataset(tx, **options)


def ordered(data, name):
    """Rows without an id come in any order."""
    singles = [column.name for column in TABLES[name].columns if not column.many]
    return data.table(name).sort_values(singles, ignore_index=True)


@pytest.mark.parametrize("data", [a_world, an_odd_dataset], ids=["a sample", "an odd one"])
def test_a_dataset_is_read_back_as_it_was_written_cell_by_cell(store, data):
    put(store, data())
    read = got(store)
    assert read.fingerprint() == data().fingerprint()
    for name in CONTRACT:
        pd.testing.assert_frame_equal(ordered(read, name), ordered(data(), name), check_exact=True)


def test_an_empty_store_gives_an_empty_dataset_with_the_built_in_categories(store):
    assert got(store).fingerprint() == Dataset.from_tables({}).fingerprint()


def test_loading_the_same_again_changes_nothing(store):
    put(store, an_odd_dataset())
    did = put(store, an_odd_dataset())
    assert {(one.added, tuple(one.changed), one.only_here) for one in did.values()} == {((), (), 0)}
    assert did["conflicts"].same == 3
    with store.read() as tx:
        assert tx.revision() == 1
        assert tx.execute(row_versions.select()).first() is None


def test_loading_changes_what_differs_adds_what_is_new_and_keeps_the_rest(store):
    data = a_world()
    put(store, data)
    ids = data.experts["expert_id"].tolist()
    experts = data.experts.iloc[:3].copy()
    experts.loc[0, "name"] = "改名"
    experts.loc[1, "kana"] = None
    experts.loc[2, "expert_id"] = "new"
    with store.read() as tx:
        wanted = difference(tx, replace(data, experts=experts))["experts"]
    assert put(store, replace(data, experts=experts))["experts"] == wanted
    assert (wanted.added, wanted.same, wanted.only_here) == (("new",), 0, len(ids) - 2)
    assert wanted.changed == {ids[0]: ("name",), ids[1]: ("kana",)}
    with store.read() as tx:
        assert EXPERTS.read(tx, ids[0])["name"] == "改名"
        assert EXPERTS.read(tx, ids[1])["kana"] is None
        assert EXPERTS.read(tx, ids[5])["revision"] == 1
        touched = tx.execute(revisions.select().where(revisions.c.number == 2)).all()
    assert {row.kind for row in touched} == {"experts", "register"}


def test_the_data_can_be_read_as_of_every_revision(store):
    seen = [got(store).fingerprint()]
    put(store, an_odd_dataset())
    seen.append(got(store).fingerprint())
    with store.write() as tx:
        EXPERTS.change(tx, "E1", {"name": "別", "registered_on": None, "categories": []})
    seen.append(got(store).fingerprint())
    with store.write() as tx:
        an_expert(tx, "E9")
        CONSULTATIONS.change(tx, "K1", {"status": "closed"})
    seen.append(got(store).fingerprint())
    with store.read() as tx:
        assert [dataset_at(tx, revision).fingerprint() for revision in range(4)] == seen
    assert len(set(seen)) == 4


def test_what_the_service_shows_changes_no_data_and_can_be_read_for_evaluation(store):
    put(store, an_odd_dataset())
    before = got(store).fingerprint()
    with store.write() as tx:
        shortlist = a_shortlist(tx, experts=("E2", "E1"))
        logged = shortlists.showed(tx, shortlist["shortlist_id"])
    assert [(row["expert_id"], row["rank_shown"], row["propensity"]) for row in logged] == [("E2", 1, 1), ("E1", 2, 1)]
    assert got(store).fingerprint() == before
    assert len(got(store, logged=True).impressions) == 3


@pytest.mark.parametrize("table", ["judgements", "candidates"])
def test_a_benchmark_is_no_register(store, table):
    frames = {"experts": pd.DataFrame({"expert_id": ["E1"], "name": ["x"]})}
    frames["consultations"] = pd.DataFrame({"consultation_id": ["K1"], "category": ["sales.web"]})
    frames[table] = pd.DataFrame({"consultation_id": ["K1"], "expert_id": ["E1"], "gain": [1]})
    if table == "candidates":
        frames[table] = frames[table][["expert_id"]]
    with pytest.raises(InvalidValueError, match=table):
        put(store, dataset_from_frames(frames))


def test_held_out_dispatches_are_never_stored(store):
    data = a_world()
    with pytest.raises(InvalidValueError, match="split"):
        put(store, replace(data, dispatches=data.dispatches.assign(split="train")))
