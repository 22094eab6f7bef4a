from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from matcher.columns import TABLES
from matcher.dataset import Dataset, complete, empty_frame
from matcher.errors import InvalidValueError, UnknownValueError
from matcher.reference.taxonomy import builtin_categories
from tests.eligibility.builders import a_dataset, a_dispatch, a_frame, an_expert
from tests.rankers.contract import AS_OF, assert_same_tables, copies, cut_by_hand, shuffled, the_world, with_tables

DAY = pd.Timestamp("2025-06-30")
BEFORE, AFTER = pd.Timestamp("2025-06-01"), pd.Timestamp("2025-07-01")
OUTCOME = ("visits", "resolved", "satisfaction", "report_on_time", "votes", "rating")


def sent(**cells) -> pd.Series:
    """What was known on `DAY` of a dispatch with these cells, or an empty series if nothing was."""
    known = a_dataset(dispatches=[a_dispatch(**cells)]).before(DAY).dispatches
    return known.iloc[0] if len(known) else pd.Series(dtype=object)


def test_absent_categories_are_the_built_in_ones():
    assert Dataset.from_tables({}).categories["code"].tolist() == builtin_categories()["code"].tolist()


@pytest.mark.parametrize("name", [name for name in TABLES if name != "categories"])
def test_tables_that_are_absent_are_empty_and_typed(name):
    frame = Dataset.from_tables({}).table(name)
    assert len(frame) == 0
    assert list(frame.columns) == TABLES[name].names
    pd.testing.assert_frame_equal(frame, empty_frame(TABLES[name]))


def test_columns_that_are_absent_are_unknown():
    data = Dataset.from_tables({"experts": pd.DataFrame({"expert_id": ["E1"], "name": ["甲"]}, dtype="str")})
    row = data.experts.iloc[0]
    assert row["categories"] == row["service_prefectures"] == ()
    assert (
        row.drop(
            ["expert_id", "name", "categories", "service_prefectures", "industries", "qualifications", "affiliations"]
        )
        .isna()
        .all()
    )
    pd.testing.assert_series_equal(data.experts.dtypes, empty_frame(TABLES["experts"]).dtypes)


def test_columns_that_the_contract_lacks_are_left_out():
    frame = a_frame("hubs", [{"hub_id": "H1"}]).assign(colour="red", split="test")
    assert list(complete(frame, TABLES["hubs"]).columns) == TABLES["hubs"].names


def test_an_unknown_table_is_refused_by_name():
    with pytest.raises(UnknownValueError, match=r"unknown table 'expert'; accepted: experts"):
        Dataset.from_tables({"expert": pd.DataFrame()})
    with pytest.raises(UnknownValueError, match=r"unknown table 'held_out'"):
        the_world().table("held_out")


def test_a_table_that_is_no_frame_is_refused():
    with pytest.raises(InvalidValueError, match="table hubs is 'NoneType'"):
        replace(the_world(), hubs=None).table("hubs")


SPLIT = [
    a_dispatch("E1", split="train", resolved=1.0),
    a_dispatch("E2", split="test", resolved=1.0),
    a_dispatch("E3", split="train", resolved=0.0),
]


def test_held_out_dispatches_are_kept_apart():
    data = a_dataset(dispatches=SPLIT)
    assert data.split == "split"
    assert data.dispatches["expert_id"].tolist() == ["E1", "E3"]
    assert data.held_out["expert_id"].tolist() == ["E2"]
    assert data.counts()["dispatches"] == 2


def test_ordinary_data_holds_nothing_out():
    data = a_dataset(dispatches=[a_dispatch()])
    assert (data.splits, data.split, len(data.held_out)) == ([], "", 0)
    with pytest.raises(UnknownValueError, match="unknown split 'split'; accepted: none: the data has no split column"):
        data.with_split("split")


def several_splits() -> Dataset:
    rows = a_frame("dispatches", [a_dispatch("E1"), a_dispatch("E2")])
    splits = {"split_0": ["train", "test"], "split_1": ["test", "train"]}
    return Dataset.from_tables({"dispatches": rows.assign(**splits)})


def test_of_several_splits_the_first_rules_until_another_is_named():
    data = several_splits()
    assert data.splits == ["split_0", "split_1"]
    assert data.held_out["expert_id"].tolist() == ["E2"]
    other = data.with_split("split_1")
    assert other.held_out["expert_id"].tolist() == ["E1"]
    assert other.dispatches["expert_id"].tolist() == ["E2"]
    assert other.with_split("split_0").held_out["expert_id"].tolist() == ["E2"]
    with pytest.raises(UnknownValueError, match="accepted: split_0, split_1"):
        data.with_split("split_2")


def test_a_file_of_held_out_rows_alone_leaves_no_dispatch():
    data = a_dataset(dispatches=[a_dispatch(split="test")])
    assert len(data.dispatches) == 0
    assert data.with_split("split").held_out["expert_id"].tolist() == ["E1"]


@pytest.mark.parametrize(("decided", "there"), [(BEFORE, True), (DAY, True), (AFTER, False), (pd.NaT, True)])
def test_later_decisions_are_gone_and_undated_ones_are_not_later(decided, there):
    assert bool(len(sent(decided_on=decided))) == there


