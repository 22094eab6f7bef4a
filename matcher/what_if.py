"""What would change the order of two experts: the consultation's own facts, changed one at a time and scored again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from matcher.consultation import Consultation
from matcher.errors import InvalidValueError
from matcher.lang import Lang
from matcher.rankers.base import Ranker

_CHANGES: dict[str, tuple[dict[str, Any], Mapping[Lang, str]]] = {
    "onsite": ({"mode": "onsite"}, {"ja": "訪問で行うなら", "en": "if held on site"}),
    "online": ({"mode": "online"}, {"ja": "オンラインで行うなら", "en": "if held online"}),
    "either": ({"mode": "either"}, {"ja": "訪問でもオンラインでもよいなら", "en": "if on site or online"}),
    "no_text": ({"description": None}, {"ja": "相談の文面がなければ", "en": "without the text"}),
    "no_industry": ({"industry": None}, {"ja": "業種を問わなければ", "en": "whatever the industry"}),
    "no_secondary": ({"secondary_categories": ()}, {"ja": "関連分野を問わなければ", "en": "without secondary issues"}),
    "no_place": (
        {"prefecture_code": None, "municipality": None, "latitude": None, "longitude": None},
        {"ja": "場所を問わなければ", "en": "wherever the client is"},
    ),
}
_CAUTIOUS: Mapping[Lang, str] = {
    "ja": "慎重に（見込みの下限で）並べるなら",
    "en": "if ordered by the lower bound",
}


@dataclass(frozen=True)
class Change:
    """A change that turns the order round, and by how much the one now behind would then lead, in score units."""

    change: str
    label: Mapping[Lang, str]
    lead: float


def what_if(ranker: Ranker, experts: pd.DataFrame, consultation: Consultation) -> tuple[Change, ...]:
    """Changes under which the other of two experts (the rows of `experts`) would come first, most telling first.

    Empty where none of them does, or where both score the same.
    """
    first, second = ranker.score(consultation, experts).score
    if first == second:
        return ()
    sign = float(np.sign(first - second))
    tried = [Change(name, label, sign * (b - a)) for name, label, a, b in _tried(ranker, experts, consultation)]
    return tuple(sorted((found for found in tried if found.lead > 0), key=lambda found: (-found.lead, found.change)))


def _tried(
    ranker: Ranker, experts: pd.DataFrame, consultation: Consultation
) -> Iterator[tuple[str, Mapping[Lang, str], float, float]]:
    for name, (values, label) in _CHANGES.items():
        changed = replace(consultation, **values)
        if changed != consultation:
            yield name, label, *ranker.score(changed, experts).score
    try:
        cautious = ranker.with_risk("cautious")
    except InvalidValueError:  # a ranker without intervals has no lower bound to order by
        return
    yield "cautious", _CAUTIOUS, *cautious.score(consultation, experts).score
