"""Features of how often and how lately an expert was sent, whatever the case was about."""

import numpy as np

from matcher.features.feature import Feature, Floats, Group
from matcher.features.pairs import Pairs
from matcher.features.past import NEVER
from matcher.features.similar_cases import history_feature


def _last(pairs: Pairs) -> Floats:
    return np.log(pairs.past["last"] + 3.0)


POPULARITY = (
    history_feature("cases", "派遣回数", "times sent", Group.OTHER, "log of the number of cases", 0.5),
    history_feature(
        "cases_recent", "最近の派遣回数", "times sent recently", Group.OTHER, "the same, halved every year", 0.3
    ),
    history_feature(
        "cases_latest", "直近の派遣回数", "times sent lately", Group.OTHER, "the same, halved every 120 days", 0.1
    ),
    history_feature("resolved", "解決件数", "resolved cases", Group.OTHER, "log of the number of resolved cases", 0.3),
    Feature(
        "last",
        {"ja": "最後の派遣からの日数", "en": "days since last sent"},
        Group.OTHER,
        "log days",
        f"log of the days since the last case plus 3; {NEVER:.0f} days for an expert never sent",
        _last,
    ),
)
