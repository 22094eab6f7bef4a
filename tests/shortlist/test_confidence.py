import pytest

from matcher.shortlist.confidence import CONFIDENCE_LABELS, WIDEST, Confidence, confidence


@pytest.mark.parametrize(
    ("lower", "upper", "word"),
    [
        (0.5, 0.5, "high"),
        (0.5, 0.84, "high"),
        (0.5, 0.86, "medium"),
        (0.2, 0.79, "medium"),
        (0.2, 0.81, "low"),
        (0.0, 1.0, "low"),
    ],
)
def test_a_wider_interval_is_less_sure(lower, upper, word):
    assert confidence(0.5, lower, upper) == word


@pytest.mark.parametrize("place", range(3))
def test_anything_unknown_is_unknown(place):
    values: list[float | None] = [0.5, 0.45, 0.55]
    values[place] = None
    assert confidence(*values) is Confidence.UNKNOWN


def test_every_word_is_in_both_languages_and_limits_rise():
    assert all(set(CONFIDENCE_LABELS[word]) == {"ja", "en"} for word in Confidence)
    assert list(WIDEST.values()) == sorted(WIDEST.values())
