"""How often a place or industry that a text names is the client's own: counted on past consultations."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import pandas as pd

from matcher.proposal.mentions import Named
from matcher.reference.industries import division_of
from matcher.reference.municipalities import municipality_key

if TYPE_CHECKING:
    from matcher.proposal.proposer import Proposal

KINDS = ("prefecture", "municipality", "industry")
# Assumed before any consultation tells, worth so many of them.
ASSUMED, ASSUMED_CASES = {"prefecture": 0.9, "municipality": 0.9, "industry": 0.8}, 10.0
MOST_TEXTS = 500  # the latest


@dataclass(frozen=True)
class Sureness:
    """The share of texts in which what was meant (`surest`) was what the consultation states, by kind."""

    shares: Mapping[str, float] = field(default_factory=lambda: ASSUMED)

    def __getitem__(self, kind: str) -> float:
        return self.shares[kind]

    @classmethod
    def of(cls, consultations: pd.DataFrame, named: Callable[[str], "Proposal"]) -> Self:
        """Counted where the text names one and the row states one, smoothed with the assumed shares."""
        told = consultations[consultations["description"].notna()]
        told = told.sort_values(["received_on", "consultation_id"], na_position="first").iloc[-MOST_TEXTS:]
        rows = told[["description", "prefecture_code", "municipality", "industry"]].to_dict("records")
        right, seen = dict.fromkeys(KINDS, 0), dict.fromkeys(KINDS, 0)
        for row, found in ((row, named(row["description"])) for row in rows):
            for kind, stated in zip(KINDS, ("prefecture_code", "municipality", "industry"), strict=True):
                meant: Named | None = getattr(found, kind)
                if meant is not None and not pd.isna(row[stated]):
                    seen[kind] += 1
                    right[kind] += agrees(kind, meant.code, row[stated])
        return cls({k: (right[k] + ASSUMED_CASES * ASSUMED[k]) / (seen[k] + ASSUMED_CASES) for k in KINDS})


def agrees(kind: str, found: str, stated: str) -> bool:
    """Whether what a text names is what the consultation states; a ward its city, a division its group."""
    return _AGREE[kind](found, stated)


def _same_municipality(found: str, stated: str) -> bool:
    """Whether one is the other, or a ward of it."""
    keys = municipality_key(found), municipality_key(stated)
    return keys[0].startswith(keys[1]) or keys[1].startswith(keys[0])


def _same_industry(found: str, stated: str) -> bool:
    """Whether one is the other, or its division."""
    return found == stated or found == division_of(stated) or stated == division_of(found)


_AGREE: dict[str, Callable[[str, str], bool]] = {
    "prefecture": str.__eq__,
    "municipality": _same_municipality,
    "industry": _same_industry,
}
