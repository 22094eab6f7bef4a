import math
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.dataset import Dataset
from matcher.errors import InvalidValueError, UnknownValueError
from matcher.explanation import Explanation
from matcher.rankers.base import Ranker
from matcher.shortlist import Shortlist, shortlist
from tests.eligibility.builders import ON, Row, a_consultation, a_dataset, a_dispatch, an_expert
from tests.shortlist.fake_ranker import BASE, FakeRanker, a_term, scoring

CARD = {"id": "m1", "fingerprint": "abc", "features": ["not shown"]}


def listed(ranker: Ranker, data: Dataset, case: Any = None, **options: Any) -> Shortlist:
    return shortlist(ranker, data, case or a_consultation(), **{"on": ON, "model_card": CARD, **options})


def experts(*names: str, **cells: Any) -> list[Row]:
    return [an_expert(name, **cells) for name in names]


def ids(found: Shortlist) -> list[str]:
    return [item.expert_id for item in found.items]


def test_the_best_eligible_come_first_and_the_excluded_not_at_all():
    rows = [*experts("E1", "E2", "E3"), an_expert("E4", status="retired")]
    found = listed(scoring(E1=1, E2=3, E3=2, E4=9), a_dataset(experts=rows), k=2)
    assert ids(found) == ["E2", "E3"]
    assert (found.eligible, found.registered) == (3, 4)
    assert [(rule.rule, rule.expert_ids) for rule in found.excluded] == [("status", ("E4",))]


def test_a_shortlist_carries_the_fingerprints_the_day_and_the_case_in_words():
    data = a_dataset(experts=experts("E1"))
    found = listed(scoring(), data, a_consultation(prefecture_code="13", municipality="新宿区"))
    assert found.model == {"id": "m1", "fingerprint": "abc"}
    assert found.data == {"fingerprint": data.fingerprint()}
    assert (found.as_of, found.category_name, found.place) == ("2026-03-10", "Web・SNS・EC活用", "東京都新宿区")


def test_a_fingerprint_that_is_passed_is_not_worked_out_again():
    assert listed(scoring(), a_dataset(experts=[]), data_fingerprint="f").data == {"fingerprint": "f"}


def test_ties_share_a_rank():
    found = listed(scoring(E1=1, E2=2, E3=1), a_dataset(experts=experts("E3", "E2", "E1")))
    assert [(item.expert_id, item.rank, item.tied) for item in found.items] == [
        ("E2", 1, False),
        ("E1", 2, True),
        ("E3", 2, True),
    ]


@pytest.mark.parametrize("k", [0, -1])
def test_k_below_one_is_the_users_error_even_for_an_empty_register(k):
    for rows in ([], experts("E1")):
        with pytest.raises(InvalidValueError, match="1 or more"):
            listed(scoring(), a_dataset(experts=rows), k=k)


def test_k_beyond_the_eligible_gives_all():
    assert len(listed(scoring(), a_dataset(experts=experts("E1", "E2")), k=10**9).items) == 2


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.sampled_from([f"E{i}" for i in range(12)]), st.integers(-2, 2)), st.integers(0, 99))
def test_the_order_of_the_registers_rows_changes_nothing(scores, seed):
    rows = [an_expert(f"E{i}", **({"capacity_per_month": 0.0} if i % 5 == 0 else {})) for i in range(12)]
    shuffled = random.Random(seed).sample(rows, len(rows))
    one, other = (listed(scoring(**scores), a_dataset(experts=order), k=4) for order in (rows, shuffled))
    assert one == other


def test_base_and_contributions_are_the_score():
    ranker = FakeRanker({"E1": [a_term("a", 0.7, "よい"), a_term("b", -0.2, "遠い")]}, {})
    (item,) = listed(ranker, a_dataset(experts=experts("E1"))).items
    assert item.base == BASE
    assert item.contributions == {"a": 0.7, "b": -0.2}
    assert math.isclose(item.base + sum(item.contributions.values()), item.score, abs_tol=1e-9)