def test_a_later_outcome_is_unknown_and_its_case_still_runs():
    row = sent(
        decided_on=BEFORE, completed_on=AFTER, status="completed", comment="よかった", **dict.fromkeys(OUTCOME, 1.0)
    )
    assert row[[*OUTCOME, "comment", "completed_on"]].isna().all()
    assert row["status"] == "accepted"


@pytest.mark.parametrize("completed", [BEFORE, DAY, pd.NaT])
def test_an_outcome_is_known_from_its_completion_else_from_its_decision(completed):
    row = sent(decided_on=BEFORE, completed_on=completed, status="completed", **dict.fromkeys(OUTCOME, 1.0))
    assert (row[[*OUTCOME]] == 1.0).all()
    assert row["status"] == "completed"


@pytest.mark.parametrize("status", ["offered", "accepted", "declined", "cancelled"])
def test_a_status_other_than_completed_stays(status):
    assert sent(decided_on=BEFORE, completed_on=AFTER, status=status)["status"] == status


def test_later_experts_and_consultations_are_absent_and_undated_ones_are_not_later():
    experts = [an_expert("E1", registered_on=DAY), an_expert("E2", registered_on=AFTER), an_expert("E3")]
    asked = [
        {"consultation_id": "K1", "category": "a", "received_on": DAY},
        {"consultation_id": "K2", "category": "a", "received_on": AFTER},
        {"consultation_id": "K3", "category": "a"},
    ]
    known = a_dataset(experts=experts, consultations=asked).before(DAY)
    assert known.experts["expert_id"].tolist() == ["E1", "E3"]
    assert known.consultations["consultation_id"].tolist() == ["K1", "K3"]


def test_a_cut_is_what_stood_in_the_files_that_day():
    known, wanted = the_world().before(AS_OF), cut_by_hand(the_world(), AS_OF)
    for name in ("experts", "consultations", "dispatches"):
        pd.testing.assert_frame_equal(known.table(name).reset_index(drop=True), wanted.table(name))
    assert known.fingerprint() == wanted.fingerprint()


def test_a_cut_and_a_split_change_no_input():
    data = with_tables(the_world(), pd.DataFrame.copy, "experts", "consultations", "dispatches")
    before = copies(data)
    data.before(AS_OF)
    several_splits().with_split("split_1")
    data.fingerprint()
    assert_same_tables(data, before)


def test_a_second_cut_at_an_earlier_day_is_as_the_earlier_cut_alone():
    earlier = AS_OF - pd.Timedelta(days=365)
    assert the_world().before(AS_OF).before(earlier).fingerprint() == the_world().before(earlier).fingerprint()


def test_the_order_of_rows_does_not_change_the_fingerprint():
    names = [name for name in TABLES if len(the_world().table(name))]
    assert with_tables(the_world(), shuffled, *names).fingerprint() == the_world().fingerprint()


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("experts", "name", "別の名"),
        ("experts", "categories", ("sales.web", "finance")),
        ("experts", "years_experience", 1.5),
        ("consultations", "description", np.nan),
        ("dispatches", "decided_on", pd.Timestamp("2019-01-01")),
        ("dispatches", "resolved", 0.5),
        ("clients", "name", "別の社"),
    ],
)
def test_any_changed_cell_changes_the_fingerprint(table, column, value):
    def change(frame):
        return frame.assign(**{column: pd.Series([value, *frame[column].iloc[1:]], dtype=frame[column].dtype)})

    assert with_tables(the_world(), change, table).fingerprint() != the_world().fingerprint()


def test_a_row_more_or_less_changes_the_fingerprint():
    less = with_tables(the_world(), lambda rows: rows.iloc[1:], "dispatches")
    twice = with_tables(the_world(), lambda rows: pd.concat([rows, rows.iloc[:1]]), "conflicts")
    assert len({data.fingerprint() for data in (the_world(), less, twice)}) == 3


def test_held_out_rows_judgements_and_splits_do_not_change_the_fingerprint():
    judged = a_dataset(dispatches=SPLIT, judgements=[{"consultation_id": "K1", "expert_id": "E1", "gain": 1.0}])
    plain = a_dataset(
        dispatches=[{**row, "dispatch_id": f"D{place}"} for place, row in enumerate(SPLIT) if row["split"] == "train"]
    )
    without = replace(plain, dispatches=plain.dispatches.drop(columns="split"))
    assert judged.fingerprint() == plain.fingerprint() == without.fingerprint()


def test_cells_do_not_run_into_each_other():
    """A list of two is not a text of one; a value in one column is not the same in the next."""
    rows = [
        a_frame("experts", [an_expert(**cells)])
        for cells in ({"kana": "a"}, {"municipality": "a"}, {"introduction": "a"})
    ]
    lists = [
        a_frame("experts", [an_expert(**cells)])
        for cells in ({"categories": ("a", "b")}, {"categories": ("ab",)}, {"industries": ("a", "b")})
    ]
    found = {Dataset.from_tables({"experts": frame}).fingerprint() for frame in [*rows, *lists]}
    assert len(found) == 6
