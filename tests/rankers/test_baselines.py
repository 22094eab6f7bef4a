import numpy as np
import pandas as pd
import pytest

from matcher.consultation import Consultation
from matcher.rankers import RANKERS, make_ranker
from matcher.rankers.baselines import SAME_PREFECTURE_KM
from tests.features.builders import ON, a_register, cases

ASKED = Consultation("sales.web", mode="onsite", prefecture_code="13", latitude=35.66, longitude=139.70)
CLAIMS = {"categories": ("sales.web",)}
NEAR, FAR = {"latitude": 35.45, "longitude": 139.64}, {"latitude": 43.06, "longitude": 141.35}


def scored(name: str, *experts, asked: Consultation = ASKED, seed: int = 0, **tables) -> list[float]:
    data = a_register(*experts, **tables)
    return make_ranker(name).fit(data, as_of=ON, seed=seed).score(asked, data.experts).score.tolist()


def order(name: str, *experts, **more) -> list[int]:
    """Places of the experts, the best first."""
    return np.argsort(-np.array(scored(name, *experts, **more)), kind="stable").tolist()


def test_a_claim_outweighs_any_distance_and_an_unknown_distance_comes_last():
    assert order("nearest", NEAR, {**CLAIMS, **FAR}, {**CLAIMS, **NEAR}, {}, CLAIMS) == [2, 1, 4, 0, 3]


def test_an_unknown_distance_within_the_prefecture_is_about_its_radius():
    asked = Consultation("sales.web", mode="onsite", prefecture_code="13", municipality="無い村")
    assert scored("nearest", {"prefecture_code": "13", "municipality": "無い町"}, asked=asked) == [-SAME_PREFECTURE_KM]


def test_search_filters_by_category_and_prefecture_and_all_who_pass_are_equal():
    here, elsewhere = {"prefecture_code": "13"}, {"prefecture_code": "27"}
    experts = ({**CLAIMS, **here}, {**CLAIMS, **elsewhere}, here, elsewhere, {}, {**CLAIMS, **here, **FAR})
    assert scored("search", *experts) == [2, 1, 1, 0, 0, 2]


def test_popularity_counts_the_recently_sent():
    rows = [
        {"expert_id": "E1", "on": "2026-03-01"},
        *[{"expert_id": "E2", "on": "2021-03-01"}] * 5,
        {"expert_id": "E3", "on": "2025-12-01"},
    ]
    assert order("popularity", {}, {}, {}, {}, **cases(*rows)) == [0, 2, 1, 3]


def test_a_lot_depends_on_the_seed_the_consultation_and_the_expert_alone():
    one = scored("random", *[{}] * 5)
    assert all(0 <= lot < 1 for lot in one)
    assert len(set(one)) == 5
    assert scored("random", *[{}] * 9)[:5] == one
    assert scored("random", *[{}] * 5, seed=1) != one
    assert scored("random", *[{}] * 5, asked=Consultation("sales.web", consultation_id="K2")) != one


def test_lots_are_uniform():
    lots = np.array(scored("random", *[{}] * 2000))
    np.testing.assert_allclose(np.quantile(lots, [0.1, 0.5, 0.9]), [0.1, 0.5, 0.9], atol=0.04)


@pytest.mark.parametrize("name", [name for name in RANKERS if not name.startswith("additive")])
def test_a_rule_learns_from_no_outcome(name):
    """Who was sent may count, what became of it not."""
    found = [
        scored(name, {}, {}, **cases({"resolved": outcome, "on": pd.Timestamp("2025-01-01")})) for outcome in (0.0, 1.0)
    ]
    assert found[0] == found[1]
