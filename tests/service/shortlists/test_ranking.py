import json
from dataclasses import replace

import pytest

from matcher.consultation import Consultation
from matcher.eligibility import Programme
from matcher.errors import InvalidValueError, UnknownValueError
from service.http.once import as_json
from service.shortlists.ranking import programme_from_json, programme_to_json, ranking
from tests.service.builders import ON, a_snapshot

ASKED = Consultation("finance", consultation_id="C1")


def test_a_programme_comes_back_from_its_json():
    programme = replace(Programme.default(), free_visits=9, default_capacity_per_month=2)
    assert programme_from_json(json.loads(as_json(programme_to_json(programme)))) == programme


def test_the_same_ranking_is_the_same_text():
    first, second = (ranking(a_snapshot(), ASKED, k=3, lang="ja", risk="neutral", on=ON) for _ in range(2))
    assert first.answer == second.answer
    assert first.asked == {"consultation": ASKED.to_json(), "risk": "neutral"}
    assert first.revision == a_snapshot().revision


def test_the_cautious_order_is_another():
    orders = []
    for risk in ("neutral", "cautious"):
        items = ranking(a_snapshot(), ASKED, k=60, lang="ja", risk=risk, on=ON).shortlist.items
        orders.append([item.expert_id for item in items])
    assert sorted(orders[0]) == sorted(orders[1])
    assert orders[0] != orders[1]


def test_an_unknown_risk_is_refused():
    with pytest.raises((UnknownValueError, InvalidValueError)):
        ranking(a_snapshot(), ASKED, k=3, lang="ja", risk="bold", on=ON)
