"""Features of what an expert is good at: stated specialities, what bears them out, industries."""

from collections.abc import Callable
from typing import Any

import numpy as np

from matcher.features.feature import CLOSE, Aspect, Evidence, Feature, Floats, Group, value_as
from matcher.features.pairs import Pairs
from matcher.features.tables import Bools
from matcher.lang import Lang
from matcher.reference.industries import industry_name

MANY_CLAIMS = 7  # from which a list of specialities no longer tells what somebody is good at


def _claims_category(pairs: Pairs) -> Floats:
    experts, asked = pairs.experts, pairs.consultations
    exact = experts.claims[pairs.ei, asked.category[pairs.ci]]
    area = experts.claims_area[pairs.ei, asked.area[pairs.ci]]
    level = np.where(exact, 2.0, np.where(area, 1.0, 0.0))
    return np.where(experts.has_claims[pairs.ei], level, np.nan)


def _category_evidence(pairs: Pairs, values: Floats) -> list[dict[str, Any]]:
    asked, taxonomy = pairs.consultations, pairs.schema.taxonomy
    codes = [pairs.schema.categories.codes[place] for place in asked.category[pairs.ci]]
    return [
        {"level": value, "category": code, "ja": taxonomy.name(code, "ja"), "en": taxonomy.name(code, "en")}
        for code, value in zip(codes, values, strict=True)
    ]


def _category_sentence(evidence: Evidence, lang: Lang) -> str:
    name = evidence[lang]
    words: dict[float, dict[Lang, str]] = {
        2.0: {"ja": f"専門分野に「{name}」を挙げています", "en": f"states “{name}” as a speciality"},
        1.0: {
            "ja": f"「{name}」そのものではなく、同じ分野の別の専門を挙げています",
            "en": f"states a neighbouring speciality, not “{name}” itself",
        },
        0.0: {"ja": f"専門分野に「{name}」を挙げていません", "en": f"does not state “{name}” as a speciality"},
    }
    return words[evidence["level"]][lang] if evidence["level"] in words else ""


def _breadth(pairs: Pairs) -> Floats:
    experts, asked = pairs.experts, pairs.consultations
    exact = experts.claims[pairs.ei, asked.category[pairs.ci]]
    return np.where(exact, experts.claims.sum(axis=1)[pairs.ei], np.nan)


def _breadth_sentence(evidence: Evidence, lang: Lang) -> str:
    count = evidence["count"]
    if np.isnan(count) or count < MANY_CLAIMS:
        return ""
    if lang == "ja":
        return f"専門分野を{count:.0f}分野も挙げており、重点が分かりません"
    return f"states {count:.0f} specialities: the focus is unclear"


def _claimed(pairs: Pairs) -> Bools:
    return pairs.experts.claims[pairs.ei, pairs.consultations.category[pairs.ci]]


def _bearing(name: str) -> Callable[[Pairs], Floats]:
    return lambda pairs: getattr(pairs.experts, name)[pairs.ei, pairs.consultations.category[pairs.ci]]


def _closeness_to_category_sentence(evidence: Evidence, lang: Lang) -> str:
    if not evidence["cosine"] > CLOSE:
        return ""
    return "自己紹介がこの分野の相談内容に近い" if lang == "ja" else "the introduction reads like this category's cases"


def _expectation_sentence(evidence: Evidence, lang: Lang) -> str:
    if np.isnan(evidence["log_ratio"]):
        return ""
    often = evidence["log_ratio"] > 0
    if lang == "ja":
        return "資格・経歴の似た専門家には、この分野を専門とする人が" + ("多い" if often else "少ない")
    return f"experts with such qualifications {'often' if often else 'seldom'} state this category"


def _claims_secondary(pairs: Pairs) -> Floats:
    asked = pairs.consultations
    others = asked.kinds.copy()
    others[np.arange(len(asked)), asked.category] = False
    count = others.sum(axis=1)[pairs.ci]
    held = (pairs.experts.claims[pairs.ei] & others[pairs.ci]).sum(axis=1)
    known = (count > 0) & pairs.experts.has_claims[pairs.ei]
    return np.where(known, held / np.maximum(count, 1), np.nan)


def _has_secondary(pairs: Pairs) -> Bools:
    return np.asarray((pairs.consultations.kinds.sum(axis=1) > 1)[pairs.ci])


def _secondary_sentence(evidence: Evidence, lang: Lang) -> str:
    if not evidence["share"] > 0:
        return ""
    return "関連する分野も専門に挙げています" if lang == "ja" else "also states the secondary issues as specialities"


def _industry(pairs: Pairs) -> Floats:
    experts, asked = pairs.experts, pairs.consultations
    code, division = asked.industry[pairs.ci], asked.division[pairs.ci]
    exact = experts.industries[pairs.ei, code]
    near = experts.divisions[pairs.ei, division]
    known = (code >= 0) & experts.has_industries[pairs.ei]
    return np.where(known, np.where(exact, 2.0, np.where(near, 1.0, 0.0)), np.nan)


