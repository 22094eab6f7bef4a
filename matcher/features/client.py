"""Features of the client beside the consultation: whether the client is this expert, and who was sent before."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from matcher.features.feature import Evidence, Feature, Floats, Group, value_as
from matcher.features.pairs import Pairs
from matcher.features.past import dots
from matcher.features.tables import Bools, Ints
from matcher.lang import Lang
from matcher.reference.distance import haversine_km

ACCOUNT = "c"  # a client's id that is this and an expert's id is the expert's own account
FLOOR = 0.3
NEAR_KM = 5.0


def _own_account(pairs: Pairs) -> Floats:
    owner = _owners(pairs)[pairs.ci]
    return np.asarray((owner != "") & (owner == pairs.experts.ids[pairs.ei]), dtype=np.float64)


def _has_account(pairs: Pairs) -> Bools:
    """Whether the client's id is that of some remembered expert's account."""
    return np.asarray((pairs.history.place(_owners(pairs)) >= 0)[pairs.ci])


def _owners(pairs: Pairs) -> npt.NDArray[np.object_]:
    """The id of the expert whose account the client's id would be, empty where it is none."""
    clients = pairs.consultations.known_clients.tolist()
    return np.array([name.removeprefix(ACCOUNT) if name.startswith(ACCOUNT) else "" for name in clients], dtype=object)


def _own_account_sentence(evidence: Evidence, lang: Lang) -> str:
    if evidence["own"] != 1.0:
        return ""
    return "相談者本人です" if lang == "ja" else "is the client"


def _before(likeness: Callable[[Pairs, Ints, Ints], Floats]) -> Callable[[Pairs], Floats]:
    """Log of a floor plus the sum of likenesses to the other experts who were sent to the client before."""

    def compute(pairs: Pairs) -> Floats:
        pair, other = pairs.sent_before
        return np.asarray(np.log(FLOOR + np.bincount(pair, likeness(pairs, pair, other), minlength=len(pairs))))

    return compute


def _alike(pairs: Pairs, pair: Ints, other: Ints) -> Floats:
    sent, place = np.unique(other, return_inverse=True)
    return np.maximum(dots(pairs.experts.profile, pairs.history.profile[sent], pairs.ei[pair], place), 0.0) ** 2


def _near(pairs: Pairs, pair: Ints, other: Ints) -> Floats:
    here, there = pairs.experts.places.take(pairs.ei[pair]), pairs.history.spots[other]
    km = haversine_km(here.latitude, here.longitude, there[:, 0], there[:, 1])
    return np.where(np.isnan(km), 0.0, np.exp(-km / NEAR_KM))


OWN_ACCOUNT = Feature(
    "own_account",
    {"ja": "相談者本人", "en": "the client's own account"},
    Group.OTHER,
    "yes/no",
    f"whether the client is this expert: the client's id is “{ACCOUNT}” and the expert's id",
    _own_account,
    _own_account_sentence,
    value_as("own"),
    knots=(0.0, 1.0),
    applies=_has_account,
)
LIKE_BEFORE = Feature(
    "like_before",
    {"ja": "以前の専門家との類似", "en": "like the client's earlier experts"},
    Group.TEXT,
    "log",
    "log of .3 plus the sum of squared profile similarities to other experts sent to this client before",
    _before(_alike),
)
NEAR_BEFORE = Feature(
    "near_before",
    {"ja": "以前の専門家との近さ", "en": "near the client's earlier experts"},
    Group.REGION,
    "log",
    "log of .3 plus the sum, over other experts sent to this client before, of exp(-distance / 5 km)",
    _before(_near),
)

CLIENT_FEATURES = (OWN_ACCOUNT, LIKE_BEFORE, NEAR_BEFORE)
