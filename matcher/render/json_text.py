"""A shortlist as JSON, in the shape of the data contract."""

import json
from typing import Any

from matcher.eligibility.exclusion import Exclusion
from matcher.render.words import confidence_in_words
from matcher.shortlist.model import Item, Reason, Shortlist


def to_mapping(shortlist: Shortlist, *, details: bool = True) -> dict[str, Any]:
    """Plain values in a fixed order; unknown is None. `base + sum(contributions) = score` for every item.

    Without `details` rules name whom they took out, but not the reason for each.
    """
    return {
        "consultation": shortlist.consultation.to_json(),
        "category_name": shortlist.category_name,
        "place": shortlist.place,
        "model": dict(shortlist.model),
        "data": dict(shortlist.data),
        "items": [_item(item, shortlist) for item in shortlist.items],
        "excluded": [_exclusion(exclusion, details) for exclusion in shortlist.excluded],
        "warnings": list(shortlist.warnings),
        "relax": list(shortlist.relax),
        "eligible": shortlist.eligible,
        "registered": shortlist.registered,
        "as_of": shortlist.as_of,
        "lang": shortlist.lang,
    }


def render(shortlist: Shortlist) -> str:
    """The same as text: UTF-8 letters as they are, two blanks of indent, a line break at the end."""
    return json.dumps(to_mapping(shortlist), ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def _item(item: Item, shortlist: Shortlist) -> dict[str, Any]:
    return {
        "expert_id": item.expert_id,
        "name": item.name,
        "kana": item.kana,
        "rank": item.rank,
        "tied": item.tied,
        "score": item.score,
        "probability": item.probability,
        "lower": item.lower,
        "upper": item.upper,
        "confidence": str(item.confidence),
        "confidence_label": confidence_in_words(item, shortlist.lang),
        "reasons": [_reason(reason) for reason in item.reasons],
        "against": _reason(item.against) if item.against else None,
        "contributions": dict(item.contributions),
        "base": item.base,
        "log_odds": dict(item.log_odds),
        "qualifications": list(item.qualifications),
        "place": item.place,
        "distance_km": item.distance_km,
        "distance_basis": item.distance_basis,
    }


def _exclusion(exclusion: Exclusion, details: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "rule": exclusion.rule,
        "label": exclusion.label,
        "count": exclusion.count,
        "expert_ids": list(exclusion.expert_ids),
    }
    return shown | {"details": dict(exclusion.details)} if details else shown


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "text": reason.text,
        "feature": reason.feature,
        "contribution": reason.contribution,
        "evidence": reason.evidence,
    }
