import json
import os
from pathlib import Path

import pandas as pd
import pytest

from matcher.columns import TABLES
from matcher.dataset import empty_frame
from matcher.errors import DataError, InvalidValueError
from matcher.reading import check_dataset, dataset_from_frames, read_dataset
from tests.reading.builders import AS_OF, CONSULTATIONS, EXPERTS, a_folder, experts_with, places

BENCHMARKS = Path(os.environ.get("MATCHER_BENCHMARKS", Path(__file__).parents[3] / "shared" / "benchmarks"))
NAMES = "expert_id,name\nE1,髙﨑 一郎\nE2,𠮷田 花子\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_names_come_back_as_they_were_written(tmp_path: Path, encoding: str) -> None:
    data = read_dataset(a_folder(tmp_path, encoding=encoding, experts=NAMES), as_of=AS_OF)
    assert data.experts["name"].tolist() == ["髙﨑 一郎", "𠮷田 花子"]


def test_cp932_files_are_read_beside_utf8_ones(tmp_path: Path) -> None:
    a_folder(tmp_path, hubs="hub_id,name\nH1,𠮷野\n", experts="expert_id,name\nE1,髙﨑 ①\n".encode("cp932"))
    report = check_dataset(tmp_path, as_of=AS_OF)
    assert report.encodings == {"experts.csv": "cp932", "hubs.csv": "utf-8"}
    assert read_dataset(tmp_path, as_of=AS_OF).experts["name"].tolist() == ["髙﨑 ①"]


def test_all_faults_of_all_tables_are_raised_at_once_in_order(tmp_path: Path) -> None:
    experts_with(tmp_path, "years_experience", "nan", "-1", "3", "inf", "1e400", "81")
    a_folder(
        tmp_path,
        experts=(tmp_path / "experts.csv").read_text(),
        consultations="consultation_id,category\nC1,恋愛\n",
    )
    with pytest.raises(DataError, match="and 5 more") as refused:
        read_dataset(tmp_path, as_of=AS_OF)
    assert [(fault.file, fault.row, fault.value) for fault in refused.value.faults] == [
        ("experts.csv", 2, "nan"),
        ("experts.csv", 3, "-1"),
        ("experts.csv", 5, "inf"),
        ("experts.csv", 6, "1e400"),
        ("experts.csv", 7, "81"),
        ("consultations.csv", 2, "恋愛"),
    ]


def test_shown_values_are_cut(tmp_path: Path) -> None:
    ((_, _, _, value),) = places(experts_with(tmp_path, "style", "あ" * 500))
    assert len(value) == 80


def test_no_expert_is_a_fault_and_an_empty_other_table_a_warning(tmp_path: Path) -> None:
    a_folder(tmp_path, experts="expert_id,name\n", hubs="hub_id\n")
    report = check_dataset(tmp_path, as_of=AS_OF)
    assert [fault.file for fault in report.faults] == ["experts.csv"]
    assert "hubs.csv" in report.warnings[0]


def test_the_folders_taxonomy_replaces_the_built_in_one(tmp_path: Path) -> None:
    consultations = "consultation_id,category\nC1,null\n"
    a_folder(tmp_path, consultations=consultations, categories="code,parent\nnull,\nbread,\n")
    data = read_dataset(tmp_path, as_of=AS_OF)
    assert data.categories["code"].tolist() == ["null", "bread"]
    assert data.consultations["category"].tolist() == ["null"]


def test_without_a_taxonomy_the_built_in_one_is_there(tmp_path: Path) -> None:
    assert "sales" in set(read_dataset(a_folder(tmp_path), as_of=AS_OF).categories["code"])


def test_every_table_has_the_types_of_the_contract(tmp_path: Path) -> None:
    data = read_dataset(a_folder(tmp_path, consultations=CONSULTATIONS), as_of=AS_OF)
    for name, table in TABLES.items():
        assert data.table(name).dtypes.to_dict() == empty_frame(table).dtypes.to_dict()


def test_as_of_is_today_unless_told(tmp_path: Path) -> None:
    tomorrow = pd.Timestamp.now(tz="Asia/Tokyo") + pd.Timedelta(days=2)
    folder = experts_with(tmp_path, "registered_on", f"{tomorrow:%Y-%m-%d}")
    assert not check_dataset(folder).ok
    assert check_dataset(folder, as_of=tomorrow.tz_localize(None)).ok


def test_a_file_that_cannot_be_opened_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(path: Path, *_: str) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("matcher.reading.sources.read_csv", locked)
    assert places(a_folder(tmp_path)) == [("experts.csv", 0, "", "Permission denied")]


