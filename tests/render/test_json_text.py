import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.render.json_text import render
from matcher.shortlist import shortlist
from tests.eligibility.builders import ON, a_consultation, a_dataset, an_expert
from tests.render.builders import UNKNOWN, a_shortlist, an_item
from tests.shortlist.fake_ranker import FakeRanker, a_term


def test_the_shape_is_the_contracts():
    written = json.loads(render(a_shortlist(an_item())))
    assert {"consultation", "model", "data", "items", "excluded", "warnings"} <= set(written)
    assert written["consultation"]["category"] == "sales.web"
    assert (set(written["model"]), set(written["data"])) == ({"id", "fingerprint"}, {"fingerprint"})
    (item,) = written["items"]
    assert list(item)[:12] == [
        *("expert_id", "name", "kana", "rank", "tied", "score", "probability", "lower", "upper"),
        *("confidence", "confidence_label", "reasons"),
    ]
    assert {"against", "contributions", "base", "log_odds"} <= set(item)
    assert (item["confidence"], item["confidence_label"]) == ("medium", "中くらい")
    assert item["reasons"] == [
        {"text": "同じ分野で 3 件を解決", "feature": "cases", "contribution": 0.5, "evidence": {"n": 3}}
    ]
    assert written["excluded"][0] == {
        "rule": "status",
        "label": "休止・引退",
        "count": 2,
        "expert_ids": ["E8", "E9"],
        "details": {"E8": "引退", "E9": "休止中"},
    }


def test_unknown_is_null():
    (item,) = json.loads(render(a_shortlist(UNKNOWN)))["items"]
    names = ("kana", "probability", "lower", "upper", "against", "distance_km")
    assert [item[name] for name in names] == [None] * 6
    assert item["confidence"] == "unknown"


def test_letters_are_written_as_they_are():
    assert "髙﨑𠮷" in render(a_shortlist(an_item()))


def test_a_number_that_json_lacks_is_our_error_and_not_written():
    with pytest.raises(ValueError, match="not JSON compliant"):
        render(a_shortlist(an_item(score=math.nan)))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-50, 50), max_size=8))
def test_base_and_contributions_sum_to_the_score_as_written(parts):
    ranker = FakeRanker({"E1": [a_term(f"f{i}", part) for i, part in enumerate(parts)]}, {})
    found = shortlist(
        ranker,
        a_dataset(experts=[an_expert()]),
        a_consultation(),
        on=ON,
        model_card={"id": "m", "fingerprint": "f"},
        data_fingerprint="d",
    )
    (item,) = json.loads(render(found))["items"]
    assert math.isclose(item["base"] + sum(item["contributions"].values()), item["score"], abs_tol=1e-9)
