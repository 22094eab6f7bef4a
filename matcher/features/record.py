"""Features of how earlier cases ended: outcomes of similar cases, effects an expert and an expert and category."""

import numpy as np

from matcher.features.feature import Evidence, Feature, Floats, Group
from matcher.features.pairs import Pairs
from matcher.features.tally import category_evidence, similar_evidence, tallies, tally_sentence, tally_tells
from matcher.lang import Lang

STEADYING = 2.0  # cases of average outcome that steady a share of resolved cases


def _similar_outcome(pairs: Pairs) -> Floats:
    known, resolved = pairs.past["text_known"], pairs.past["text_resolved"]
    return (resolved - pairs.mean_resolved * known) / (known + STEADYING)


def _little_known(evidence: Evidence, lang: Lang) -> str:
    if evidence.get("recorded", True):
        return ""
    return "結果のわかる派遣の記録がまだありません" if lang == "ja" else "no dispatch with a recorded outcome yet"


SIMILAR_OUTCOME = Feature(
    "similar_outcome",
    {"ja": "似た相談の結果", "en": "outcomes of similar cases"},
    Group.RECORD,
    "share",
    "share of resolved cases above the average, weighted by squared text similarity, steadied by two average cases",
    _similar_outcome,
    tally_sentence("似た相談", "similar cases"),
    similar_evidence,
    tells=tally_tells,
    monotone=1,
    knots=(-0.4, -0.15, 0.0, 0.15, 0.4),
)
EXPERT_EFFECT = Feature(
    "expert_record",
    {"ja": "全分野の実績", "en": "record over all categories"},
    Group.RECORD,
    "log-odds",
    "how much better or worse this expert's cases ended than the profile foretells; partial pooling",
    sentence=tally_sentence("全分野", "all categories"),
    evidence=lambda pairs, _values: tallies(pairs, lambda seen, _same: np.ones(len(seen.case), dtype=bool)),
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
UNCERTAINTY = Feature(
    "uncertainty",
    {"ja": "記録の少なさ", "en": "how little is known"},
    Group.RECORD,
    "log-odds",
    "from the log-odds at the centre of what is believed to the log-odds of the expected probability",
    sentence=_little_known,
    tells=lambda _evidence: -1,
)
