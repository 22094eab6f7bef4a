"""A ranker whose every answer is known: the score is the sum of three cells that the test writes itself."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd

from matcher.consultation import Consultation
from matcher.dataset import Dataset
from matcher.explanation import Explanation, Term
from matcher.features.feature import Evidence, Feature, Group
from matcher.lang import Lang
from matcher.rankers.base import Ranker, Scores

BASE = -0.25


def _sentence(evidence: Evidence, lang: Lang) -> str:
    text = evidence.get("text", "")
    return text if lang == "ja" or not text else f"en {text}"


def a_feature(name: str) -> Feature:
    label: dict[Lang, str] = {"ja": f"{name}の値", "en": f"{name} value"}
    return Feature(name, label, Group.OTHER, "", "a test's feature", sentence=_sentence)


def a_term(name: str, contribution: float, text: str = "", *, known: bool = True, **evidence: Any) -> Term:
    return Term(a_feature(name), contribution, {"text": text, **evidence}, known)


class FakeRanker(Ranker):
    """Terms come from `terms` by expert id (absent: none); the score is BASE and their sum."""

    name: ClassVar[str] = "fake"

    def __init__(self, terms: Mapping[str, list[Term]], probability: Mapping[str, tuple[float, float, float]]) -> None:
        self.terms = terms
        self.chances = probability

    def fit(self, data: Dataset, *, as_of: pd.Timestamp, seed: int = 0) -> Self:
        return self

    def score(self, consultation: Consultation, experts: pd.DataFrame) -> Scores:
        score = [BASE + sum(term.contribution for term in self.terms.get(name, [])) for name in experts["expert_id"]]
        unknown = (np.nan, np.nan, np.nan)
        chances = np.array([self.chances.get(name, unknown) for name in experts["expert_id"]], dtype=float)
        return Scores(np.array(score, dtype=float), *chances.reshape(-1, 3).T)

    def explain(self, consultation: Consultation, experts: pd.DataFrame) -> list[Explanation]:
        names = sorted({term.feature.name for terms in self.terms.values() for term in terms})
        found = [{term.feature.name: term for term in self.terms.get(name, [])} for name in experts["expert_id"]]
        return [
            Explanation(name, BASE, tuple(own.get(part, a_term(part, 0.0)) for part in names), {})
            for name, own in zip(experts["expert_id"], found, strict=True)
        ]

    def state(self) -> tuple[dict[str, Any], Mapping[str, Any]]:
        return {}, {}

    @classmethod
    def from_state(cls, card: dict[str, Any], arrays: Mapping[str, Any]) -> Self:
        return cls({}, {})


def scoring(**scores: float) -> FakeRanker:
    """A ranker that gives these experts these scores, all others BASE."""
    return FakeRanker({name: [a_term("skill", score - BASE, "よい")] for name, score in scores.items()}, {})
