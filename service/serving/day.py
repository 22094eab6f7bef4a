"""Which day it is where the programme runs."""

import pandas as pd


def today_in_japan() -> pd.Timestamp:
    """The day's midnight, without a time zone, as all dates of the contract are."""
    return pd.Timestamp.now(tz="Asia/Tokyo").tz_localize(None).normalize()
