import numpy as np
import pandas as pd
import pytest

from matcher.consultation import Consultation
from matcher.features.client import FLOOR, NEAR_KM
from matcher.features.declared import feature
from tests.features.builders import a_register, cases, on_day, seen, sentences, values

NOTHING = np.log(FLOOR)


def ask(**cells) -> Consultation:
    return Consultation("sales.web", **cells)


def test_a_client_may_be_an_expert():
    data = a_register({}, {}, **cases({"expert_id": "E2"}))
    pairs = seen(data, ask(client_id="cE2"))
    assert values("own_account", pairs).tolist() == [0, 1]
    assert sentences("own_account", pairs) == ["", "相談者本人です"]
    assert sentences("own_account", pairs, "en") == ["", "is the client"]


@pytest.mark.parametrize(("client", "arises"), [("cE2", True), ("E2", False), ("cE9", False), (None, False)])
def test_whether_the_client_is_the_expert_is_asked_where_it_is_some_experts_account(client, arises):
    applies = feature("own_account").applies
    assert applies is not None
    assert (
        applies(seen(a_register({}, {}, **cases({"expert_id": "E2"})), ask(client_id=client))).tolist() == [arises] * 2
    )


HERE, THERE, FAR = ({"latitude": 35.0 + up, "longitude": 135.0} for up in (0.0, 0.01, 3.0))
FOOD, BANK = ({"introduction": text} for text in ("食品の販路と商品の企画", "銀行融資と資金繰りの改善"))


def before(*experts, client="C9", **cells):
    """K1 sent E1 to client C9; who is like E1?"""
    return seen(a_register(*experts, **cases({"client_id": "C9", **cells})), ask(client_id=client))


def test_who_is_like_the_clients_earlier_expert_comes_closer():
    own, alike, other = values("like_before", before(FOOD, FOOD, BANK))
    assert own == pytest.approx(NOTHING), "an expert is not their own likeness"
    assert alike == pytest.approx(np.log(FLOOR + 1), abs=0.01)
    assert other < alike


def test_who_is_near_the_clients_earlier_expert_comes_closer():
    own, near, far, unknown = values("near_before", before(HERE, THERE, FAR, {}))
    assert own == unknown == NOTHING
    assert near == pytest.approx(np.log(FLOOR + np.exp(-1.112 / NEAR_KM)), abs=1e-3)
    assert far == pytest.approx(NOTHING)


@pytest.mark.parametrize("client", ["C8", None])
def test_the_experts_of_other_clients_do_not_count(client):
    for name in ("like_before", "near_before"):
        assert values(name, before(FOOD | HERE, FOOD | THERE, client=client)).tolist() == [NOTHING] * 2


def test_a_client_that_is_not_known_has_no_earlier_expert():
    assert values("like_before", before(FOOD, FOOD, client=None, client_id=np.nan)).tolist() == [NOTHING] * 2


@pytest.mark.parametrize(("day", "known"), [("2025-01-10", False), ("2025-01-11", True)])
def test_an_earlier_expert_is_known_from_the_day_after_the_decision(day, known):
    rows = [{"client_id": "C9", "on": "2025-01-10"}, {"client_id": "C9", "expert_id": "E2", "on": "2025-02-01"}]
    pairs = on_day(a_register(FOOD, FOOD, **cases(*rows)), "K2", "E2", day)
    assert (values("like_before", pairs)[0] > NOTHING) == known


def test_an_expert_who_left_the_register_is_like_nobody():
    later = {**FOOD, "registered_on": pd.Timestamp("2027-01-01")}
    assert values("like_before", before(later, FOOD)).tolist() == [NOTHING] * 2
