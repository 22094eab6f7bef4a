"""Features of how an expert works and presents themselves: experience, style, introduction."""

from typing import Any

import numpy as np

from matcher.features.feature import CLOSE, Aspect, Evidence, Feature, Floats, Group, value_as
from matcher.features.pairs import Pairs
from matcher.features.tables import Bools
from matcher.features.text import split_sentences
from matcher.lang import Lang

SPEAKS = 12.0  # nats from which a sentence reads as being about the topic
PLAIN = 0.4  # from which a wish for a manner is plain enough to be told


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
        return "自己紹介が相談の文面と" + ("近い内容です" if near else "離れた内容です")
    return f"the introduction is {'close to' if near else 'far from'} the text"


def _topic(pairs: Pairs) -> Floats:
    topic, experts = pairs.consultations.topic[pairs.ci], pairs.experts
    if not experts.topics.shape[1]:
        return np.full(len(pairs), np.nan)
    silent = ~experts.has_profile[pairs.ei]
    return np.where(silent | (topic < 0), np.nan, experts.topics[pairs.ei, topic].astype(np.float64))


def _has_topic(pairs: Pairs) -> Bools:
    return np.asarray(pairs.consultations.topic[pairs.ci] >= 0)


def _topic_evidence(pairs: Pairs, values: Floats) -> list[dict[str, Any]]:
    topic, experts = pairs.consultations.topic[pairs.ci], pairs.experts
    return [
        {
            "nats": value,
            "quoted": split_sentences(experts.said[row])[experts.sentence[row, place]] if value >= SPEAKS else None,
        }
        for row, place, value in zip(pairs.ei, topic, values, strict=True)
    ]


def _topic_sentence(evidence: Evidence, lang: Lang) -> str:
    if np.isnan(evidence["nats"]):
        return ""
    if evidence["quoted"] is None:
        return (
            "自己紹介に相談の論点に触れた箇所がありません"
            if lang == "ja"
            else "the introduction does not touch on the topic"
        )
    quoted = evidence["quoted"].strip(" 。・.")
    if lang == "ja":
        return f"自己紹介に相談の論点に近い記述：「{quoted}」"
    return f"the introduction speaks of the topic: “{quoted}”"


def _manner(pairs: Pairs) -> Floats:
    wanted, shown = pairs.consultations.wanted[pairs.ci], pairs.experts.manner[pairs.ei]
    return np.where(shown == 0, np.nan, wanted * shown)


def _manner_evidence(pairs: Pairs, values: Floats) -> list[dict[str, Any]]:
    wanted = pairs.consultations.wanted[pairs.ci]
    return [{"fit": value, "wanted": want} for value, want in zip(values, wanted, strict=True)]


def _manner_sentence(evidence: Evidence, lang: Lang) -> str:
    if np.isnan(evidence["fit"]) or abs(evidence["fit"]) < PLAIN:
        return ""
    push, fits = evidence["wanted"] > 0, evidence["fit"] > 0
    if lang == "ja":
        return f"相談の文面からは{'後押し型' if push else '提案型'}が望まれ、支援の進め方が" + (
            "合います" if fits else "合いません"
        )
    return (
        f"the text asks for {'encouragement' if push else 'proposals'}: the style {'fits' if fits else 'does not fit'}"
    )


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
    reads=Aspect.NOTHING,
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
    reads=Aspect.NOTHING,
)
PROFILE_CLOSENESS = Feature(
    "profile_closeness",
    {"ja": "自己紹介と文面の近さ", "en": "profile close to the text"},
    Group.TEXT,
    "cosine",
    "similarity of the consultation's text and the whole of the expert's introduction and qualifications",
    lambda pairs: pairs.profile_closeness,
    _closeness_sentence,
    value_as("cosine"),
    monotone=1,
    knots=(0.0, 0.15, 0.3, 0.5, 0.8),
    prior=0.6,
    tells=lambda evidence: 1 if evidence["cosine"] >= CLOSE else -1,
    applies=_has_text,
)

TOPIC = Feature(
    "topic",
    {"ja": "論点の一致", "en": "topic"},
    Group.TEXT,
    "nats",
    "how strongly the introduction's nearest sentence speaks of the consultation's topic: its words' summed lifts",
    _topic,
    _topic_sentence,
    _topic_evidence,
    monotone=1,
    knots=(0.0, 5.0, 10.0, 15.0, 20.0, 30.0, 40.0),
    prior=1.0,
    tells=lambda evidence: 1 if evidence["quoted"] is not None else -1,
    applies=_has_topic,
    reads=Aspect.TOPIC,
)
MANNER = Feature(
    "manner",
    {"ja": "進め方の相性", "en": "manner"},
    Group.EXPERIENCE,
    "-1 to 1",
    "the manner that the text asks for (1 = push, -1 = propose) times the expert's, stated or read from the profile",
    _manner,
    _manner_sentence,
    _manner_evidence,
    monotone=1,
    knots=(-1.0, 0.0, 1.0),
    tells=lambda evidence: 1 if evidence["fit"] > 0 else -1,
    applies=_has_text,
    reads=Aspect.MANNER,
)

PERSON_FEATURES = (YEARS, STYLE, MANNER, TOPIC)
