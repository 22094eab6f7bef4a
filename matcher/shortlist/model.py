"""The shortlist: what a coordinator reads. Items in order, exclusions by rule, warnings, fingerprints."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from matcher.consultation import Consultation
from matcher.eligibility.exclusion import Exclusion
from matcher.lang import Lang


class Reason(NamedTuple):
    """One sentence for (or against) an expert, the feature it comes from, its part of the score, its evidence."""

    text: str
    feature: str
    contribution: float
    evidence: dict[str, Any]


@dataclass(frozen=True)
class Item:
    """One expert on a shortlist. `rank` is shared by ties (1, 1, 3); probability and interval None = unknown.

    `tied` is true also where the equal one fell behind the cut at k. `distance_km` is rounded to 0.1.
    `confidence` and `distance_basis` are codes (`matcher.shortlist.confidence`, `matcher.reference.distance`);
    texts are in the shortlist's language.
    """

    expert_id: str
    name: str
    kana: str | None
    rank: int
    tied: bool
    score: float
    probability: float | None
    lower: float | None
    upper: float | None
    confidence: str
    reasons: tuple[Reason, ...]
    against: Reason | None
    contributions: dict[str, float]
    base: float
    log_odds: dict[str, float]
    place: str
    distance_km: float | None
    distance_basis: str
    qualifications: tuple[str, ...]


@dataclass(frozen=True)
class Shortlist:
    """The answer to one consultation. `relax` says what would let more experts in when nobody is eligible.

    `category_name` and `place` are the consultation's in words (place empty where unknown), `eligible` of the
    `registered` experts could be ranked, `as_of` is the day in ISO form.
    """

    consultation: Consultation
    category_name: str
    place: str
    model: dict[str, str]
    data: dict[str, str]
    items: tuple[Item, ...]
    excluded: tuple[Exclusion, ...]
    warnings: tuple[str, ...]
    relax: tuple[str, ...]
    eligible: int
    registered: int
    as_of: str
    lang: Lang
