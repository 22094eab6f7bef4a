"""Issue categories of a text: learned from past consultations and profiles, from the taxonomy's words before any."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.dataset import Dataset
from matcher.features.tables import descriptions, profiles
from matcher.proposal.blend import fit_weights, probabilities
from matcher.proposal.regression import WordRegression
from matcher.proposal.words import TaxonomyWords, usual_shares
from matcher.reference.taxonomy import Taxonomy

Floats = npt.NDArray[np.float64]

MOST_TEXTS, MOST_PROFILES = 8_000, 2_000  # the latest; more cost time and tell little more
LATER_SHARE, MOST_LATER = 0.2, 1_500  # the latest part, on which the signs are weighed
SECONDARY = 0.3  # of what a consultation says of its category, it says of each secondary one
PROFILE_IMPORTANCE = 0.3  # of a consultation's
PRIOR_CASES = 2.0  # that the usual shares are worth
FLOOR = 2e-3
# Of the taxonomy's words, the share foretold, its logarithm, and the logarithm of the category's own share.
STATED = np.array([2.5, 3.0, 1.5, -1.0])


class CategoryProposer:
    """P(the category is the consultation's own one) for every code of the taxonomy, in its order."""

    def __init__(self, taxonomy: Taxonomy, regression: WordRegression, share: Floats, weights: Floats = STATED) -> None:
        self.taxonomy, self.regression, self.share, self.weights = taxonomy, regression, share, weights
        self._words = TaxonomyWords(taxonomy)

    @classmethod
    def fit(cls, known: Dataset) -> Self:
        """From what was known on a day (`Dataset.before`): consultations with a text, profiles with claims.

        The signs are learned from the earlier part and weighed on the later one, then learned from all.
        """
        taxonomy = Taxonomy(known.categories)
        place = {code: index for index, code in enumerate(taxonomy.codes)}
        rows = _told(known.consultations, place)
        texts, wanted = descriptions(rows), _wanted(rows, place)
        shown, claimed = _claimed(known.experts, place)
        later = max(len(rows) - MOST_LATER, round(len(rows) * (1 - LATER_SHARE)))
        earlier = cls._of(taxonomy, texts[:later], wanted[:later], shown, claimed)
        category = np.array([place[code] for code in rows["category"].iloc[later:]], dtype=np.int64)
        weights = fit_weights(earlier.signs(texts[later:]), category, STATED)
        whole = cls._of(taxonomy, texts, wanted, shown, claimed)
        return cls(taxonomy, whole.regression, whole.share, weights)

    @classmethod
    def _of(cls, taxonomy: Taxonomy, texts: list[str], wanted: Floats, shown: list[str], claimed: Floats) -> Self:
        usual = usual_shares(taxonomy)
        share = (wanted.sum(axis=0) + PRIOR_CASES * usual) / (len(wanted) + PRIOR_CASES)
        usual_claims = claimed.mean(axis=0) if len(claimed) else usual
        centred = np.vstack([wanted - share, claimed - usual_claims])
        importance = np.concatenate([np.ones(len(texts)), np.full(len(shown), PROFILE_IMPORTANCE)])
        return cls(taxonomy, WordRegression.fit([*texts, *shown], centred, importance), share)

    def signs(self, texts: Sequence[str]) -> Floats:
        """What speaks for each category, (len(texts), categories, signs)."""
        foretold = self.share + self.regression(texts)
        share = np.broadcast_to(np.log(self.share), foretold.shape)
        return np.stack([self._words(texts), foretold, np.log(np.maximum(foretold, FLOOR)), share], axis=2)

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """(len(texts), categories), each row summing to 1."""
        return probabilities(self.signs(texts), self.weights)

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """All that was learned, by name; the taxonomy is kept by who keeps this."""
        return {"share": self.share, "blend": self.weights, **self.regression.state()}

    @classmethod
    def from_state(cls, taxonomy: Taxonomy, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """The inverse of `state`."""
        return cls(taxonomy, WordRegression.from_state(arrays), arrays["share"], arrays["blend"])


def _told(consultations: pd.DataFrame, place: Mapping[str, int]) -> pd.DataFrame:
    """Those with a text, the latest, in an order that the file's does not change."""
    rows = consultations[consultations["description"].notna() & consultations["category"].isin(place)]
    return rows.sort_values(["received_on", "consultation_id"], na_position="first").iloc[-MOST_TEXTS:]


def _wanted(rows: pd.DataFrame, place: Mapping[str, int]) -> Floats:
    wanted = np.zeros((len(rows), len(place)))
    for row, (own, others) in enumerate(zip(rows["category"], rows["secondary_categories"], strict=True)):
        wanted[row, [place[code] for code in others if code in place]] = SECONDARY
        wanted[row, place[own]] = 1.0
    return wanted


def _claimed(experts: pd.DataFrame, place: Mapping[str, int]) -> tuple[list[str], Floats]:
    """Profiles and what they claim, shares that sum to 1 a profile: they speak as a category's cases do."""
    stated = experts[experts["introduction"].notna() & (experts["categories"].map(len) > 0)]
    stated = stated.sort_values(["registered_on", "expert_id"], na_position="first").iloc[-MOST_PROFILES:]
    claimed = np.zeros((len(stated), len(place)))
    for row, codes in enumerate(stated["categories"]):
        claimed[row, [place[code] for code in codes if code in place]] = 1 / len(codes)
    return profiles(stated), claimed
