import numpy as np
import pytest

from matcher.rankers import choice_events as module
from matcher.rankers.choice_events import ALTERNATIVES, choice_events
from tests.features.builders import a_register, material
from tests.rankers.contract import the_material


@pytest.fixture(scope="module")
def events():
    pairs, weight, first = choice_events(the_material(), np.random.default_rng(0))
    return pairs, weight, first, np.repeat(np.arange(len(first)), np.diff(np.append(first, len(pairs))))


def test_the_shares_of_a_choice_sum_to_one(events):
    _, weight, first, event = events
    assert len(first) > 100
    np.testing.assert_allclose(np.bincount(event, weight), 1)
    assert (np.bincount(event) <= ALTERNATIVES + 5).all()


def test_no_alternative_comes_twice_and_none_was_registered_later(events):
    pairs, _, _, event = events
    assert len({*zip(event, pairs.ei, strict=True)}) == len(pairs)
    assert (pairs.experts.registered[pairs.ei] < pairs.as_of).all()


def test_alternatives_are_drawn_from_the_generator_that_is_given(monkeypatch):
    monkeypatch.setattr(module, "ALTERNATIVES", 20)
    one, same, other = (choice_events(the_material(), np.random.default_rng(seed))[0].ei for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)


def test_without_a_case_there_is_no_event():
    assert len(choice_events(material(a_register({})), np.random.default_rng(0))[0]) == 0
