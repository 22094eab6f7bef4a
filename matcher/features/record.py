"""How earlier cases ended: on kindred topics, effects of an expert and within a category, and of the case itself."""

from matcher.features.feature import Aspect, Evidence, Feature, Floats, Group
from matcher.features.pairs import Pairs
from matcher.features.tally import all_evidence, category_evidence, tally_sentence, tally_tells, topic_evidence
from matcher.lang import Lang

STEADYING = 2.0  # cases of average outcome that steady a share of resolved cases


def _similar_outcome(pairs: Pairs) -> Floats:
    known, resolved = pairs.past["kin_known"], pairs.past["kin_resolved"]
    return (resolved - pairs.mean_resolved * known) / (known + STEADYING)


def _little_known(evidence: Evidence, lang: Lang) -> str:
    if evidence.get("recorded", True):
        return ""
    return "結果のわかる派遣の記録がまだありません" if lang == "ja" else "no dispatch with a recorded outcome yet"


SIMILAR_OUTCOME = Feature(
    "similar_outcome",
    {"ja": "似た論点の結果", "en": "outcomes on kindred topics"},
    Group.RECORD,
    "share",
    "share of resolved cases above the average, weighted by the topics' squared cosine, steadied by two average cases",
    _similar_outcome,
    tally_sentence("同じ論点", "this topic"),
    topic_evidence,
    tells=tally_tells,
    monotone=1,
    knots=(-0.4, -0.15, 0.0, 0.15, 0.4),
    reads=Aspect.TOPIC,
)
EXPERT_EFFECT = Feature(
    "expert_record",
    {"ja": "全分野の実績", "en": "record over all categories"},
    Group.RECORD,
    "log-odds",
    "how much better or worse this expert's cases ended than the profile foretells; partial pooling",
    sentence=tally_sentence("全分野", "all categories"),
    evidence=all_evidence,
    tells=tally_tells,
)
CATEGORY_EFFECT = Feature(
    "category_record",
    {"ja": "この分野の実績", "en": "record in this category"},
    Group.RECORD,
    "log-odds",
    "the same within the consultation's category, beside the expert's overall record; partial pooling",
    sentence=tally_sentence("同じ分野", "this category"),
    evidence=category_evidence,
    tells=tally_tells,
)
CASE_EFFECT = Feature(
    "case",
    {"ja": "相談の難しさ", "en": "how hard the case is"},
    Group.OTHER,
    "log-odds",
    "how earlier cases of this client and of this category ended; the same for every candidate",
)
UNCERTAINTY = Feature(
    "uncertainty",
    {"ja": "記録の少なさ", "en": "how little is known"},
    Group.RECORD,
    "log-odds",
    "from the log-odds at the centre of what is believed to the log-odds of the expected probability",
    sentence=_little_known,
    tells=lambda _evidence: -1,
)
