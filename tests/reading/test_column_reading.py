import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from matcher.columns import DISPATCHES, EXPERTS, TABLES, Table
from matcher.dataset import empty_series
from matcher.reading.cells import parser_of
from matcher.reading.column_reading import BadCell, read_column
from matcher.reading.raw import text_column
from matcher.reading.unreadable import UnreadableError
from matcher.reference.taxonomy import Taxonomy

BUILTIN = Taxonomy.builtin()


def read(table: Table, column: str, *cells: str | None) -> tuple[pd.Series, list[BadCell]]:
    return read_column(text_column(cells), table.by_name[column], BUILTIN)


def test_every_declared_column_has_its_type_in_memory_even_without_a_value() -> None:
    for table in TABLES.values():
        for column in table.columns:
            for cells in ([], [None, " "]):
                series, _ = read_column(text_column(cells), column, BUILTIN)
                assert series.dtype == empty_series(column, len(cells)).dtype
                assert len(series) == len(cells)


def test_blank_cells_are_unknown_and_never_no() -> None:
    flags, _ = read(DISPATCHES, "resolved", "1", "", "　", None, "0")
    assert flags.isna().tolist() == [False, True, True, True, False]
    lists, _ = read(EXPERTS, "categories", None, ";", "sales")
    assert lists.tolist() == [(), (), ("sales",)]


@given(
    st.lists(
        st.one_of(st.text(alphabet="0123456789-+.,eE ０", max_size=8), st.floats().map(str), st.integers().map(str))
    )
)
def test_a_column_of_numbers_reads_as_its_cells_do_one_by_one(texts: list[str]) -> None:
    for column in (EXPERTS.by_name["years_experience"], EXPERTS.by_name["capacity_per_month"]):
        series, bad = read_column(text_column(texts), column, BUILTIN)
        parse = parser_of(column, BUILTIN)
        for position, text in enumerate(texts):
            try:
                expected = parse(text) if text.strip() else np.nan
            except UnreadableError:
                assert position in [cell.position for cell in bad]
                expected = np.nan
            np.testing.assert_equal(series.iloc[position], expected)


def test_each_row_with_a_bad_spelling_is_named() -> None:
    series, bad = read(EXPERTS, "registered_on", "2026-02-30", "R8.3.31", "2026-02-30")
    assert [(cell.position, cell.value) for cell in bad] == [(0, "2026-02-30"), (2, "2026-02-30")]
    assert series.notna().tolist() == [False, True, False]


def test_a_giant_cell_is_named_by_its_size_and_nothing_else() -> None:
    _, bad = read(EXPERTS, "name", "a", "x" * 10_000_000, "b")
    assert [(cell.position, cell.value) for cell in bad] == [(1, "10,000,000 bytes")]


def test_blank_required_cells_are_named() -> None:
    _, bad = read(EXPERTS, "name", "a", " ", None)
    assert [(cell.position, cell.value) for cell in bad] == [(1, ""), (2, "")]


def test_ids_lose_the_blanks_around_them_and_text_does_not() -> None:
    assert read(EXPERTS, "expert_id", " E1　")[0].tolist() == ["E1"]
    assert read(EXPERTS, "name", " 髙﨑　")[0].tolist() == [" 髙﨑　"]


def test_suggestions_stop_after_a_score_of_spellings() -> None:
    _, bad = read(EXPERTS, "prefecture_code", *[f"東京{'都' * i}x" for i in range(30)])
    assert len(bad) == 30
    assert 0 < sum("もしかして" in cell.accepted for cell in bad) <= 20
