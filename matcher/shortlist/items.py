"""The experts on a shortlist: what is shown of each, and the reasons, in one language."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from matcher.consultation import Consultation
from matcher.explanation import Explanation
from matcher.lang import Lang
from matcher.rankers.base import Ranker, Scores
from matcher.reference.distance import distance_km, locate
from matcher.shortlist.confidence import confidence
from matcher.shortlist.model import Item
from matcher.shortlist.order import Order
from matcher.shortlist.place import place_in_words
from matcher.shortlist.reasons import reason_against, reasons_for

TOLERANCE = 1e-6


def items(
    ranker: Ranker, consultation: Consultation, experts: pd.DataFrame, scores: Scores, order: Order, lang: Lang
) -> tuple[Item, ...]:
    """The ordered experts as items. `experts` and `scores` have n rows, of which `order` names those shown.

    Raises `ArithmeticError` when an explanation does not sum to its score: the ranker is at fault, not the user.
    """
    at = order.positions
    if not len(at):
        return ()
    shown = experts.iloc[at]
    away = distance_km(locate(consultation.to_frame()), locate(shown))
    rows = shown.assign(
        rank=order.rank,
        tied=order.tied,
        score=scores.score[at],
        probability=scores.probability[at],
        lower=scores.lower[at],
        upper=scores.upper[at],
        distance_km=away["km"].to_numpy(),
        distance_basis=away["basis"].to_numpy(),
    ).to_dict("records")
    explanations = ranker.explain(consultation, shown)
    return tuple(_item(row, why, lang) for row, why in zip(rows, explanations, strict=True))


def _item(row: Mapping[Any, Any], why: Explanation, lang: Lang) -> Item:
    score, contributions = float(row["score"]), {name: float(part) for name, part in why.contributions.items()}
    if abs(why.base + sum(contributions.values()) - score) > TOLERANCE:
        raise ArithmeticError(f"the explanation of expert {row['expert_id']} does not sum to the score")
    return Item(
        expert_id=row["expert_id"],
        name=row["name"],
        kana=_known(row["kana"]),
        rank=int(row["rank"]),
        tied=bool(row["tied"]),
        score=score,
        probability=_number(row["probability"]),
        lower=_number(row["lower"]),
        upper=_number(row["upper"]),
        confidence=confidence(row["probability"], row["lower"], row["upper"]),
        reasons=reasons_for(why, lang),
        against=reason_against(why, lang),
        contributions=contributions,
        base=float(why.base),
        log_odds={name: float(part) for name, part in why.log_odds.items()},
        place=place_in_words(_known(row["prefecture_code"]), _known(row["municipality"]), lang),
        distance_km=_number(np.round(row["distance_km"], 1)),
        distance_basis=row["distance_basis"],
        qualifications=tuple(row["qualifications"]),
    )


def _known(cell: Any) -> str | None:
    return None if pd.isna(cell) else str(cell)


def _number(cell: float) -> float | None:
    return None if np.isnan(cell) else float(cell)
