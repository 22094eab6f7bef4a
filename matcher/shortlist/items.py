"""The experts on a shortlist: what is shown of each, and the reasons, in one language."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.consultation import Consultation
from matcher.eligibility import Register
from matcher.lang import Lang
from matcher.rankers.base import Ranker, Scores
from matcher.reference.distance import PAIR_BASES
from matcher.shortlist.confidence import confidence
from matcher.shortlist.model import Item
from matcher.shortlist.order import Order
from matcher.shortlist.place import place_in_words
from matcher.shortlist.reasons import reason_against, reasons_for

TOLERANCE = 1e-6
_COLUMNS = ("expert_id", "name", "kana", "prefecture_code", "municipality", "qualifications")


def items(
    ranker: Ranker, consultation: Consultation, register: Register, scores: Scores, order: Order, lang: Lang
) -> tuple[Item, ...]:
    """The ordered experts as items. `scores` are those of the whole register, of which `order` names those shown.

    Raises `ArithmeticError` when an explanation does not sum to its score: the ranker is at fault, not the user.
    """
    at = order.positions
    if not len(at):
        return ()
    why = ranker.explained(consultation, register.data.experts, at)
    shown = scores.at(at)
    score = shown.score
    wrong = np.abs(why.base + why.terms.sum(axis=1) - score) > TOLERANCE
    if wrong.any():
        expert_id = register.ids[int(at[wrong.argmax()])]
        raise ArithmeticError(f"the explanation of expert {expert_id} does not sum to the score")
    names = tuple(feature.name for feature in why.features)
    away, basis = register.distances(consultation)
    columns = zip(
        at.tolist(),
        order.rank.tolist(),
        order.tied.tolist(),
        score.tolist(),
        *(_numbers(column) for column in (shown.probability, shown.lower, shown.upper)),
        reasons_for(why, lang),
        reason_against(why, lang),
        why.terms.tolist(),
        why.log_odds.tolist(),
        _numbers(np.round(away[at], 1)),
        basis[at].tolist(),
        strict=True,
    )
    return tuple(
        Item(
            expert_id=(card := _card(register, row, lang)).expert_id,
            name=card.name,
            kana=card.kana,
            rank=rank,
            tied=tied,
            score=own,
            probability=probability,
            lower=lower,
            upper=upper,
            confidence=confidence(probability, lower, upper),
            reasons=reasons,
            against=against,
            contributions=dict(zip(names, terms, strict=True)),
            base=why.base,
            log_odds=dict(zip(why.log_odds_names, log_odds, strict=True)),
            place=card.place,
            distance_km=km,
            distance_basis=PAIR_BASES[measured],
            qualifications=card.qualifications,
        )
        for (
            row,
            rank,
            tied,
            own,
            probability,
            lower,
            upper,
            reasons,
            against,
            terms,
            log_odds,
            km,
            measured,
        ) in columns
    )


@dataclass(frozen=True)
class _Card:
    """What is the same of an expert on every shortlist."""

    expert_id: str
    name: str
    kana: str | None
    place: str
    qualifications: tuple[str, ...]


def _card(register: Register, row: int, lang: Lang) -> _Card:
    everybody: dict[int, _Card] = register.keep(("card", lang), dict)
    if row not in everybody:
        columns = register.keep("columns", lambda: {name: register.experts[name].tolist() for name in _COLUMNS})
        expert_id, name, kana, code, municipality, qualifications = (columns[name][row] for name in _COLUMNS)
        place = place_in_words(_known(code), _known(municipality), lang)
        everybody[row] = _Card(expert_id, name, _known(kana), place, tuple(qualifications))
    return everybody[row]


def _known(cell: Any) -> str | None:
    return None if pd.isna(cell) else str(cell)


def _numbers(column: npt.NDArray[np.float64]) -> list[float | None]:
    """Unknown numbers as None."""
    return [None if number != number else number for number in column.tolist()]
