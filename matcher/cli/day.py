"""The day of a run."""

from typing import TYPE_CHECKING

from matcher.errors import InvalidValueError

if TYPE_CHECKING:
    import pandas as pd


def day(text: str | None) -> "pd.Timestamp":
    """The stated day in any spelling that files may use, else today in Japan. Raises `InvalidValueError`."""
    import pandas as pd

    from matcher.reading.dates import parse_date
    from matcher.reading.unreadable import UnreadableError

    if text is None:
        return today()
    try:
        return pd.Timestamp(parse_date(text.strip()))
    except UnreadableError as error:
        raise InvalidValueError("--as-of", text, error.accepted) from None


def today() -> "pd.Timestamp":
    """Today in Japan, midnight."""
    import pandas as pd

    return pd.Timestamp.now(tz="Asia/Tokyo").tz_localize(None).normalize()