def test_progress_counts_the_tables(tmp_path: Path) -> None:
    calls: list[tuple[str, int, int]] = []
    read_dataset(a_folder(tmp_path, hubs="hub_id\nH1\n"), as_of=AS_OF, progress=lambda *call: calls.append(call))
    assert calls == [("experts", 0, 2), ("hubs", 1, 2), ("", 2, 2)]


def test_the_report_is_plain_json(tmp_path: Path) -> None:
    report = check_dataset(a_folder(tmp_path, experts=EXPERTS + "E1,x\n"), as_of=AS_OF)
    plain = json.loads(json.dumps(report.to_json()))
    assert plain["ok"] is False
    assert plain["counts"] == {"experts": 3}
    assert plain["faults"][0]["row"] == 4


def test_frames_of_any_dtype_are_read_like_files() -> None:
    experts = pd.DataFrame(
        {
            "expert_id": [1, 2, 3],
            "name": ["髙﨑", "𠮷田", "乙"],
            "prefecture_code": pd.Categorical(["東京", 1.0, None]),
            "categories": [["sales", "digital"], "sales；digital", None],
            "registered_on": [pd.Timestamp("2026-03-31 10:00"), "令和8年3月31日", pd.NaT],
            "years_experience": pd.array([5, None, 7], dtype="Int64"),
            "remote": [True, "いいえ", None],
            "memo": [1.5, 2, 3],
        },
        index=[7, 7, 9],
    )
    data = dataset_from_frames({"experts": experts}, as_of=AS_OF)
    read = data.experts
    assert read["expert_id"].tolist() == ["1", "2", "3"]
    assert read["prefecture_code"].fillna("?").tolist() == ["13", "01", "?"]
    assert read["categories"].tolist() == [("sales", "digital"), ("sales", "digital"), ()]
    assert read["registered_on"].dt.day.fillna(0).tolist() == [31, 31, 0]
    assert read["years_experience"].fillna(-1).tolist() == [5, -1, 7]
    assert read["remote"].fillna(-1).tolist() == [1, 0, -1]
    assert data.extras["experts"]["memo"].tolist() == ["1.5", "2", "3"]
    assert experts.index.tolist() == [7, 7, 9]


def test_a_typed_frame_survives_the_way_out_and_in(tmp_path: Path) -> None:
    data = read_dataset(a_folder(tmp_path, consultations=CONSULTATIONS), as_of=AS_OF)
    again = dataset_from_frames({name: data.table(name) for name in ("experts", "consultations")}, as_of=AS_OF)
    pd.testing.assert_frame_equal(again.experts, data.experts)
    pd.testing.assert_frame_equal(again.consultations, data.consultations)


def test_moments_with_a_zone_are_days_in_japan() -> None:
    moment = pd.Series(pd.to_datetime(["2026-03-31T15:30:00Z"]))
    experts = pd.DataFrame({"expert_id": ["E1"], "name": ["a"], "registered_on": moment})
    registered = dataset_from_frames({"experts": experts}, as_of=AS_OF).experts["registered_on"]
    assert registered.tolist() == [pd.Timestamp("2026-04-01")]


def test_faults_of_frames_count_rows_as_if_saved() -> None:
    experts = pd.DataFrame({"expert_id": ["E1", "E2"], "name": ["a", "b"], "latitude": [35.0, float("inf")]})
    with pytest.raises(DataError) as refused:
        dataset_from_frames({"experts": experts, "expert": experts}, as_of=AS_OF)
    assert [(fault.table, fault.row, fault.value) for fault in refused.value.faults] == [
        ("expert", 0, "expert"),
        ("experts", 3, "inf"),
    ]


def test_what_is_no_frame_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="DataFrame"):
        dataset_from_frames({"experts": [1]})  # type: ignore[dict-item]


def test_text_that_is_no_unicode_is_refused() -> None:
    experts = pd.DataFrame({"expert_id": ["E1"], "name": pd.Series(["\ud800"], dtype=object)})
    with pytest.raises(InvalidValueError, match=r"experts\.name"):
        dataset_from_frames({"experts": experts})


@pytest.mark.parametrize("name", ["restaurant", "stackexchange_android", "stackexchange_dba", "stackexchange_physics"])
def test_benchmarks_check_clean(name: str) -> None:
    if not (BENCHMARKS / name).is_dir():
        pytest.skip(f"no benchmark folder {name}")
    report = check_dataset(BENCHMARKS / name, as_of=AS_OF)
    assert (report.faults, report.warnings) == ((), ())
    assert len(read_dataset(BENCHMARKS / name, as_of=AS_OF).held_out) > 0
