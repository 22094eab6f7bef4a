"""確かさ: how sure a probability is, in words, from the width of its 90 % interval."""

import math
from enum import StrEnum

from matcher.lang import Lang


class Confidence(StrEnum):
    """How sure a probability is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    UNKNOWN = "unknown"


CONFIDENCE_LABELS: dict[Confidence, dict[Lang, str]] = {
    Confidence.HIGH: {"ja": "高い", "en": "high"},
    Confidence.MEDIUM: {"ja": "中くらい", "en": "medium"},
    Confidence.LOW: {"ja": "低い", "en": "low"},
    Confidence.UNKNOWN: {"ja": "不明", "en": "unknown"},
}
# Widest 90 % interval that still counts. A case's own difficulty alone makes one of 0.4 to 0.6 around 1/2. A
# convention of ours, no published one.
WIDEST = {Confidence.HIGH: 0.35, Confidence.MEDIUM: 0.6}


def confidence(probability: float, lower: float, upper: float) -> Confidence:
    """The word for an interval; unknown where any of the three is NaN.

    >>> confidence(0.9, 0.75, 0.97).value, confidence(0.6, 0.2, 0.9).value
    ('high', 'low')
    """
    width = upper - lower
    if math.isnan(probability) or math.isnan(width):
        return Confidence.UNKNOWN
    return next((word for word, widest in WIDEST.items() if width <= widest), Confidence.LOW)
