"""Where a named expert stands for a consultation, and why: every term of the score, every rule that bites."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from matcher.consultation import Consultation
from matcher.eligibility import Eligibility, Register, evaluate_on
from matcher.errors import UnknownValueError
from matcher.explanation import Explanation, Term
from matcher.lang import Lang
from matcher.plain import plain
from matcher.rankers.base import Ranker, Scores
from matcher.shortlist.build import scored
from matcher.what_if import Change, what_if


@dataclass(frozen=True)
class Standing:
    """One expert for one consultation.

    `rank` counts among the `of` eligible experts (1 = best, shared by ties); of an excluded one it is where the
    score alone would place them. `excluded` holds (rule, label, reason) of every rule that takes the expert out.
    `base` + the terms = `score`, to 1e-9. `log_odds` are the probability's own terms; unknown numbers are NaN.
    """

    expert_id: str
    name: str
    rank: int
    of: int
    excluded: tuple[tuple[str, str, str], ...]
    score: float
    probability: float
    lower: float
    upper: float
    base: float
    terms: tuple[Term, ...]
    log_odds: dict[str, float]

    @property
    def contributions(self) -> dict[str, float]:
        """Feature name to its part of the score."""
        return {term.feature.name: term.contribution for term in self.terms}

    def to_json(self, lang: Lang) -> dict[str, Any]:
        """Plain values; unknown is None."""
        fields = ("expert_id", "name", "rank", "of", "score", "probability", "lower", "upper", "base")
        return {
            **plain({name: getattr(self, name) for name in fields}),
            "eligible": not self.excluded,
            "excluded": [dict(zip(("rule", "label", "detail"), rule, strict=True)) for rule in self.excluded],
            "terms": [_term(term, lang) for term in self.terms],
            "contributions": self.contributions,
            "log_odds": self.log_odds,
        }


def standings(
    ranker: Ranker, register: Register, consultation: Consultation, expert_ids: Sequence[str], *, lang: Lang = "ja"
) -> tuple[Standing, ...]:
    """The standing of each named expert, in the order given. Raises `UnknownValueError` (expert, category)."""
    at = register.ids.get_indexer(pd.Index(list(expert_ids), dtype="str"))
    for expert_id, position in zip(expert_ids, at, strict=True):
        if position < 0:
            raise UnknownValueError("expert", expert_id, f"one of the {len(register)} expert_id of the register")
    eligibility = evaluate_on(register, consultation, lang=lang)
    scores = scored(ranker, consultation, register.data.experts)
    explanations = ranker.explain(consultation, register.data.experts.iloc[at])
    return tuple(
        _standing(int(position), why, eligibility, scores) for position, why in zip(at, explanations, strict=True)
    )


def overturning(
    ranker: Ranker, register: Register, consultation: Consultation, expert_ids: Sequence[str]
) -> tuple[Change, ...]:
    """What would turn the order of two known experts round (see `matcher.what_if`)."""
    at = register.ids.get_indexer(pd.Index(list(expert_ids), dtype="str"))
    return what_if(ranker, register.data.experts.iloc[at], consultation)


def difference(first: Standing, second: Standing) -> dict[str, float]:
    """Feature to how much more it gives the first than the second; the sum is the difference of the scores.

    Ordered by size. Both come from one ranker, so their features and base are the same.
    """
    apart = {name: part - second.contributions[name] for name, part in first.contributions.items()}
    return dict(sorted(apart.items(), key=lambda item: (-abs(item[1]), item[0])))


def _standing(position: int, why: Explanation, eligibility: Eligibility, scores: Scores) -> Standing:
    expert = eligibility.register.experts.iloc[position]
    better = eligibility.mask & (scores.score > scores.score[position])
    return Standing(
        expert_id=str(expert["expert_id"]),
        name=str(expert["name"]),
        rank=int(np.count_nonzero(better)) + 1,
        of=int(np.count_nonzero(eligibility.mask)),
        excluded=tuple(
            (str(rule.name), rule.label[eligibility.lang], finding.detail(position, eligibility.lang))
            for rule, finding in eligibility.findings.items()
            if finding.hit[position]
        ),
        score=float(scores.score[position]),
        probability=float(scores.probability[position]),
        lower=float(scores.lower[position]),
        upper=float(scores.upper[position]),
        base=float(why.base),
        terms=why.terms,
        log_odds=dict(why.log_odds),
    )


def _term(term: Term, lang: Lang) -> dict[str, Any]:
    return {
        "feature": term.feature.name,
        "label": term.feature.label[lang],
        "contribution": term.contribution,
        "known": term.known,
        "text": term.sentence(lang),
        "evidence": plain(term.evidence),
    }