def _industry_evidence(pairs: Pairs, values: Floats) -> list[dict[str, Any]]:
    codes = pairs.schema.industries.codes
    named = [codes[place] if place >= 0 else None for place in pairs.consultations.industry[pairs.ci]]
    return [{"level": value, "industry": code} for value, code in zip(values, named, strict=True)]


def _industry_sentence(evidence: Evidence, lang: Lang) -> str:
    if np.isnan(evidence["level"]):
        return ""
    name = industry_name(evidence["industry"], lang)
    if lang == "ja":
        return f"相談企業の業種（{name}）の支援を" + (
            "得意としています" if evidence["level"] else "得意分野に挙げていません"
        )
    return ("knows" if evidence["level"] else "does not state") + f" the client's industry ({name})"


def _has_industry(pairs: Pairs) -> Bools:
    return np.asarray((pairs.consultations.industry >= 0)[pairs.ci])


CLAIMS_CATEGORY = Feature(
    "claims_category",
    {"ja": "専門分野の一致", "en": "stated speciality"},
    Group.EXPERTISE,
    "level",
    "2 = the expert states the consultation's category, 1 = another one of its area, 0 = only others",
    _claims_category,
    _category_sentence,
    _category_evidence,
    monotone=1,
    knots=(0.0, 1.0, 2.0),
    prior=1.0,
    tells=lambda evidence: {2.0: 1, 0.0: -1}.get(evidence["level"], 0),
    reads=Aspect.CATEGORY,
)
CLAIMS_BREADTH = Feature(
    "claims_breadth",
    {"ja": "専門分野の絞り込み", "en": "focus of the specialities"},
    Group.EXPERTISE,
    "categories",
    "how many categories the expert states, where the consultation's is one of them",
    _breadth,
    _breadth_sentence,
    value_as("count"),
    monotone=-1,
    knots=(1.0, 3.0, 6.0, 10.0),
    tells=lambda _evidence: -1,
    applies=_claimed,
    reads=Aspect.CATEGORY,
)
CATEGORY_CLOSENESS = Feature(
    "category_closeness",
    {"ja": "自己紹介と分野の近さ", "en": "profile close to the category"},
    Group.EXPERTISE,
    "cosine",
    "similarity of the introduction and the centre of past texts of the consultation's category",
    _bearing("closeness"),
    _closeness_to_category_sentence,
    value_as("cosine"),
    monotone=1,
    knots=(-0.1, 0.0, 0.1, 0.25, 0.5),
    prior=0.4,
    tells=lambda _evidence: 1,
    reads=Aspect.CATEGORY,
)
CATEGORY_EXPECTATION = Feature(
    "category_expectation",
    {"ja": "資格・経歴から見た専門", "en": "speciality as the profile suggests"},
    Group.EXPERTISE,
    "log ratio",
    "how much more usual the category is among experts with such a profile and such qualifications",
    _bearing("expectation"),
    _expectation_sentence,
    value_as("log_ratio"),
    monotone=1,
    knots=(-1.5, -0.5, 0.0, 0.7, 1.5, 2.5),
    prior=0.4,
    tells=lambda evidence: 1 if evidence["log_ratio"] > 0 else -1,
    reads=Aspect.CATEGORY,
)
CLAIMS_SECONDARY = Feature(
    "claims_secondary",
    {"ja": "関連分野の一致", "en": "secondary specialities"},
    Group.EXPERTISE,
    "share",
    "share of the consultation's secondary categories that the expert states",
    _claims_secondary,
    _secondary_sentence,
    value_as("share"),
    monotone=1,
    knots=(0.0, 1.0),
    prior=0.2,
    tells=lambda _evidence: 1,
    applies=_has_secondary,
    reads=Aspect.SECONDARY,
)
INDUSTRY_MATCH = Feature(
    "industry_match",
    {"ja": "業種の一致", "en": "industry"},
    Group.EXPERTISE,
    "level",
    "2 = the expert states the client's industry as written, 1 = its division, 0 = only others",
    _industry,
    _industry_sentence,
    _industry_evidence,
    monotone=1,
    knots=(0.0, 1.0, 2.0),
    prior=0.3,
    tells=lambda evidence: 1 if evidence["level"] > 0 else -1,
    applies=_has_industry,
    reads=Aspect.INDUSTRY,
)

EXPERTISE_FEATURES = (
    CLAIMS_CATEGORY,
    CLAIMS_BREADTH,
    CATEGORY_CLOSENESS,
    CATEGORY_EXPECTATION,
    CLAIMS_SECONDARY,
    INDUSTRY_MATCH,
)
