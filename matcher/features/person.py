"""Features of how an expert works and presents themselves: experience, style, introduction."""

import numpy as np

from matcher.features.feature import CLOSE, Evidence, Feature, Floats, Group, value_as
from matcher.features.pairs import Pairs
from matcher.features.tables import Bools
from matcher.lang import Lang


def _years_sentence(evidence: Evidence, lang: Lang) -> str:
    if np.isnan(evidence["years"]):
        return ""
    return f"実務経験{evidence['years']:.0f}年" if lang == "ja" else f"{evidence['years']:.0f} years of experience"


def _style(pairs: Pairs) -> Floats:
    stated = pairs.experts.style[pairs.ei]
    return np.where(stated == "push", 1.0, np.where(stated == "propose", 0.0, np.nan))


def _style_sentence(evidence: Evidence, lang: Lang) -> str:
    if np.isnan(evidence["push"]):
        return ""
    if lang == "ja":
        return "支援の進め方は" + ("後押し型" if evidence["push"] else "提案型")
    return "works by encouragement" if evidence["push"] else "works by proposals"


def _has_text(pairs: Pairs) -> Bools:
    return pairs.consultations.has_text[pairs.ci]


def _closeness_sentence(evidence: Evidence, lang: Lang) -> str:
    if np.isnan(evidence["cosine"]):
        return ""
    near = evidence["cosine"] >= CLOSE
    if lang == "ja":
        return "自己紹介に相談の文面と" + ("近い内容があります" if near else "近い内容が見当たりません")
    return f"the introduction {'has something' if near else 'has nothing'} close to the text"


YEARS = Feature(
    "years_experience",
    {"ja": "経験年数", "en": "years of experience"},
    Group.EXPERIENCE,
    "years",
    "years of practice as stated",
    lambda pairs: pairs.experts.years[pairs.ei],
    _years_sentence,
    value_as("years"),
    knots=(0.0, 5.0, 10.0, 20.0, 35.0),
    prior=0.1,
)
STYLE = Feature(
    "style",
    {"ja": "支援の進め方", "en": "style"},
    Group.EXPERIENCE,
    "yes/no",
    "1 = push (後押し型), 0 = propose (提案型)",
    _style,
    _style_sentence,
    value_as("push"),
    knots=(0.0, 1.0),
)
PROFILE_CLOSENESS = Feature(
    "profile_closeness",
    {"ja": "自己紹介と文面の近さ", "en": "profile close to the text"},
    Group.TEXT,
    "cosine",
    "similarity of the consultation's text and the expert's introduction and qualifications",
    lambda pairs: pairs.profile_closeness,
    _closeness_sentence,
    value_as("cosine"),
    monotone=1,
    knots=(0.0, 0.15, 0.3, 0.5, 0.8),
    prior=0.6,
    tells=lambda evidence: 1 if evidence["cosine"] >= CLOSE else -1,
    applies=_has_text,
)

PERSON_FEATURES = (YEARS, STYLE, PROFILE_CLOSENESS)
