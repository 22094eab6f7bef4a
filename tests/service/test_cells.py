from datetime import date

import pytest

from matcher.columns import CLIENTS, DISPATCHES
from matcher.errors import DataError
from service.cells import read_cells

TODAY = date(2026, 4, 1)


def test_cells_are_read_as_in_files():
    typed = {
        "visits": "３",
        "completed_on": "令和8年3月31日",
        "resolved": "はい",
        "satisfaction": 4.5,
        "comment": "よい",
    }
    assert read_cells(DISPATCHES, typed, today=TODAY) == {
        "visits": 3,
        "completed_on": date(2026, 3, 31),
        "resolved": True,
        "satisfaction": 4.5,
        "comment": "よい",
    }


def test_a_flag_and_a_whole_number_are_kept_as_such():
    cells = read_cells(CLIENTS, {"registered": False, "employees": "1,200"}, today=TODAY)
    assert [type(cell) for cell in cells.values()] == [bool, int]
    assert cells == {"registered": False, "employees": 1200}


@pytest.mark.parametrize("blank", [None, "", "　"])
def test_what_is_blank_is_unknown(blank):
    assert read_cells(CLIENTS, {"registered": blank, "name": blank}, today=TODAY) == {"registered": None, "name": None}


def test_every_fault_is_listed_without_what_was_sent():
    with pytest.raises(DataError) as error:
        read_cells(CLIENTS, {"registered": "SECRET", "employees": "-1", "name": "x"}, today=TODAY)
    assert [fault.column for fault in error.value.faults] == ["registered", "employees"]
    assert "SECRET" not in str(error.value)


def test_a_day_to_come_is_a_fault():
    with pytest.raises(DataError, match="2026-04-01"):
        read_cells(DISPATCHES, {"completed_on": "2026-04-02"}, today=TODAY)
