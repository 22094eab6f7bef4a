"""Shortlists to be rendered, with every field set by the test or to something plain."""

from typing import Any

from matcher.consultation import Consultation
from matcher.shortlist import Exclusion, Item, Reason, Shortlist


def an_item(expert_id: str = "E1", **fields: Any) -> Item:
    plain: dict[str, Any] = {
        "name": "髙﨑𠮷",
        "kana": "たかさきよし",
        "rank": 1,
        "tied": False,
        "score": 0.75,
        "probability": 0.62,
        "lower": 0.48,
        "upper": 0.74,
        "confidence": "medium",
        "reasons": (Reason("同じ分野で 3 件を解決", "cases", 0.5, {"n": 3}),),
        "against": Reason("遠方です", "distance", -0.25, {"km": 120.0}),
        "contributions": {"cases": 0.5, "distance": -0.25},
        "base": 0.5,
        "log_odds": {"cases": 0.5},
        "place": "東京都新宿区",
        "distance_km": 12.3,
        "distance_basis": "municipality",
        "qualifications": ("中小企業診断士", "税理士"),
    }
    return Item(expert_id, **{**plain, **fields})


def a_shortlist(*items: Item, **fields: Any) -> Shortlist:
    plain: dict[str, Any] = {
        "consultation": Consultation("sales.web", consultation_id="K7", mode="onsite", description="秘密の相談文"),
        "category_name": "Web・SNS・EC活用",
        "place": "東京都千代田区",
        "model": {"id": "m1", "fingerprint": "0123456789abcdef"},
        "data": {"fingerprint": "fedcba9876543210"},
        "excluded": (Exclusion("status", "休止・引退", 2, ("E8", "E9"), {"E8": "引退", "E9": "休止中"}),),
        "warnings": ("相談者は制度に登録されていません",),
        "relax": (),
        "eligible": 1200,
        "registered": 1202,
        "as_of": "2026-03-10",
        "lang": "ja",
    }
    return Shortlist(items=items, **{**plain, **fields})


EMPTY = a_shortlist(eligible=0, registered=2, relax=("「休止・引退」だけを緩めると 2 人が対象になります",))
UNKNOWN = an_item(
    kana=None,
    probability=None,
    lower=None,
    upper=None,
    confidence="unknown",
    reasons=(),
    against=None,
    place="",
    distance_km=None,
    distance_basis="unknown",
    qualifications=(),
)
