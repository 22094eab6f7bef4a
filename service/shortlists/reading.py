"""A shortlist back from its JSON, for the formats that `matcher.render` writes."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from matcher.consultation import Consultation
from matcher.eligibility import Exclusion
from matcher.shortlist.confidence import Confidence
from matcher.shortlist.model import Item, Reason, Shortlist

Json = Mapping[str, Any]


def shortlist_of(answer: Json) -> Shortlist:
    """The inverse of `matcher.render.json_text.to_mapping`."""
    made = {
        "consultation": consultation_from_json(answer["consultation"]),
        "items": tuple(map(_item, answer["items"])),
        "excluded": tuple(_exclusion(rule) for rule in answer["excluded"]),
        "warnings": tuple(answer["warnings"]),
        "relax": tuple(answer["relax"]),
    }
    return Shortlist(**{**answer, **made})


def consultation_from_json(answer: Json) -> Consultation:
    """The inverse of `Consultation.to_json`."""
    day = answer["received_on"]
    return Consultation(
        **{
            **answer,
            "received_on": None if day is None else pd.Timestamp(day),
            "secondary_categories": tuple(answer["secondary_categories"]),
        }
    )


def _item(answer: Json) -> Item:
    made = {
        "confidence": Confidence(answer["confidence"]),
        "reasons": tuple(Reason(**reason) for reason in answer["reasons"]),
        "against": Reason(**answer["against"]) if answer["against"] else None,
        "qualifications": tuple(answer["qualifications"]),
    }
    return Item(**{name: cell for name, cell in {**answer, **made}.items() if name != "confidence_label"})


def _exclusion(answer: Json) -> Exclusion:
    return Exclusion(**{**answer, "expert_ids": tuple(answer["expert_ids"])})
