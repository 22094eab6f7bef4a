import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.reading.numerals import parse_number
from matcher.reading.unreadable import UnreadableError

WIDE = str.maketrans("0123456789-.,e", "０１２３４５６７８９－．，ｅ")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_finite_number_reads_as_itself_in_both_widths(number: float) -> None:
    assert parse_number(repr(number)) == number
    assert parse_number(f" {number!r}　".translate(WIDE)) == number


@given(st.integers(-(10**15), 10**15))
def test_thousands_commas_change_nothing(number: int) -> None:
    assert parse_number(f"{number:,}") == number == parse_number(str(number), whole=True)


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("0123456789+-.,einfa"))))
def test_no_text_reads_as_anything_but_a_finite_number(text: str) -> None:
    with suppress(UnreadableError):
        assert math.isfinite(parse_number(text))


@pytest.mark.parametrize(
    "text",
    [
        "nan",
        "NaN",
        "inf",
        "-Infinity",
        "1e400",
        "10²",
        "①",
        "1_000",
        "1,00",
        "12年",
        "",
        "-",
        ".",
        "e5",
        "0x10",
        "٣",
    ],
)
def test_what_is_no_finite_number_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError, match="有限の数"):
        parse_number(text)


def test_limits_are_inclusive_and_named() -> None:
    assert parse_number("５", low=1, high=5) == 5
    with pytest.raises(UnreadableError, match="1〜5"):
        parse_number("5.1", low=1, high=5)


def test_a_whole_number_may_have_zero_decimals_only() -> None:
    assert parse_number("3.0", whole=True) == 3
    with pytest.raises(UnreadableError, match="整数"):
        parse_number("2.5", whole=True)
