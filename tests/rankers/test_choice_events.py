import numpy as np
import pandas as pd
import pytest

from matcher.rankers import choice_events as module
from matcher.rankers.choice_events import ALTERNATIVES, OWN_DAY, choice_events, decided_until
from tests.features.builders import a_register, cases, material
from tests.rankers.contract import the_material


def seen_events(*, aged):
    pairs, weight, first = choice_events(the_material(), np.random.default_rng(0), aged=aged)
    return pairs, weight, first, np.repeat(np.arange(len(first)), np.diff(np.append(first, len(pairs))))


@pytest.fixture(scope="module")
def events():
    return seen_events(aged=False)


@pytest.fixture(scope="module")
def aged_events():
    return seen_events(aged=True)


def test_the_shares_of_a_choice_sum_to_one(events):
    _, weight, first, event = events
    assert len(first) > 100
    np.testing.assert_allclose(np.bincount(event, weight), 1)
    assert (np.bincount(event) <= ALTERNATIVES + 5).all()


def test_the_views_of_an_aged_choice_count_as_one(events, aged_events):
    pairs, weight, first, event = aged_events
    assert len(events[2]) < len(first) <= 2 * len(events[2])
    each = np.bincount(event, weight)
    assert set(np.round(each, 9)) == {0.5, 1.0}
    _, asked = np.unique(pairs.ci[first], return_inverse=True)
    np.testing.assert_allclose(np.bincount(asked, each), 1)


def test_no_alternative_comes_twice_and_none_was_registered_later(events):
    pairs, _, _, event = events
    assert len({*zip(event, pairs.ei, strict=True)}) == len(pairs)
    assert (pairs.experts.registered[pairs.ei] < pairs.as_of).all()


def test_a_view_from_its_stretch_knows_no_case_and_no_expert_of_the_stretch(aged_events):
    pairs, _, _, _ = aged_events
    old = pairs.hidden.of != OWN_DAY
    assert 0 < old.sum() < len(pairs)
    ci, ei, day = the_material().case_rows()
    for row in np.flatnonzero(old)[:200]:
        begin = day[pairs.hidden.part == pairs.hidden.of[row]].min()
        seen = (ei == pairs.ei[row]) & (day < begin) & (ci != pairs.ci[row])
        others = pairs.consultations.clients[ci] != pairs.consultations.clients[pairs.ci[row]]
        assert pairs.past["cases"][row] == (seen & others).sum()
        known = seen & others & (the_material().history.known_day < pairs.hidden.until[row])
        assert pairs.past["resolved"][row] == np.nansum(the_material().history.resolved[known])
        assert pairs.hidden.until[row] <= begin
        assert pairs.experts.registered[pairs.ei[row]] < begin <= pairs.as_of[row]


def test_a_view_from_its_own_day_knows_all_before(aged_events):
    pairs, _, _, _ = aged_events
    ci, ei, day = the_material().case_rows()
    for row in np.flatnonzero(pairs.hidden.of == OWN_DAY)[:200]:
        others = pairs.consultations.clients[ci] != pairs.consultations.clients[pairs.ci[row]]
        seen = (ei == pairs.ei[row]) & (day < pairs.as_of[row]) & (ci != pairs.ci[row])
        assert pairs.past["cases"][row] == (seen & others).sum()


def test_alternatives_are_drawn_from_the_generator_that_is_given(monkeypatch):
    monkeypatch.setattr(module, "ALTERNATIVES", 20)
    one, same, other = (choice_events(the_material(), np.random.default_rng(seed))[0].ei for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)


def test_without_a_case_there_is_no_event():
    assert len(choice_events(material(a_register({})), np.random.default_rng(0))[0]) == 0


def undated():
    """Three clients who chose four of six experts each, without any day."""
    rows = [
        {"consultation_id": f"K{asked}", "client_id": f"C{asked}", "expert_id": f"E{(asked + sent) % 6 + 1}"}
        for asked in range(3)
        for sent in range(4)
    ]
    tables = cases(*[{**row, "on": pd.NaT, "resolved": 1.0} for row in rows])
    tables["consultations"] = tables["consultations"][::4]
    return material(a_register(*[{}] * 6, **tables))


def test_undated_choices_are_each_foretold_once():
    known = undated()
    pairs, weight, first = choice_events(known, np.random.default_rng(0))
    event = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(pairs))))
    chosen = list(zip(pairs.ci[weight > 0], pairs.ei[weight > 0], strict=True))
    assert sorted(chosen) == sorted(zip(*known.case_rows()[:2], strict=True))
    assert len({*zip(event, pairs.ei, strict=True)}) == len(pairs)
    np.testing.assert_allclose(np.bincount(event, weight), 1)


def test_an_undated_choice_sees_the_other_parts_alone():
    """Chosen and not chosen alike: the cases of the hidden part are counted for neither."""
    known = undated()
    pairs, _, _ = choice_events(known, np.random.default_rng(0))
    ci, ei, _ = known.case_rows()
    for row in range(len(pairs)):
        others = (ei == pairs.ei[row]) & (ci != pairs.ci[row]) & (pairs.hidden.part != pairs.hidden.of[row])
        assert pairs.past["cases"][row] == others.sum()


def test_who_was_chosen_in_another_part_is_no_alternative():
    known = undated()
    pairs, _, _ = choice_events(known, np.random.default_rng(0))
    ci, ei, _ = known.case_rows()
    for row in range(len(pairs)):
        visible = (ci == pairs.ci[row]) & (pairs.hidden.part != pairs.hidden.of[row])
        assert pairs.ei[row] not in ei[visible]


def test_events_of_later_days_can_be_left_out(events):
    pairs, weight, first, _ = events
    day = np.median(pairs.as_of)
    kept, share, begins = decided_until(day, pairs, weight, first)
    assert 0 < len(kept) < len(pairs)
    assert kept.as_of.max() <= day < pairs.as_of.max()
    np.testing.assert_allclose(np.add.reduceat(share, begins), 1)
    np.testing.assert_array_equal(kept.ei, pairs.ei[pairs.as_of <= day])


def test_fewer_events_are_the_latest_ones():
    pairs, _, first = choice_events(the_material(), np.random.default_rng(0), most_events=5, alternatives=3)
    whole, _, _ = choice_events(the_material(), np.random.default_rng(0))
    assert len(first) <= 5
    assert len(pairs) < 5 * 10
    assert pairs.as_of.max() == whole.as_of.max()
