import numpy as np
import pandas as pd
import pytest

from matcher.evaluation import evaluate
from matcher.evaluation.tasks import gains
from tests.eligibility.builders import a_frame
from tests.evaluation.builders import ON, a_world, ids, sent, the_tasks

PEOPLE = ["E1", "E2", "E3", "E4"]


def judged(**tables):
    """K1 is solved by E3; of K2 nobody's work was accepted; K0 is the past."""
    rows = [
        sent("K0", "E1", split="train", resolved=1.0),
        sent("K1", "E3", split="test", resolved=1.0),
        sent("K1", "E1", split="test", resolved=0.0),
        sent("K2", "E1", split="test", resolved=0.0),
    ]
    gain = [("K1", "E3", 3.0), ("K1", "E1", 1.0), ("K2", "E1", 1.0)]
    judgements = [dict(zip(("consultation_id", "expert_id", "gain"), row, strict=True)) for row in gain]
    return a_world(
        PEOPLE, rows, **{"judgements": judgements, "candidates": [{"expert_id": "E1"}, {"expert_id": "E3"}], **tables}
    )


def test_judged_consultations_are_ranked_against_exactly_the_candidates():
    (task,) = the_tasks(judged())
    assert task.name == "split"
    assert [case.consultation.consultation_id for case in task.cases] == ["K1", "K2"]
    assert [ids(task, case) for case in (0, 1)] == [["E1", "E3"]] * 2
    assert [case.gain.tolist() for case in task.cases] == [[1.0, 3.0], [1.0, 0.0]]
    assert [case.accepted.tolist() for case in task.cases] == [[False, True], [False, False]]


def test_an_expert_with_an_outcome_is_in_the_task_and_yet_no_candidate():
    (task,) = the_tasks(judged(candidates=[{"expert_id": "E1"}, {"expert_id": "E2"}]))
    assert task.experts["expert_id"].tolist() == ["E1", "E2", "E3"]
    assert [ids(task, case) for case in (0, 1)] == [["E1", "E2"]] * 2


def test_without_candidates_everybody_is_one():
    (task,) = the_tasks(judged(candidates=[]))
    assert ids(task, 0) == PEOPLE
    assert task.cases[0].gain.tolist() == [1.0, 0.0, 3.0, 0.0]


def test_of_two_judgements_on_one_pair_the_higher_counts():
    twice = [{"consultation_id": "K1", "expert_id": "E3", "gain": gain} for gain in (1.0, 3.0, 2.0)]
    (task,) = the_tasks(judged(judgements=twice))
    assert task.cases[0].gain.tolist() == [0.0, 3.0]


def test_the_truth_is_not_in_what_is_learned_from():
    (task,) = the_tasks(judged())
    assert task.train.dispatches["consultation_id"].tolist() == ["K0"]
    assert task.outcomes.to_numpy().tolist() == [["K1", "E3", 1.0], ["K1", "E1", 0.0], ["K2", "E1", 0.0]]


def test_an_accepted_expert_who_is_no_candidate_counts_as_zero_in_mrr():
    data = judged(candidates=[{"expert_id": "E1"}, {"expert_id": "E2"}])
    found = evaluate(data, as_of=ON, rankers=["popularity"])
    assert found.values("MRR")["popularity"].tolist() == [0.0, 0.0]
    assert found.values("nDCG@10")["popularity"].tolist() == [1.0, 1.0]


def test_a_judged_case_by_hand():
    """By popularity E1 comes first, who has gain 1, then E3, who has 3 and was accepted."""
    found = evaluate(judged(), as_of=ON, rankers=["popularity"])
    dcg, best = 1 + 3 / np.log2(3), 3 + 1 / np.log2(3)
    np.testing.assert_allclose(found.values("nDCG@10")["popularity"], [dcg / best, 1.0])
    assert found.values("MRR")["popularity"].tolist() == [0.5, 0.0]
    assert found.protocols == ["split: judged consultations against the given candidates; 2 consultations"]


def several_splits():
    rows = [
        sent("K1", "E1", split_0="train", split_1="test", rating=1.0),
        sent("K1", "E2", split_0="test", split_1="train", rating=2.0),
        sent("K2", "E3", split_0="test", split_1="train", rating=0.0, resolved=1.0),
    ]
    data = a_world(PEOPLE, [{k: v for k, v in row.items() if not k.startswith("split")} for row in rows])
    splits = pd.DataFrame([{k: v for k, v in row.items() if k.startswith("split")} for row in rows], dtype="str")
    tables = {name: data.table(name) for name in ("experts", "consultations", "categories")}
    return type(data).from_tables(tables | {"dispatches": data.dispatches.join(splits)})


