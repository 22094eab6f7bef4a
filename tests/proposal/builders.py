"""A small past: two categories with words of their own, told day after day."""

import pandas as pd

from matcher.dataset import Dataset
from tests.eligibility.builders import Row, a_dataset

AS_OF = pd.Timestamp("2026-03-31")
SAID = {"finance.loan": "井戸を掘る相談、ポンプが古い", "legal.tax": "屋根を直す相談、瓦が割れた"}


def past(count: int, **cells: object) -> list[Row]:
    """Consultations K0 ..., of the two in turn, whose words no taxonomy knows."""
    codes = list(SAID)
    return [
        {
            "consultation_id": f"K{i:03d}",
            "category": codes[i % 2],
            "description": f"{SAID[codes[i % 2]]}。{i}件目です",
            "received_on": pd.Timestamp("2025-01-01") + pd.Timedelta(days=i),
            **cells,
        }
        for i in range(count)
    ]


def a_past(count: int, **cells: object) -> Dataset:
    return a_dataset(consultations=past(count, **cells))
