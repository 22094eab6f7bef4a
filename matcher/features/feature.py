"""What a feature is: one declaration that the design matrix, the explanation, the docs and the tests all read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from matcher.lang import Lang

if TYPE_CHECKING:
    from matcher.features.pairs import Pairs

Evidence = Mapping[str, Any]
Floats = npt.NDArray[np.float64]


class Group(StrEnum):
    """How a person sorts reasons: 専門, 地域, 実績, 経験, 文面の近さ, その他."""

    EXPERTISE = "expertise"
    REGION = "region"
    RECORD = "record"
    EXPERIENCE = "experience"
    TEXT = "text"
    OTHER = "other"


class Aspect(StrEnum):
    """What of a consultation a feature reads: of consultations alike in it, an expert's value is the same."""

    NOTHING = "nothing"
    CATEGORY = "category"
    SECONDARY = "secondary"
    INDUSTRY = "industry"
    PREFECTURE = "prefecture"
    MODE = "mode"
    PLACE = "place"
    TOPIC = "topic"
    MANNER = "manner"
    ALL = "all"


GROUP_LABELS: dict[Group, dict[Lang, str]] = {
    Group.EXPERTISE: {"ja": "専門", "en": "expertise"},
    Group.REGION: {"ja": "地域", "en": "region"},
    Group.RECORD: {"ja": "実績", "en": "record"},
    Group.EXPERIENCE: {"ja": "経験", "en": "experience"},
    Group.TEXT: {"ja": "文面の近さ", "en": "closeness of the text"},
    Group.OTHER: {"ja": "その他", "en": "other"},
}


def _nothing(_evidence: Evidence, _lang: Lang) -> str:
    return ""


def _neither(_evidence: Evidence) -> int:
    return 0


def _no_evidence(_pairs: "Pairs", values: Floats) -> list[dict[str, Any]]:
    return [{} for _ in values]


@dataclass(frozen=True)
class Feature:
    """A declared feature of a pair.

    `compute` gives its values for p pairs, shape (p,), NaN = unknown; it is None for what is not computed but
    estimated with the model (an expert's effect). `evidence` gives the facts behind each value, `sentence` words
    them in a language (empty: nothing worth saying), and `tells` whether those words speak for the expert (1),
    against (-1) or neither (0). `applies` says for which pairs the question arises at all (shape (p,)); without it,
    for all. `monotone` is +1 (more can only help), -1 (more can only
    hurt) or 0 (learned freely). `knots` are the corners of its shape in the feature's unit; without them the
    shape is a straight line. `prior` is what its whole range is worth in log-odds before any data. `reads` is what it
    reads of the consultation; PLACE includes the mode, and TOPIC what is remembered of other clients' cases.
    """

    name: str
    label: Mapping[Lang, str]
    group: Group
    unit: str
    meaning: str
    compute: "Callable[[Pairs], Floats] | None" = None
    sentence: Callable[[Evidence, Lang], str] = _nothing
    evidence: "Callable[[Pairs, Floats], list[dict[str, Any]]]" = _no_evidence
    tells: Callable[[Evidence], int] = _neither
    applies: "Callable[[Pairs], npt.NDArray[np.bool_]] | None" = None
    monotone: int = 0
    knots: tuple[float, ...] = ()
    prior: float = 0.0
    reads: Aspect = Aspect.ALL


def value_as(name: str) -> "Callable[[Pairs, Floats], list[dict[str, Any]]]":
    """Evidence that is the value alone, under a name."""
    return lambda _pairs, values: [{name: value} for value in values]


CLOSE = 0.3  # a cosine of latent vectors above which texts read as being about the same thing
