from pathlib import Path

import pytest

from matcher.reading import check_dataset
from tests.reading.builders import AS_OF, EXPERTS, a_folder, faults


def test_a_missing_path_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path / "nowhere")
    assert "does not exist" in fault.accepted
    assert "nowhere" in str(fault)


def test_another_kind_of_file_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(EXPERTS)
    (fault,) = faults(tmp_path / "a.txt")
    assert ".xlsx" in fault.accepted


@pytest.mark.parametrize("name", ["hubs.csv", "notes.md"])
def test_no_experts_table_is_a_fault(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("hub_id\nH1\n")
    (fault,) = faults(tmp_path)
    assert fault.table == "experts"


def test_a_misspelt_table_is_a_warning_with_the_closest_name(tmp_path: Path) -> None:
    a_folder(tmp_path, dispatch="x\n1\n")
    (warning,) = check_dataset(tmp_path, as_of=AS_OF).warnings
    assert "did you mean) dispatches" in warning


def test_the_worlds_truth_and_other_kinds_of_files_are_passed_over(tmp_path: Path) -> None:
    a_folder(tmp_path, truth="consultation_id,expert_id,probability\n")
    (tmp_path / "README.md").write_text("x")
    (tmp_path / "~$experts.xlsx").write_text("x")
    assert check_dataset(tmp_path, as_of=AS_OF).warnings == ()


def test_capitals_in_file_names_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "Experts.CSV").write_text(EXPERTS)
    assert check_dataset(tmp_path, as_of=AS_OF).counts == {"experts": 2}