def test_each_split_is_a_task_of_its_own():
    first, second = the_tasks(several_splits())
    assert (first.name, second.name) == ("split_0", "split_1")
    assert first.train.dispatches["expert_id"].tolist() == ["E1"]
    assert second.train.dispatches["expert_id"].tolist() == ["E2", "E3"]
    assert [len(task.cases) for task in (first, second)] == [2, 1]
    found = evaluate(several_splits(), as_of=ON, rankers=["random"])
    assert [protocol.partition(":")[0] for protocol in found.protocols] == ["split_0", "split_1"]
    assert len(found.values("MRR")["random"]) == 3


def test_held_out_dispatches_are_sought_among_all_who_are_not_in_the_visible_part():
    first, second = the_tasks(several_splits())
    assert ids(first, 0) == ["E2", "E3", "E4"]
    assert first.cases[0].gain.tolist() == [3.0, 0.0, 0.0]
    assert ids(first, 1) == PEOPLE
    assert first.cases[1].gain.tolist() == [0.0, 0.0, 1.0, 0.0]
    assert first.cases[1].accepted.tolist() == [False, False, True, False]
    assert ids(second, 0) == ["E1", "E3", "E4"]


def test_gains_come_from_the_rating_else_from_what_became_of_the_case():
    rows = a_frame(
        "dispatches",
        [{"rating": 2.0, "resolved": 1.0}, {"resolved": 1.0, "votes": 50.0}, {"votes": 10.0}, {"votes": 9.0}, {}],
    )
    assert gains(rows).tolist() == [3.0, 3.0, 2.0, 1.0, 1.0]


def by_date(**changes):
    """Ten dispatches, one a month of 2025, each resolved; E4 arrives in December; K10 is completed after `ON`."""
    rows = [
        sent(
            f"K{month:02}",
            PEOPLE[month % 3],
            decided_on=pd.Timestamp(2025, month, 1),
            resolved=1.0,
            completed_on=pd.Timestamp(2025, month, 20),
        )
        for month in range(1, 11)
    ]
    rows[7] |= {"completed_on": pd.Timestamp("2025-12-01")}
    rows[9] |= {"completed_on": pd.Timestamp("2026-02-01")} | changes
    data = a_world(PEOPLE, rows)
    late = data.experts.assign(
        registered_on=pd.Series([pd.NaT] * 3 + [pd.Timestamp("2025-12-01")], dtype="datetime64[s]")
    )
    tables = {name: data.table(name) for name in ("consultations", "categories", "dispatches")}
    return type(data).from_tables(tables | {"experts": late})


def test_the_latest_fifth_by_date_is_foretold_from_what_came_before():
    (task,) = the_tasks(by_date())
    assert task.as_of == pd.Timestamp("2025-08-01")
    assert task.train.dispatches["decided_on"].max() <= task.as_of
    assert task.train.consultations["received_on"].max() <= task.as_of
    assert [case.consultation.consultation_id for case in task.cases] == ["K09"]
    assert task.outcomes["consultation_id"].tolist() == ["K09"], "K10's outcome comes after the day of evaluation"


def test_a_backtest_knows_no_outcome_and_no_expert_of_later():
    (task,) = the_tasks(by_date())
    running = task.train.dispatches.set_index("consultation_id").loc["K08"]
    assert np.isnan(running["resolved"])
    assert running["status"] == "accepted"
    assert task.experts["expert_id"].tolist() == ["E1", "E2", "E3"]


def test_a_backtest_never_trains_on_what_it_tests():
    data = by_date()
    (task,) = the_tasks(data)
    tested = data.dispatches["decided_on"] > task.as_of
    spoiled = data.dispatches.assign(
        resolved=data.dispatches["resolved"].mask(tested, 0.0),
        expert_id=data.dispatches["expert_id"].mask(tested, "E3"),
    )
    tables = {name: data.table(name) for name in ("experts", "consultations", "categories")}
    (other,) = the_tasks(type(data).from_tables(tables | {"dispatches": spoiled}))
    assert other.train.fingerprint() == task.train.fingerprint()


def test_a_sample_of_many_cases_is_the_same_each_time():
    rows = [
        sent(f"K{number:03}", "E1", decided_on=pd.Timestamp("2025-01-01") + pd.Timedelta(days=number), resolved=1.0)
        for number in range(100)
    ]
    data = a_world(PEOPLE, rows)
    (whole,), (some,), (again,) = (the_tasks(data, most) for most in (None, 5, 5))
    names = [[case.consultation.consultation_id for case in task.cases] for task in (whole, some, again)]
    assert len(names[0]) == 20
    assert len(names[1]) == 5
    assert set(names[1]) < set(names[0])
    assert names[1] == names[2]


@pytest.mark.parametrize("data", [a_world(PEOPLE, []), a_world(PEOPLE, [sent("K1", "E1")])])
def test_without_dates_or_dispatches_there_is_no_case(data):
    assert sum(len(task.cases) for task in the_tasks(data)) == 0
