"""Examples for the API's documentation; a test holds each to its schema."""

from typing import Any

ASKED: dict[str, Any] = {
    "category": "sales.web",
    "prefecture_code": "東京都",
    "municipality": "新宿区",
    "mode": "either",
    "description": "ネットショップを始めたが客が来ない。SNSの使い方を相談したい。",
    "k": 5,
}
_UNKNOWN = ("consultation_id", "hub_id", "client_id", "received_on", "latitude", "longitude", "industry")
_FINGERPRINT = "25968239b6212e123e7f95d3aead588440492948f87a217bd5f8c969ea939164"
_MODEL = {"id": "additive-25968239b621", "fingerprint": _FINGERPRINT}
ANSWERED: dict[str, Any] = {
    "consultation": {
        **dict.fromkeys(_UNKNOWN),
        "category": "sales.web",
        "secondary_categories": [],
        "prefecture_code": "13",
        "municipality": "新宿区",
        "employees": None,
        "mode": "either",
        "description": ASKED["description"],
        "status": None,
    },
    "category_name": "Web・SNS・EC活用",
    "place": "東京都新宿区",
    "model": _MODEL,
    "data": {"fingerprint": _FINGERPRINT},
    "items": [
        {
            "expert_id": "E00008",
            "name": "野村 清",
            "kana": "ノムラ キヨシ",
            "rank": 1,
            "tied": False,
            "score": 0.5,
            "probability": 0.62,
            "lower": 0.47,
            "upper": 0.76,
            "confidence": "medium",
            "confidence_label": "中くらい",
            "reasons": [
                {
                    "text": "専門分野に「Web・SNS・EC活用」を挙げています",
                    "feature": "claims_category",
                    "contribution": 0.75,
                    "evidence": {"category": "sales.web"},
                }
            ],
            "against": {
                "text": "オンライン対応は不明です",
                "feature": "remote",
                "contribution": -0.125,
                "evidence": {"remote": None},
            },
            "contributions": {"claims_category": 0.75, "remote": -0.125},
            "base": -0.125,
            "log_odds": {"base": -0.5, "claims_category": 0.75, "remote": -0.125},
            "qualifications": ["中小企業診断士"],
            "place": "東京都墨田区",
            "distance_km": 8.9,
            "distance_basis": "municipality",
        }
    ],
    "excluded": [
        {
            "rule": "status",
            "label": "休止・引退",
            "count": 1,
            "expert_ids": ["E00003"],
        }
    ],
    "warnings": [],
    "relax": [],
    "eligible": 59,
    "registered": 60,
    "as_of": "2026-04-01",
    "lang": "ja",
}
ALIVE: dict[str, Any] = {
    "status": "ok",
    "model": {**_MODEL, "ranker": "additive", "trained_until": "2026-03-31"},
    "data": {"fingerprint": _FINGERPRINT},
}
