"""Numbers as people write them: full-width digits, thousands commas; never a nan, an infinity or `10²`."""

import math
import re

from matcher.reading.unreadable import UnreadableError

# NFKC would also turn 10² into 102 and ① into 1, so only the full-width forms are folded.
_HALF_WIDTH = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x2212: 0x2D}
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)


def half_width(text: str) -> str:
    """The text with full-width ASCII, blanks and minus signs made half-width, ends stripped.

    >>> half_width("　１，２３４．５ "), half_width("−３"), half_width("10²")
    ('1,234.5', '-3', '10²')
    """
    return text.translate(_HALF_WIDTH).strip()


def limits(low: float | None, high: float | None) -> str:
    """How a number's inclusive limits read; empty where there are none.

    >>> limits(1, 5), limits(0, None)
    ('1〜5', '0〜')
    """
    return "" if low is None and high is None else "〜".join("" if end is None else f"{end:g}" for end in (low, high))


def parse_number(text: str, *, whole: bool = False, low: float | None = None, high: float | None = None) -> float:
    """A finite number within the inclusive limits. Raises `UnreadableError`.

    >>> parse_number("１，２００"), parse_number("3.0", whole=True)
    (1200.0, 3.0)
    """
    plain = half_width(text)
    shaped = _NUMBER.fullmatch(plain) and any(digit in "0123456789" for digit in plain)
    value = _float(plain.replace(",", "")) if shaped else math.nan
    inside = (low is None or value >= low) and (high is None or value <= high)
    if not math.isfinite(value) or not inside or (whole and not value.is_integer()):
        kind = "整数 (a whole number)" if whole else "有限の数 (a finite number)"
        raise UnreadableError(f"{kind} {limits(low, high)}".strip())
    return value


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
