"""The days of the synthetic world: it ends on 31 March 2026, and nobody works at weekends."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.sample.drawing import Ints, Rng

Days = npt.NDArray[np.datetime64]

LAST_DAY = np.datetime64("2026-03-31", "D")


def first_day(years: int) -> np.datetime64:
    """1 April, `years` before the day after the last."""
    return np.datetime64(f"{2026 - years}-04-01", "D")


def draw_days(rng: Rng, first: np.datetime64, last: np.datetime64, size: int) -> Days:
    """Working days between the two (inclusive), each day as likely; a weekend counts to the Friday before."""
    days = first + rng.integers(0, int((last - first).astype(int)) + 1, size).astype("timedelta64[D]")
    return on_working_days(days)


def on_working_days(days: Days) -> Days:
    """The day itself, or the Friday before."""
    return np.asarray(np.busday_offset(days, 0, roll="backward"), dtype="datetime64[D]")


def later(days: Days, by: Ints) -> Days:
    """Working days, `by` calendar days later."""
    return on_working_days(days + by.astype("timedelta64[D]"))


def fiscal_year(days: Days) -> Ints:
    """The year in which the fiscal year (April-March) began."""
    months = days.astype("datetime64[M]").astype(int)
    return np.asarray(1970 + (months - 3) // 12, dtype=np.intp)


def dates(days: Days) -> pd.Series:
    """A typed date column."""
    return pd.Series(days.astype("datetime64[s]"))
