"""確かさ: how sure a probability is, in words, from the width of its 90 % interval."""

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


def confidence(probability: float | None, lower: float | None, upper: float | None) -> Confidence:
    """The word for an interval; unknown where any of the three is None.

    >>> confidence(0.9, 0.75, 0.97).value, confidence(0.6, 0.2, 0.9).value
    ('high', 'low')
    """
    if probability is None or lower is None or upper is None:
        return Confidence.UNKNOWN
    width = upper - lower
    return next((word for word, widest in WIDEST.items() if width <= widest), Confidence.LOW)
