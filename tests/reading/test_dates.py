from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.reading.dates import ERAS, parse_date
from matcher.reading.unreadable import UnreadableError

DAYS = st.dates(min_value=date(1873, 1, 1))
WIDE = str.maketrans("0123456789-/.", "０１２３４５６７８９－／．")


def era_of(day: date) -> tuple[str, str, str, int]:
    name, letter, sign, first = next(era for era in reversed(ERAS) if era[3] <= day)
    return name, letter, sign, day.year - first.year + 1


@given(
    DAYS,
    st.sampled_from(["{0:%Y-%m-%d}", "{0:%Y/%m/%d}", "{0.year}/{0.month}/{0.day}", "{0.year}年{0.month}月{0.day}日"]),
)
def test_every_spelling_of_a_day_reads_as_that_day(day: date, spelling: str) -> None:
    written = spelling.format(day)
    assert parse_date(written) == day
    assert parse_date(f"　{written.translate(WIDE)} ") == day


@given(DAYS.filter(lambda day: day.year < 2100))
def test_every_era_spelling_of_a_day_reads_as_that_day(day: date) -> None:
    name, letter, sign, year = era_of(day)
    first_year = "元" if year == 1 else str(year)
    for written in (
        f"{name}{first_year}年{day.month}月{day.day}日",
        f"{sign}{year}年{day.month:02d}月{day.day:02d}日",
        f"{letter}{year}.{day.month}.{day.day}",
        f"{letter.lower()}{year:02d}/{day.month}/{day.day}".translate(WIDE),
    ):
        assert parse_date(written) == day


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("0123456789年月日元令和RS-/."))))
def test_no_text_makes_the_parser_fail_in_another_way(text: str) -> None:
    with suppress(UnreadableError):
        assert isinstance(parse_date(text), date)


@pytest.mark.parametrize(
    "written", ["2026-02-30", "2026-13-01", "2025/2/29", "令和8年2月30日", "2026年4月31日", "20260231"]
)
def test_a_day_that_does_not_exist_is_refused(written: str) -> None:
    with pytest.raises(UnreadableError, match="実在する日付"):
        parse_date(written)


@pytest.mark.parametrize(
    ("written", "limits"),
    [
        ("平成31年5月1日", "平成1989-01-08〜2019-04-30"),
        ("令和元年4月30日", "令和2019-05-01〜"),
        ("S64.1.8", "S1926-12-25〜1989-01-07"),
        ("1867-12-31", "1868-01-25〜"),
        ("0206-03-31", "1868-01-25〜"),
    ],
)
def test_a_day_outside_its_era_is_refused_with_the_eras_limits(written: str, limits: str) -> None:
    with pytest.raises(UnreadableError, match=limits):
        parse_date(written)


@pytest.mark.parametrize(
    "written",
    ["-5-01-01", "8.3.31", "26-03-31", "元年3月31日", "2026-03/31", "45000", "nan", "2026-03", "2026²-03-31", ""],
)
def test_what_is_no_date_is_refused_with_the_accepted_forms(written: str) -> None:
    with pytest.raises(UnreadableError, match="YYYY-MM-DD"):
        parse_date(written)


@pytest.mark.parametrize("written", ["2026-03-31 10:15", "2026-03-31T23:59:59.5", "2026/3/31 0:00:00"])
def test_the_time_of_day_is_dropped(written: str) -> None:
    assert parse_date(written) == date(2026, 3, 31)