def test_what_is_shown_of_an_expert():
    row = an_expert(
        name="髙﨑𠮷", kana="たかさきよし", prefecture_code="13", municipality="新宿区", qualifications=("税理士",)
    )
    ranker = FakeRanker({"E1": [a_term("a", 1.0, "よい")]}, {"E1": (0.6, 0.5, 0.7)})
    case = a_consultation(prefecture_code="13", municipality="新宿区")
    (item,) = listed(ranker, a_dataset(experts=[row]), case).items
    assert (item.name, item.kana, item.place, item.qualifications) == (
        "髙﨑𠮷",
        "たかさきよし",
        "東京都新宿区",
        ("税理士",),
    )
    assert (item.distance_km, item.distance_basis) == (0.0, "municipality")
    assert (item.probability, item.lower, item.upper, item.confidence) == (0.6, 0.5, 0.7, "high")
    assert [reason.text for reason in item.reasons] == ["よい"]


def test_what_is_unknown_stays_unknown():
    (item,) = listed(scoring(), a_dataset(experts=experts("E1"))).items
    assert (item.kana, item.place, item.distance_km, item.distance_basis) == (None, "", None, "unknown")
    assert (item.probability, item.lower, item.upper, item.confidence) == (None, None, None, "unknown")
    assert (item.reasons, item.against) == ((), None)


def test_nobody_eligible_is_an_empty_shortlist_that_says_what_to_relax():
    found = listed(scoring(), a_dataset(experts=experts("E1", "E2", status="retired")), lang="en")
    assert (found.items, found.eligible, found.registered) == ((), 0, 2)
    assert found.relax[0].startswith("without “suspended or retired” alone 2 would be eligible")


def test_an_empty_register_is_a_valid_answer():
    found = listed(scoring(), a_dataset(experts=[]))
    assert (found.items, found.relax) == ((), ("専門家が 1 人も登録されていません",))


def test_only_some_experts_are_the_whole_register_of_that_answer():
    data = a_dataset(experts=[*experts("E1", "E2"), an_expert("E3", status="retired")])
    found = listed(scoring(E1=2, E2=1), data, only=frozenset({"E2", "E3"}))
    assert (ids(found), found.eligible, found.registered, found.excluded[0].expert_ids) == (["E2"], 1, 2, ("E3",))
    assert found.data == {"fingerprint": data.fingerprint()}


def test_an_unknown_expert_among_only_is_the_users_error():
    with pytest.raises(UnknownValueError, match="expert 'E9'"):
        listed(scoring(), a_dataset(experts=experts("E1")), only={"E9"})


def test_an_unknown_category_is_the_users_error_even_when_nobody_is_eligible():
    with pytest.raises(UnknownValueError, match="category 'sails'"):
        listed(scoring(), a_dataset(experts=[]), a_consultation(category="sails"))


def test_no_dispatch_at_all_is_said():
    data = a_dataset(experts=experts("E1"))
    assert any("過去の派遣記録がまだない" in text for text in listed(scoring(), data).warnings)
    used = a_dataset(experts=experts("E1"), dispatches=[a_dispatch()])
    assert not any("過去の派遣記録" in text for text in listed(scoring(), used).warnings)


def test_the_clients_warnings_are_the_shortlists():
    assert "no client is given, so registration could not be checked" in (
        listed(scoring(), a_dataset(experts=experts("E1")), lang="en").warnings
    )


def test_held_out_dispatches_change_nothing_but_what_is_visible():
    rows = [a_dispatch(decided_on=ON, split="train")]
    hidden = a_dispatch(decided_on=ON, split="test", visits=9.0)
    with_hidden, without = (
        a_dataset(experts=experts("E1", capacity_per_month=2.0), dispatches=dispatches)
        for dispatches in ([*rows, hidden], rows)
    )
    assert listed(scoring(), with_hidden) == listed(scoring(), without)


def test_a_score_that_is_no_number_is_our_error_and_never_sorted():
    ranker = FakeRanker({"E1": [a_term("a", math.nan)]}, {})
    with pytest.raises(ArithmeticError, match="no number"):
        listed(ranker, a_dataset(experts=experts("E1", "E2")))


def test_an_explanation_that_is_not_the_score_is_our_error():
    class Liar(FakeRanker):
        def explain(self, consultation, experts):
            return [Explanation(name, BASE, (a_term("a", 0.1),), {}) for name in experts["expert_id"]]

    with pytest.raises(ArithmeticError, match="expert E1 does not sum"):
        listed(Liar({}, {}), a_dataset(experts=experts("E1")))
