from pathlib import Path

import numpy as np
import pytest

from matcher.reading import check_dataset, read_dataset
from matcher.reading.relations import _on_cycles
from tests.reading.builders import AS_OF, CONSULTATIONS, a_folder, experts_with, faults, places

DISPATCHES = "dispatch_id,consultation_id,expert_id,decided_on,completed_on\n"


def test_repeated_ids_are_faults_that_name_the_first(tmp_path: Path) -> None:
    (fault,) = faults(a_folder(tmp_path, experts="expert_id,name\nE1,a\nE2,b\n\nE1,c\n"))
    assert (fault.row, fault.value) == (5, "E1")
    assert "row 2" in fault.accepted


def test_unknown_experts_and_consultations_are_faults(tmp_path: Path) -> None:
    rows = "D1,C1,E1,,\nD2,C9,E9,,\nD3,C1,E2,,\n"
    assert places(a_folder(tmp_path, consultations=CONSULTATIONS, dispatches=DISPATCHES + rows)) == [
        ("dispatches.csv", 3, "consultation_id", "C9"),
        ("dispatches.csv", 3, "expert_id", "E9"),
    ]


def test_hubs_and_clients_are_looked_up_only_where_they_are_listed(tmp_path: Path) -> None:
    consultations = "consultation_id,category,hub_id,client_id\nC1,sales,H1,K1\n"
    assert not faults(a_folder(tmp_path, consultations=consultations))
    assert places(a_folder(tmp_path, hubs="hub_id\nH2\n")) == [("consultations.csv", 2, "hub_id", "H1")]


def test_dispatches_without_consultations_are_one_fault(tmp_path: Path) -> None:
    assert places(a_folder(tmp_path, dispatches=DISPATCHES + "D1,C1,E1,,\nD2,C2,E1,,\n")) == [
        ("dispatches.csv", 0, "consultation_id", "")
    ]


def test_a_broken_table_makes_no_false_faults_elsewhere(tmp_path: Path) -> None:
    consultations = "consultation_id,category\nC1,x\nC2,x,\n"
    found = places(
        a_folder(
            tmp_path,
            consultations=consultations,
            dispatches=DISPATCHES + "D1,C2,E1,,\n",
            categories="code;name_ja\nx;エックス\n",
        )
    )
    assert found == [("consultations.csv", 3, "", "C2,x,"), ("categories.csv", 1, "", "code;name_ja")]


@pytest.mark.parametrize("day", ["2026-11-25", "令和8年12月1日"])
def test_what_happened_cannot_be_after_as_of(tmp_path: Path, day: str) -> None:
    (fault,) = faults(experts_with(tmp_path, "registered_on", "2026-11-24", day))
    assert (fault.row, fault.column) == (3, "registered_on")
    assert "2026-11-24" in fault.accepted


def test_a_conflict_may_end_in_the_future_but_not_before_it_began(tmp_path: Path) -> None:
    rows = "E1,K1,2025-01-01,9999-12-31\nE1,K1,2025-01-01,2024-12-31\n"
    assert places(a_folder(tmp_path, conflicts="expert_id,client_id,from,until\n" + rows)) == [
        ("conflicts.csv", 3, "until", "2024-12-31")
    ]


def test_completion_before_the_decision_is_a_fault(tmp_path: Path) -> None:
    rows = "D1,C1,E1,2026-05-02,2026-05-01\nD2,C1,E1,2026-05-02,2026-05-02\nD3,C1,E1,,2026-05-01\n"
    assert places(a_folder(tmp_path, consultations=CONSULTATIONS, dispatches=DISPATCHES + rows)) == [
        ("dispatches.csv", 2, "completed_on", "2026-05-01")
    ]


def test_a_decision_before_the_consultation_is_a_warning_that_counts_them(tmp_path: Path) -> None:
    rows = "D1,C1,E1,2026-05-01,\nD2,C1,E1,2026-03-31,\nD3,C1,E1,2026-03-01,\n"
    report = check_dataset(a_folder(tmp_path, consultations=CONSULTATIONS, dispatches=DISPATCHES + rows), as_of=AS_OF)
    assert report.ok
    (warning,) = report.warnings
    assert "2 件、最初は 3 行目" in warning


def test_a_conflict_with_nobody_is_a_warning(tmp_path: Path) -> None:
    report = check_dataset(a_folder(tmp_path, conflicts="expert_id,kind\nE1,顧問契約\n"), as_of=AS_OF)
    assert report.ok
    assert "1 件" in report.warnings[0]


def test_category_parents_must_exist_and_form_no_cycle(tmp_path: Path) -> None:
    categories = "code,parent\na,\nb,a\nc,zz\nd,e\ne,d\nf,d\ng,g\n"
    assert places(a_folder(tmp_path, categories=categories)) == [
        ("categories.csv", 4, "parent", "zz"),
        ("categories.csv", 5, "parent", "e"),
        ("categories.csv", 6, "parent", "d"),
        ("categories.csv", 8, "parent", "g"),
    ]


def test_long_cycles_are_found_and_long_chains_are_none() -> None:
    chain = np.arange(-1, 999)
    assert not _on_cycles(chain).any()
    assert _on_cycles(np.roll(chain + 1, -1)).sum() == 1000


def test_split_values_are_train_or_test(tmp_path: Path) -> None:
    header = "dispatch_id,consultation_id,expert_id,split_0,split_1\n"
    folder = a_folder(tmp_path, consultations=CONSULTATIONS, dispatches=header + "D1,C1,E1,train,dev\nD2,C1,E1,,test\n")
    assert places(folder) == [("dispatches.csv", 2, "split_1", "dev"), ("dispatches.csv", 3, "split_0", "")]


def test_a_named_split_rules_which_dispatches_are_held_out(tmp_path: Path) -> None:
    header = "dispatch_id,consultation_id,expert_id,split_0,split_1\n"
    folder = a_folder(
        tmp_path, consultations=CONSULTATIONS, dispatches=header + "D1,C1,E1,train,test\nD2,C1,E1,train,train\n"
    )
    assert read_dataset(folder, as_of=AS_OF).counts()["dispatches"] == 2
    assert read_dataset(folder, as_of=AS_OF, split="split_1").held_out["dispatch_id"].tolist() == ["D1"]
