"""Reasons for an expert and one against, picked from the terms that make up the score."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from matcher.explanation import AGAINST, FOR, NEITHER, UNKNOWN, Explanations
from matcher.features.feature import Group
from matcher.lang import Lang
from matcher.shortlist.model import Reason

MOST_REASONS = 3
WORTH_SAYING = 0.05  # a smaller term (in the score's units, log-odds for ours) moves a probability by about a percent

_GROUPS = {group: place for place, group in enumerate(Group)}


def reasons_for(found: Explanations, lang: Lang) -> list[tuple[Reason, ...]]:
    """For each expert up to three positive terms that rest on something known and whose words do not speak against.

    A further reason of the same group (speciality, region, record, ...) counts half as much each time: several sides
    of an expert tell the reader of a stranger more than several readings of one. So does a reason whose words tell
    neither for nor against, such as withheld figures. They stand in order of size.
    """
    terms = found.terms
    if not found.features:
        return [()] * len(terms)
    may = (terms >= WORTH_SAYING) & ((found.says == FOR) | (found.says == NEITHER))
    places, order = _by_name(found)
    group = np.array([_GROUPS[feature.group] for feature in found.features])[places]
    size = terms[:, places]
    worth = np.where(may, terms / (1 + (found.says == NEITHER)), 0.0)[:, places]
    rows, chosen = np.arange(len(terms)), np.full((len(terms), MOST_REASONS), -1)
    for turn in range(MOST_REASONS):
        best = worth.argmax(axis=1)
        here = worth[rows, best] > 0
        chosen[here, turn] = best[here]
        worth = worth / (1 + (group == group[best][:, None]))
        worth[rows, best] = 0.0
    keys = np.where(chosen >= 0, -size[rows[:, None], chosen], np.inf)
    chosen = np.where(chosen >= 0, places[chosen], -1)
    told = np.lexsort((order[chosen], keys), axis=1)
    picked = np.take_along_axis(chosen, told, axis=1).tolist()
    return [tuple(_reason(found, row, place, lang) for place in some if place >= 0) for row, some in enumerate(picked)]


def reason_against(found: Explanations, lang: Lang) -> list[Reason | None]:
    """For each the most negative known term that has something to say, else the least favourable unknown, else None."""
    return [_reason(found, row, place, lang) if place >= 0 else None for row, place in _against(found)]


def _against(found: Explanations) -> Iterator[tuple[int, int]]:
    places, _ = _by_name(found)
    says, terms = found.says[:, places], found.terms[:, places]
    spoken = (terms <= -WORTH_SAYING) & ((says == AGAINST) | (says == NEITHER))
    for row, any_spoken in enumerate(spoken.any(axis=1)):
        may = spoken[row] if any_spoken else says[row] == UNKNOWN
        yield row, int(places[np.where(may, terms[row], np.inf).argmin()]) if may.any() else -1


def _by_name(found: Explanations) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The features' places in order of their names, by which equal terms are told apart, and each one's turn."""
    places = np.argsort([feature.name for feature in found.features])
    order = np.empty(len(places), dtype=np.intp)
    order[places] = np.arange(len(places))
    return places, order


def _reason(found: Explanations, row: int, place: int, lang: Lang) -> Reason:
    feature, fact = found.features[place], found.fact(row, place)
    unknown = found.says[row, place] == UNKNOWN
    text = _unknown(feature.label[lang], lang) if unknown else fact.sentence(lang)
    return Reason(text, feature.name, float(found.terms[row, place]), fact.plain)


def _unknown(label: str, lang: Lang) -> str:
    return f"{label}は不明です" if lang == "ja" else f"{label}: unknown"
