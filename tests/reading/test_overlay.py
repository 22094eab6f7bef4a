"""A part of the data over what is there: nothing that a file does not speak of is lost, no reference is broken."""

import pandas as pd
import pytest

from matcher.reading import dataset_from_frames
from matcher.reading.overlay import read_overlay
from tests.reading.builders import AS_OF, a_workbook

THERE = dataset_from_frames(
    {
        "experts": pd.DataFrame(
            {
                "expert_id": ["E1", "E2"],
                "name": ["山田", "佐藤"],
                "kana": ["やまだ", "さとう"],
                "categories": ["sales;finance", None],
                "capacity_per_month": [3, None],
                "registered_on": ["2020-04-01", None],
            }
        ),
        "consultations": pd.DataFrame({"consultation_id": ["K1"], "category": ["sales"], "description": ["秘密"]}),
        "dispatches": pd.DataFrame({"dispatch_id": ["D1"], "consultation_id": ["K1"], "expert_id": ["E1"]}),
    },
    as_of=AS_OF,
)


def over(folder, *, there=THERE, encoding="utf-8", **tables):
    for name, text in tables.items():
        (folder / f"{name}.csv").write_bytes(text.encode(encoding))
    held = {name: there.table(name) for name in ("experts", "consultations", "dispatches", "hubs")}
    return read_overlay(folder, held, as_of=AS_OF)


def test_files_bring_their_own_rows_and_no_others(tmp_path):
    made = over(tmp_path, experts="expert_id,name\nE3,鈴木\n")
    assert made.tables == ("experts",)
    assert made.data.experts["expert_id"].tolist() == ["E3"]
    assert made.data.consultations.empty
    assert made.report.counts == {"experts": 1}
    assert made.report.encodings == {"experts.csv": "utf-8"}


def test_a_column_that_a_file_lacks_keeps_what_was_there_and_a_blank_cell_makes_unknown(tmp_path):
    made = over(tmp_path, experts="expert_id,name,kana\n E1 ,山田改,\nE3,鈴木,すずき\n").data.experts
    assert made["name"].tolist() == ["山田改", "鈴木"]
    assert made["kana"].isna().tolist() == [True, False]
    assert made["categories"].tolist() == [("sales", "finance"), ()]
    assert made["capacity_per_month"].fillna(-1).tolist() == [3, -1]
    assert made["registered_on"].iloc[0] == pd.Timestamp("2020-04-01")


def test_references_go_to_the_files_and_to_what_is_there(tmp_path):
    dispatches = "dispatch_id,consultation_id,expert_id\nD2,K1,E2\nD3,K2,E3\n"
    made = over(
        tmp_path,
        experts="expert_id,name\nE3,鈴木\n",
        consultations="consultation_id,category\nK2,finance\n",
        dispatches=dispatches,
    )
    assert made.data.dispatches["expert_id"].tolist() == ["E2", "E3"]


def test_a_file_without_experts_is_enough_where_some_are_there(tmp_path):
    made = over(tmp_path, dispatches="dispatch_id,consultation_id,expert_id\nD2,K1,E2\n")
    assert made.report.ok
    assert made.tables == ("dispatches",)


def test_a_required_cell_may_be_left_out_of_rows_that_are_there_only(tmp_path):
    made = over(tmp_path, experts="expert_id,kana\nE1,ヤマダ\nE3,スズキ\n")
    assert [(fault.row, fault.column) for fault in made.report.faults] == [(3, "name")]
    assert made.data is None


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("dispatches", "dispatch_id,consultation_id,expert_id\nD2,K1,E2\nD3,K1,E9\n", (3, "expert_id")),
        ("experts", "expert_id,name\nE1,a\nE1,b\n", (3, "expert_id")),
        ("experts", "expert_id,name,registered_on\nE1,a,令和9年1月1日\n", (2, "registered_on")),
        ("experts", "name\na\n", (1, "expert_id")),
        ("experts", "expert_id,name,name\n,a,b\n", (1, "name")),
        ("consultations", "consultation_id,category\nK2,恋愛\n", (2, "category")),
    ],
)
def test_faults_name_the_files_row_and_column(tmp_path, name, text, place):
    made = over(tmp_path, **{name: text})
    assert place in [(fault.row, fault.column) for fault in made.report.faults]
    assert {fault.file for fault in made.report.faults} == {f"{name}.csv"}


def test_without_experts_anywhere_the_files_must_bring_some(tmp_path):
    nothing = dataset_from_frames({"experts": pd.DataFrame({"expert_id": ["x"], "name": ["x"]})})
    held = {"experts": nothing.experts.iloc[:0]}
    (tmp_path / "hubs.csv").write_text("hub_id\nH1\n", encoding="utf-8")
    assert not read_overlay(tmp_path, held, as_of=AS_OF).report.ok
    (tmp_path / "experts.csv").write_text("expert_id,name\nE1,a\n", encoding="utf-8")
    assert read_overlay(tmp_path, held, as_of=AS_OF).tables == ("experts", "hubs")


def test_a_workbook_and_old_encodings_are_read_alike(tmp_path):
    book = a_workbook(tmp_path / "upload.xlsx", {"experts": [["expert_id", "name"], ["E1", "改"]]})
    held = {"experts": THERE.experts}
    assert read_overlay(book, held, as_of=AS_OF).data.experts["kana"].tolist() == ["やまだ"]
    folder = tmp_path / "old"
    folder.mkdir()
    assert over(folder, encoding="cp932", experts="expert_id,name\nE3,髙橋\n").data.experts["name"].tolist() == ["髙橋"]
