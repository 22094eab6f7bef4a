import random
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from matcher.reading import check_dataset, read_dataset
from tests.reading.builders import AS_OF, a_folder, a_workbook, places

HEADER: list[Any] = ["expert_id", "name", "registered_on", "years_experience", "prefecture_code"]
ROWS: list[list[Any]] = [
    HEADER,
    [1, "髙﨑𠮷", date(2025, 3, 31), "１２", "東京"],
    ["E2", "〜神﨑", "令和7年3月31日", 3, 1],
]


def test_a_workbook_with_a_sheet_a_table_is_a_dataset(tmp_path: Path) -> None:
    sheets = {
        "Experts": ROWS,
        "consultations": [["consultation_id", "category"], ["C1", "sales"]],
        "メモ": [["x"]],
    }
    path = a_workbook(tmp_path / "register.xlsx", sheets)
    data = read_dataset(path, as_of=AS_OF)
    assert data.experts["name"].tolist() == ["髙﨑𠮷", "〜神﨑"]
    assert data.experts["expert_id"].tolist() == ["1", "E2"]
    assert data.experts["registered_on"].dt.strftime("%Y-%m-%d").tolist() == ["2025-03-31", "2025-03-31"]
    assert data.experts["years_experience"].tolist() == [12.0, 3.0]
    assert data.experts["prefecture_code"].tolist() == ["13", "01"]
    (warning,) = check_dataset(path, as_of=AS_OF).warnings
    assert "メモ" in warning


def test_a_folder_may_hold_a_table_as_xlsx(tmp_path: Path) -> None:
    a_workbook(tmp_path / "experts.xlsx", {"Sheet1": ROWS})
    assert read_dataset(tmp_path, as_of=AS_OF).counts()["experts"] == 2


def test_a_table_in_both_forms_is_a_fault(tmp_path: Path) -> None:
    a_workbook(a_folder(tmp_path) / "experts.xlsx", {"Sheet1": ROWS})
    assert places(tmp_path) == [("experts.csv, experts.xlsx", 0, "", "")]


def test_rows_are_numbered_as_the_sheet_shows_them(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "a.xlsx", {"experts": [HEADER, [], ["E1", "a", "2026-02-30"]]})
    assert places(path) == [("a.xlsx [experts]", 3, "registered_on", "2026-02-30")]


def test_merged_cells_are_faults_with_range_and_sheet(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("experts")
    sheet.write_row(0, 0, ["expert_id", "name"])
    sheet.merge_range(1, 0, 2, 1, "E1")
    sheet.merge_range(4, 25, 4, 27, "E2")
    book.close()
    assert places(path) == [("a.xlsx [experts]", 2, "", "A2:B3"), ("a.xlsx [experts]", 5, "", "Z5:AB5")]


def test_error_cells_are_blank_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("experts")
    sheet.write_row(0, 0, ["expert_id", "name", "years_experience"])
    sheet.write_row(1, 0, ["E1", "a"])
    sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
    book.close()
    report = check_dataset(path, as_of=AS_OF)
    assert report.ok
    assert "C2" in report.warnings[0]


def test_a_zip_bomb_is_refused_by_its_declared_sizes(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(20_000_000))
    ((file, row, _, value),) = places(path)
    assert (file, row) == ("bomb.xlsx", 0)
    assert "20,000,000 bytes unpacked" in value


@pytest.mark.parametrize("content", [b"", b"plain text", b"PK\x03\x04 cut", b"\xd0\xcf\x11\xe0" + bytes(600)])
def test_what_is_no_workbook_is_one_fault(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert len(places(path)) == 1


def test_a_damaged_workbook_is_refused_or_read_whole(tmp_path: Path) -> None:
    good = a_workbook(tmp_path / "good.xlsx", {"experts": ROWS}).read_bytes()
    rng, bad, refused = random.Random(7), tmp_path / "bad.xlsx", 0
    for _ in range(60):
        place, bit = rng.randrange(len(good)), 1 << rng.randrange(8)
        bad.write_bytes(good[:place] + bytes([good[place] ^ bit]) + good[place + 1 :])
        report = check_dataset(bad, as_of=AS_OF)
        refused += not report.ok
        assert not report.ok or report.counts["experts"] == 2
    assert refused > 30
