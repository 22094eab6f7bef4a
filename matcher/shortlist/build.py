"""From a register and a ranker to one explained shortlist: rules first, then scores, order, reasons."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from matcher.consultation import Consultation
from matcher.dataset import Dataset
from matcher.eligibility import Eligibility, Programme, Register, evaluate_on
from matcher.errors import UnknownValueError
from matcher.lang import Lang
from matcher.rankers.base import Ranker, Scores
from matcher.shortlist.items import items
from matcher.shortlist.model import Shortlist
from matcher.shortlist.order import best
from matcher.shortlist.place import place_in_words

_NO_DISPATCH: dict[Lang, str] = {
    "ja": "過去の派遣記録がまだないため、実績にもとづく理由は出ません",
    "en": "there is no past dispatch yet, so no reason can rest on a record",
}


def shortlist(
    ranker: Ranker,
    data: Dataset,
    consultation: Consultation,
    *,
    on: pd.Timestamp,
    model_card: Mapping[str, Any],
    k: int = 10,
    lang: Lang = "ja",
    programme: Programme | None = None,
    only: Collection[str] | None = None,
    data_fingerprint: str | None = None,
) -> Shortlist:
    """The k best of the eligible experts on the day `on`, explained; all of them where k is larger.

    `only` restricts the register to these expert ids (as a benchmark's candidates do); the fingerprint stays that
    of the whole data, and may be passed so as not to be worked out again. Nobody eligible gives an empty
    shortlist that says what to relax. Raises `InvalidValueError` (k) and `UnknownValueError` (category, `only`).
    """
    print_of_all = data_fingerprint or data.fingerprint()
    register = Register(restricted(data, only), programme or Programme.default(), on)
    return shortlist_on(
        ranker, register, consultation, model_card=model_card, data_fingerprint=print_of_all, k=k, lang=lang
    )


def shortlist_on(
    ranker: Ranker,
    register: Register,
    consultation: Consultation,
    *,
    model_card: Mapping[str, Any],
    data_fingerprint: str,
    k: int = 10,
    lang: Lang = "ja",
) -> Shortlist:
    """The same over a register that is kept for many consultations of one day."""
    category_name = register.taxonomy.name(consultation.category, lang)
    eligibility = evaluate_on(register, consultation, lang=lang)
    scores = scored(ranker, consultation, register.data.experts)
    order = best(scores.score, register.names, k, among=eligibility.mask)
    return Shortlist(
        consultation=consultation,
        category_name=category_name,
        place=place_in_words(consultation.prefecture_code, consultation.municipality, lang),
        model={name: str(model_card[name]) for name in ("id", "fingerprint")},
        data={"fingerprint": data_fingerprint},
        items=items(ranker, consultation, register, scores, order, lang),
        excluded=eligibility.exclusions,
        warnings=_warnings(eligibility, register, lang),
        relax=eligibility.relax,
        eligible=int(eligibility.mask.sum()),
        registered=len(register),
        as_of=register.on.date().isoformat(),
        lang=lang,
    )


def restricted(data: Dataset, only: Collection[str] | None) -> Dataset:
    """The data with these experts alone, all where `only` is None. Raises `UnknownValueError` for another id."""
    if only is None:
        return data
    known = data.experts["expert_id"]
    unknown = sorted(set(only) - set(known))
    if unknown:
        raise UnknownValueError("expert", unknown[0], f"one of the {len(known)} expert_id of the register")
    return replace(data, experts=data.experts[known.isin(list(only))])


def scored(ranker: Ranker, consultation: Consultation, experts: pd.DataFrame) -> Scores:
    """The ranker's scores of n >= 0 experts. Raises `ArithmeticError` for one that is no finite number."""
    if experts.empty:
        return Scores.without_probability(np.empty(0))
    scores = ranker.score(consultation, experts)
    if not np.isfinite(scores.score).all():
        raise ArithmeticError(f"ranker {ranker.name} gave a score that is no number")
    return scores


def _warnings(eligibility: Eligibility, register: Register, lang: Lang) -> tuple[str, ...]:
    cold = (_NO_DISPATCH[lang],) if register.data.dispatches.empty else ()
    return eligibility.warnings + cold
