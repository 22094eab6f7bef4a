import json
from dataclasses import replace

import numpy as np
import pandas as pd

from matcher.explanation import Explanation, Explanations, Term
from matcher.features.feature import Group
from matcher.lang import Lang
from matcher.shortlist import reasons
from matcher.shortlist.model import Reason
from tests.shortlist.fake_ranker import a_term


def explained(*terms: Term) -> Explanations:
    return Explanations.of([Explanation("E1", 0.0, terms, {})])


def reasons_for(found: Explanations, lang: Lang) -> tuple[Reason, ...]:
    (found_for,) = reasons.reasons_for(found, lang)
    return found_for


def reason_against(found: Explanations, lang: Lang) -> Reason | None:
    (against,) = reasons.reason_against(found, lang)
    return against


def test_the_three_largest_positive_terms_are_the_reasons():
    why = explained(*(a_term(f"f{i}", i / 10, f"理由{i}") for i in range(-1, 5)))
    assert [reason.text for reason in reasons_for(why, "ja")] == ["理由4", "理由3", "理由2"]
    assert reasons_for(why, "en")[0].text == "en 理由4"


def test_another_side_comes_before_a_little_more_of_the_same():
    record, same = Group.RECORD, Group.EXPERTISE
    terms = [(0.8, same), (0.5, same), (0.4, same), (0.3, record), (0.1, record)]
    why = explained(*(_of_group(a_term(f"f{part}", part, str(part)), group) for part, group in terms))
    assert [reason.text for reason in reasons_for(why, "ja")] == ["0.8", "0.5", "0.3"]


def test_words_that_speak_against_are_no_reason_for_and_the_other_way_round():
    why = explained(_telling(a_term("a", 1.0, "A"), -1), _telling(a_term("b", -1.0, "B"), 1))
    assert (reasons_for(why, "ja"), reason_against(why, "ja")) == ((), None)


def _of_group(term: Term, group: Group) -> Term:
    return replace(term, feature=replace(term.feature, group=group))


def _telling(term: Term, way: int) -> Term:
    return replace(term, feature=replace(term.feature, tells=lambda _evidence: way))


def test_what_is_negative_silent_or_unknown_is_no_reason():
    why = explained(a_term("a", 0.0, "零"), a_term("b", 1.0), a_term("c", 1.0, "不明", known=False))
    assert reasons_for(why, "ja") == ()


def test_equal_terms_stand_by_name():
    why = explained(a_term("b", 1.0, "B"), a_term("a", 1.0, "A"))
    assert [reason.feature for reason in reasons_for(why, "ja")] == ["a", "b"]


def test_the_most_negative_known_term_is_the_reason_against():
    why = explained(a_term("a", -0.1, "少し"), a_term("b", -0.5, "遠い"), a_term("c", -0.9, "x", known=False))
    assert reason_against(why, "ja").text == "遠い"


def test_without_a_negative_one_an_unknown_is_said_as_unknown():
    why = explained(a_term("a", 0.5, "よい"), a_term("b", -0.2), a_term("c", 0.1, "無視される", known=False))
    assert reason_against(why, "ja").text == "cの値は不明です"
    assert reason_against(why, "en").text == "c value: unknown"


def test_nothing_against_is_none():
    assert reason_against(explained(a_term("a", 0.5, "よい"), a_term("b", -0.2)), "ja") is None


def test_evidence_is_plain_json():
    evidence = {
        "n": np.int64(3),
        "rate": np.float64("nan"),
        "share": np.float32(0.5),
        "day": pd.Timestamp("2026-03-01"),
        "never": pd.NaT,
        "codes": ("a", np.str_("b")),
        "cases": [{"flag": np.True_, "far": float("inf")}],
        "words": {"y", "x"},
        "array": np.array([1.5, np.nan]),
    }
    (reason,) = reasons_for(explained(a_term("a", 1.0, "よい", **evidence)), "ja")
    assert json.loads(json.dumps(reason.evidence, allow_nan=False)) == {
        "text": "よい",
        "n": 3,
        "rate": None,
        "share": 0.5,
        "day": "2026-03-01",
        "never": None,
        "codes": ["a", "b"],
        "cases": [{"flag": True, "far": None}],
        "words": ["x", "y"],
        "array": [1.5, None],
    }
