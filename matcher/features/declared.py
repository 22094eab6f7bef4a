"""All features in one list, and which of them each part of the model reads."""

from matcher.errors import UnknownValueError
from matcher.features.client import CLIENT_FEATURES
from matcher.features.closeness import MEANS
from matcher.features.expertise import EXPERTISE_FEATURES
from matcher.features.feature import Feature
from matcher.features.person import PERSON_FEATURES, PROFILE_CLOSENESS
from matcher.features.popularity import POPULARITY
from matcher.features.record import CASE_EFFECT, CATEGORY_EFFECT, EXPERT_EFFECT, SIMILAR_OUTCOME, UNCERTAINTY
from matcher.features.region import NEARNESS, REGION_FEATURES
from matcher.features.similar_cases import SIMILAR_CASES

PROFILE_FEATURES = (*EXPERTISE_FEATURES, *REGION_FEATURES, *PERSON_FEATURES)
# Merit reads no count of how often an expert was chosen: popularity is not ability.
MERIT_FEATURES = (*PROFILE_FEATURES, SIMILAR_OUTCOME)
EFFECTS = (EXPERT_EFFECT, CATEGORY_EFFECT, CASE_EFFECT, UNCERTAINTY)
# Fit reads whom coordinators sent, but nothing that grows with how often.
FIT_FEATURES = (*PROFILE_FEATURES, PROFILE_CLOSENESS)
CHOICE_FEATURES = (
    *PROFILE_FEATURES,
    PROFILE_CLOSENESS,
    NEARNESS,
    *CLIENT_FEATURES,
    *MEANS,
    *SIMILAR_CASES,
    *POPULARITY,
)
FEATURES: dict[str, Feature] = {
    feature.name: feature for feature in (*MERIT_FEATURES, *EFFECTS, *FIT_FEATURES, *CHOICE_FEATURES)
}


def feature(name: str) -> Feature:
    """A declared feature by name. Raises `UnknownValueError`."""
    if name not in FEATURES:
        raise UnknownValueError("feature", name, ", ".join(FEATURES))
    return FEATURES[name]
