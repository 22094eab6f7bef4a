"""What a form asks for, proposed from a pasted text; learned from a dataset as of a date."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from threadpoolctl import threadpool_limits

from matcher.dataset import Dataset
from matcher.errors import InvalidValueError
from matcher.proposal.categories import CategoryProposer
from matcher.proposal.mentions import Named, surest, weighed
from matcher.proposal.places import find_places
from matcher.proposal.sureness import KINDS, Sureness
from matcher.proposal.trades import by_division, find_trades
from matcher.reference.taxonomy import Taxonomy

Arrays = Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class Proposal:
    """Likeliest first: `categories` (code, probability that it is the consultation's own), and what the text names.

    What it does not name is an empty tuple; what it names without telling which is meant has no `prefecture`,
    `municipality` or `industry` (None).
    """

    categories: tuple[tuple[str, float], ...]
    prefectures: tuple[Named, ...]
    municipalities: tuple[Named, ...]
    industries: tuple[Named, ...]

    @property
    def prefecture(self) -> Named | None:
        """The prefecture meant, by code."""
        return surest(self.prefectures)

    @property
    def municipality(self) -> Named | None:
        """The municipality meant, by name."""
        return surest(self.municipalities)

    @property
    def industry(self) -> Named | None:
        """The group meant, else the division that the groups named share, by JSIC code."""
        return surest(self.industries) or surest(by_division(self.industries))

    def to_json(self) -> dict[str, Any]:
        """Plain values; what is unknown is None."""
        categories = [{"code": code, "probability": probability} for code, probability in self.categories]
        meant = {kind: getattr(self, kind) for kind in KINDS}
        named = {name: [asdict(one) for one in getattr(self, name)] for name in _NAMED}
        return {"categories": categories, **{k: v and asdict(v) for k, v in meant.items()}, "named": named}


_NAMED = ("prefectures", "municipalities", "industries")


class Proposer:
    """Proposes from texts; `fit` learns, and no past consultation at all is no error."""

    def __init__(self, categories: CategoryProposer, sureness: Sureness, frame: pd.DataFrame) -> None:
        self.categories, self.sureness, self._frame = categories, sureness, frame

    @classmethod
    def fit(cls, data: Dataset, *, as_of: pd.Timestamp) -> Self:
        """Learns from what `data` held at `as_of`: consultations (their stated category) and experts' profiles.

        Dispatches are not read.
        """
        known = data.before(as_of)
        with threadpool_limits(limits=1):  # the same model to the last bit, whatever the machine
            categories = CategoryProposer.fit(known)
        unsure = cls(categories, Sureness(), known.categories)
        return cls(categories, Sureness.of(known.consultations, unsure.named), known.categories)

    @property
    def taxonomy(self) -> Taxonomy:
        """The categories that are proposed."""
        return self.categories.taxonomy

    def propose(self, text: str, *, n: int = 3) -> Proposal:
        """The n likeliest categories, and the places and industries named, all with how sure they are.

        Raises `InvalidValueError` for n below 1 and for a text without a letter or digit.
        """
        if n < 1:
            raise InvalidValueError("n", n, "a whole number of 1 or more")
        if not any(letter.isalnum() for letter in text):
            raise InvalidValueError("the text", text, "a text with at least one letter")
        share = self.categories.probabilities([text])[0]
        likeliest = np.argsort(-share, kind="stable")[:n]
        codes = self.taxonomy.codes
        return self.named(text, tuple((codes[place], float(share[place])) for place in likeliest))

    def named(self, text: str, categories: tuple[tuple[str, float], ...] = ()) -> Proposal:
        """The places and industries alone, beside given categories."""
        places = find_places(text)
        mentions = (places.prefectures, places.municipalities, find_trades(text))
        found = (tuple(weighed(m, self.sureness[kind])) for kind, m in zip(KINDS, mentions, strict=True))
        return Proposal(categories, *found)

    def state(self) -> tuple[dict[str, Any], Arrays]:
        """A JSON part and named arrays, enough for `from_state` to propose the same."""
        cells = self._frame.astype(object).where(self._frame.notna(), None)
        card = {"categories": cells.to_dict(orient="list"), "sureness": dict(self.sureness.shares)}
        return card, self.categories.state()

    @classmethod
    def from_state(cls, card: Mapping[str, Any], arrays: Arrays) -> Self:
        """The inverse of `state`."""
        frame = pd.DataFrame(card["categories"]).astype("str")
        categories = CategoryProposer.from_state(Taxonomy(frame), arrays)
        return cls(categories, Sureness(card["sureness"]), frame)
