from pathlib import Path

import pytest

from matcher.reading.csv_file import read_csv
from matcher.reading.raw import RawTable


def table(tmp_path: Path, text: str | bytes) -> RawTable:
    path = tmp_path / "experts.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_csv(path, "experts", path.name)


def cells(raw: RawTable) -> list[list[str | None]]:
    return [column.to_pylist() for column in raw.columns]


def only_fault(raw: RawTable) -> tuple[int, str]:
    (fault,) = raw.faults
    return fault.row, fault.accepted


def test_quoted_line_breaks_count_as_one_row(tmp_path: Path) -> None:
    raw = table(tmp_path, 'a,b\n1,"x\r\ny, ""z"""\n2,null\n')
    assert cells(raw) == [["1", "2"], ['x\r\ny, "z"', "null"]]
    assert raw.rows.tolist() == [2, 3]


def test_blank_rows_are_no_records_and_keep_the_numbers_of_the_others(tmp_path: Path) -> None:
    raw = table(tmp_path, "a,b\n1,x\n\n,\n2,y\n\n")
    assert cells(raw) == [["1", "2"], ["x", "y"]]
    assert raw.rows.tolist() == [2, 5]


def test_blank_lines_of_a_single_column_are_no_records(tmp_path: Path) -> None:
    assert cells(table(tmp_path, "a\n1\n\n2\n")) == [["1", "2"]]


def test_each_ragged_row_is_a_fault_and_the_others_keep_their_numbers(tmp_path: Path) -> None:
    raw = table(tmp_path, 'a,b\n1,"x\ny"\n2\n3,y,z\n4,w\n')
    assert [(fault.row, fault.value) for fault in raw.faults] == [(3, "2"), (4, "3,y,z")]
    assert "2 cells" in raw.faults[0].accepted
    assert "1 found" in raw.faults[0].accepted
    assert raw.rows.tolist() == [2, 5]


def test_a_header_without_line_break_is_a_table_without_records(tmp_path: Path) -> None:
    raw = table(tmp_path, "a,b")
    assert (raw.header, len(raw.rows)) == (("a", "b"), 0)


@pytest.mark.parametrize(("text", "named"), [("a\tb\n1\t2\n", "tabs"), ("a;b\n1;x,y\n", "semicolons")])
def test_a_wrong_delimiter_is_one_fault_that_names_it(tmp_path: Path, text: str, named: str) -> None:
    row, accepted = only_fault(table(tmp_path, text))
    assert row == 1
    assert named in accepted


@pytest.mark.parametrize("text", ['a,b\n0,0\n1,"x\n2,y\n', 'a,b,c\n0,0,0\n1,"x\n2,y\n3,z\n'])
def test_an_unclosed_quote_is_found_where_it_opens(tmp_path: Path, text: str) -> None:
    row, accepted = only_fault(table(tmp_path, text))
    assert row == 3
    assert "quote" in accepted


def test_an_inch_mark_in_an_unquoted_cell_is_no_unclosed_quote(tmp_path: Path) -> None:
    assert cells(table(tmp_path, 'a,b\n1,5" 管\n')) == [["1"], ['5" 管']]


@pytest.mark.parametrize(
    ("text", "accepted"),
    [("", "empty"), ("\na,b\n1,2\n", "first row"), (b"a\n\0\n", "NUL"), (b"a\n\xff\n", "UTF-8")],
)
def test_what_is_no_table_is_one_fault(tmp_path: Path, text: str | bytes, accepted: str) -> None:
    raw = table(tmp_path, text)
    assert not raw.readable
    assert accepted in only_fault(raw)[1]


def test_a_record_larger_than_the_readers_memory_is_one_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matcher.reading.csv_file._BLOCK_BYTES", 100_000)
    row, accepted = only_fault(table(tmp_path, f"a,b\n1,x\n2,{'y' * 1_500_000}\n3,z\n"))
    assert row == 3
    assert "1,000,000" in accepted
