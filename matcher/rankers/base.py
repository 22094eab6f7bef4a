"""The interface every ranker keeps, baselines included: fit, score, explain, save, load."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.consultation import Consultation
from matcher.dataset import Dataset
from matcher.errors import InvalidValueError, UnknownValueError
from matcher.explanation import Explanation, Explanations
from matcher.risk import RISKS

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Scores:
    """What a ranker says of n experts, in the order in which they were given; all arrays have shape (n,).

    `score` orders (higher is better), in the units of the ranker's stated utility. `probability` is
    P(resolved | this expert is sent), `lower` and `upper` its central 90 % interval; NaN where the ranker
    has nothing to know it from.
    """

    score: Floats
    probability: Floats
    lower: Floats
    upper: Floats

    @classmethod
    def without_probability(cls, score: Floats) -> Self:
        """Scores of a ranker that knows no probability."""
        nothing = np.full(len(score), np.nan)
        return cls(score, nothing, nothing, nothing)

    def at(self, rows: npt.NDArray[np.intp]) -> "Scores":
        """Those of the experts at these rows."""
        return Scores(self.score[rows], self.probability[rows], self.lower[rows], self.upper[rows])


class DeferredScores(Scores):
    """Scores whose probabilities are worked out when they are asked for: of thousands, a shortlist shows a few."""

    def __init__(self, score: Floats, chances: Callable[[Any], tuple[Floats, Floats, Floats]]) -> None:
        object.__setattr__(self, "score", score)
        self.__dict__["_chances"] = chances

    @cached_property
    def _all(self) -> tuple[Floats, Floats, Floats]:
        return self.__dict__["_chances"](slice(None))  # type: ignore[no-any-return]

    @property
    def probability(self) -> Floats:
        """P(resolved | this expert is sent)."""
        return self._all[0]

    @property
    def lower(self) -> Floats:
        """Where its central 90 % interval begins."""
        return self._all[1]

    @property
    def upper(self) -> Floats:
        """Where it ends."""
        return self._all[2]

    def at(self, rows: npt.NDArray[np.intp]) -> Scores:
        """Those of the experts at these rows."""
        return Scores(self.score[rows], *self.__dict__["_chances"](rows))


class Ranker(ABC):
    """Learns from a dataset as of a date and scores experts for a consultation.

    An expert's score depends on that expert's row, the consultation and the fitted model alone: not on the
    other candidates, their order, or whether they come singly or all at once. Nothing dated after `as_of`
    reaches the model. `name` is how the command line calls it.
    """

    name: ClassVar[str]

    @abstractmethod
    def fit(self, data: Dataset, *, as_of: pd.Timestamp, seed: int = 0) -> Self:
        """Learns from what `data` held at `as_of` and returns itself; no dispatch at all is no error."""

    @abstractmethod
    def score(self, consultation: Consultation, experts: pd.DataFrame) -> Scores:
        """Scores every row of a typed experts frame. Raises `UnknownValueError` for an unknown category."""

    @abstractmethod
    def explain(self, consultation: Consultation, experts: pd.DataFrame) -> list[Explanation]:
        """One explanation for each row of `experts`, whose terms sum to `score` to 1e-9."""

    def explained(self, consultation: Consultation, experts: pd.DataFrame, rows: npt.NDArray[np.intp]) -> Explanations:
        """The same of one or more rows of a register, by columns."""
        return Explanations.of(self.explain(consultation, experts.iloc[rows]))

    def with_risk(self, risk: str) -> Self:
        """The same ranker, ordering by the expected (`neutral`) or by the lower bound of its interval (`cautious`).

        Raises `InvalidValueError` where it has no interval, `UnknownValueError` for another word.
        """
        if risk not in RISKS:
            raise UnknownValueError("risk", risk, ", ".join(RISKS))
        if risk != "neutral":
            raise InvalidValueError("risk", risk, f"neutral: ranker {self.name} knows no interval")
        return self

    @abstractmethod
    def state(self) -> tuple[dict[str, Any], Mapping[str, npt.NDArray[Any]]]:
        """Everything fitted: a JSON part and named arrays, enough for `from_state` to score identically."""

    @classmethod
    @abstractmethod
    def from_state(cls, card: dict[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """The inverse of `state`. Raises `ModelFileError` when features or versions differ."""
