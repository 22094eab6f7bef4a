"""What a feature is: one declaration that the design matrix, the explanation, the docs and the tests all read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

Lang = Literal["ja", "en"]
LANGS: tuple[Lang, ...] = ("ja", "en")
Evidence = Mapping[str, Any]


class Group(StrEnum):
    """How a person sorts reasons: 専門, 地域, 実績, 経験, 文面の近さ, その他."""

    EXPERTISE = "expertise"
    REGION = "region"
    RECORD = "record"
    EXPERIENCE = "experience"
    TEXT = "text"
    OTHER = "other"


GROUP_LABELS: dict[Group, dict[Lang, str]] = {
    Group.EXPERTISE: {"ja": "専門", "en": "expertise"},
    Group.REGION: {"ja": "地域", "en": "region"},
    Group.RECORD: {"ja": "実績", "en": "record"},
    Group.EXPERIENCE: {"ja": "経験", "en": "experience"},
    Group.TEXT: {"ja": "文面の近さ", "en": "closeness of the text"},
    Group.OTHER: {"ja": "その他", "en": "other"},
}


@dataclass(frozen=True)
class Feature:
    """A declared feature. `sentence` words the evidence in a language; an empty string when it says nothing.

    `monotone` is +1 (more can only help), -1 (more can only hurt) or 0 (learned freely).
    """

    name: str
    label: Mapping[Lang, str]
    group: Group
    unit: str
    meaning: str
    sentence: Callable[[Evidence, Lang], str]
    monotone: int = 0
