import pytest

from matcher.errors import MatcherError
from service.shortlists import batch
from service.shortlists.batch import BATCH, rerank
from service.store import audit, shortlists
from service.store.consultations import CONSULTATIONS
from service.store.experts import EXPERTS
from service.store.loading import load
from service.store.schema import Change
from tests.service.builders import EARLIER_MODEL, ON, Programme, a_dataset, a_home, a_snapshot, activate_model


@pytest.fixture
def filled(store):
    with store.write() as tx:
        load(tx, a_dataset())
    with store.write() as tx:
        activate_model(tx)
    return store


def run(store, **options) -> tuple[int, int]:
    asked = {"k": 5, "lang": "ja", "on": ON} | options
    made = rerank(store, a_home(), Programme.default(), **asked)
    return made.made, made.skipped


def waiting() -> list[str]:
    data = a_dataset().consultations
    return data.loc[data["status"] != "closed", "consultation_id"].tolist()


def kept(store) -> list:
    with store.read() as tx:
        return shortlists.page(tx, limit=1000)


def test_every_open_consultation_gets_the_shortlist_that_a_request_would(filled):
    assert run(filled) == (len(waiting()), 0)
    rows = kept(filled)
    assert sorted(row["consultation_id"] for row in rows) == sorted(waiting())
    with filled.read() as tx:
        asked = CONSULTATIONS.read(tx, waiting()[0])
        shortlist_id = next(row["shortlist_id"] for row in rows if row["consultation_id"] == waiting()[0])
        showed = [(one["expert_id"], one["rank_shown"]) for one in shortlists.showed(tx, shortlist_id)]
    consultation = {name: cell for name, cell in asked.items() if name not in ("revision", "received_on") and cell}
    direct = a_snapshot().rank(consultation, k=5, lang="ja", on=ON)
    assert showed == [(item.expert_id, item.rank) for item in direct.items]


def test_what_nobody_asked_for_is_told_apart_from_what_was_shown(filled):
    run(filled)
    assert {row["principal_id"] for row in kept(filled)} == {BATCH}
    assert all(row["shortlist_id"].startswith("b_") for row in kept(filled))


def test_a_second_run_finds_nothing_left_whatever_happened_to_access(filled):
    run(filled)
    with filled.write() as tx:
        tx.revise(Change.ACCESS)
    assert run(filled) == (0, len(waiting()))


def test_a_job_that_was_stopped_goes_on_where_it_was(filled, monkeypatch):
    monkeypatch.setattr(batch, "_PAGE", 10)
    keep, left = batch.keep, [15]

    def stopped(*args, **options):
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return keep(*args, **options)

    monkeypatch.setattr(batch, "keep", stopped)
    with pytest.raises(KeyboardInterrupt):
        run(filled)
    monkeypatch.setattr(batch, "keep", keep)
    assert run(filled) == (len(waiting()) - 10, 10)


@pytest.mark.parametrize(
    "change",
    [
        lambda tx: EXPERTS.change(tx, a_dataset().experts["expert_id"].iloc[0], {"status": "retired"}),
        lambda tx: activate_model(tx, EARLIER_MODEL),
    ],
    ids=["other data", "another model"],
)
def test_other_data_is_ranked_again_and_the_same_model_by_another_name_is_not(filled, change, request):
    run(filled)
    with filled.write() as tx:
        change(tx)
    again = len(waiting()) if "data" in request.node.callspec.id else 0
    assert run(filled) == (again, len(waiting()) - again)


@pytest.mark.parametrize("other", [{"k": 4}, {"lang": "en"}, {"on": ON.replace(day=2)}])
def test_another_question_is_answered_anew(filled, other):
    run(filled)
    assert run(filled, **other) == (len(waiting()), 0)


def test_each_is_on_the_audit_trail_and_the_chain_holds(filled):
    run(filled)
    with filled.read() as tx:
        assert audit.verify(tx).broken is None
        assert {row["principal_id"] for row in audit.entries(tx, action="shortlist made")} == {BATCH}


def test_without_a_model_it_says_what_to_do(store):
    with pytest.raises(MatcherError, match="retrain"):
        run(store)
