"""Calendar dates as offices write them: ISO, slashes, 2026年3月31日, Japanese eras.

Own code, compared with japanera 2.1 and jpdatetime 1.4: both want one format string a spelling and know neither
㋿ nor mixed widths, jpdatetime takes 平成32年, and the eras are five rows of a table; the next will be one more.
"""

import re
from datetime import date, timedelta

from matcher.reading.numerals import half_width
from matcher.reading.unreadable import UnreadableError

# Era, letter, one-character form, first day. An era ends on the day before the next one's first.
ERAS = (
    ("明治", "M", "㍾", date(1868, 1, 25)),
    ("大正", "T", "㍽", date(1912, 7, 30)),
    ("昭和", "S", "㍼", date(1926, 12, 25)),
    ("平成", "H", "㍻", date(1989, 1, 8)),
    ("令和", "R", "㋿", date(2019, 5, 1)),
)
ACCEPTED = "YYYY-MM-DD, 2026/3/31, 2026年3月31日, 令和8年3月31日, R8.3.31"
_ENDS = [*(first - timedelta(days=1) for *_, first in ERAS[1:]), date.max]
_BY_NAME = {name: (*era[::3], end) for era, end in zip(ERAS, _ENDS, strict=True) for name in era[:3]}
_YEAR = rf"(?P<era>{'|'.join(_BY_NAME)})?\s*(?P<year>[0-9]{{1,4}}|元)"
_TIME = r"([T ]\s*([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?)?"
_SHAPES = [
    re.compile(_YEAR + r"\s*年\s*(?P<month>[0-9]{1,2})\s*月\s*(?P<day>[0-9]{1,2})\s*日\s*" + _TIME),
    re.compile(_YEAR + r"(?P<sign>[-/.])(?P<month>[0-9]{1,2})(?P=sign)(?P<day>[0-9]{1,2})" + _TIME),
    re.compile(r"(?P<era>)(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"),
]


def parse_date(text: str) -> date:
    """The date; a time of day behind it is dropped. Raises `UnreadableError`, saying what does not exist.

    >>> parse_date("令和元年５月１日").isoformat(), parse_date("R8.3.31").isoformat()
    ('2019-05-01', '2026-03-31')
    """
    plain = half_width(text).upper()
    found = next((match for shape in _SHAPES if (match := shape.fullmatch(plain))), None)
    if not found or not (found["era"] or len(found["year"]) == 4):
        raise UnreadableError(ACCEPTED)
    first, end = _BY_NAME[found["era"]][1:] if found["era"] else (ERAS[0][-1], date.max)
    year = 1 if found["year"] == "元" else int(found["year"])
    try:
        day = date(year + first.year - 1 if found["era"] else year, int(found["month"]), int(found["day"]))
    except ValueError:
        raise UnreadableError("実在する日付 (a date that exists)") from None
    if not first <= day <= end:
        raise UnreadableError(f"{found['era'] or ''}{first}〜{end}")
    return day
