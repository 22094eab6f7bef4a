"""Which past cases a pair may look back on, and the sums over them, against a plain loop over all cases."""

import numpy as np
import pandas as pd
import pytest

from matcher.consultation import Consultation
from matcher.features import pairs as pairs_module
from matcher.features import past as past_module
from matcher.features.history import kind_vectors
from matcher.features.past import HALF_LIVES_DAYS, NEVER
from matcher.features.text import GRID
from matcher.rankers.training import Material, today_of
from tests.features.builders import ON, a_register, cases, material, on_day, seen
from tests.rankers.contract import the_material


def count(pairs, name="cases"):
    return pairs.past[name].tolist()


def test_a_case_is_seen_from_the_day_after_its_decision():
    data = a_register({}, **cases({"on": "2025-01-10"}, {"on": "2025-01-20"}))
    assert count(on_day(data, "K2", "E1", "2025-01-10")) == [0]
    assert count(on_day(data, "K2", "E1", "2025-01-11")) == [1]


def test_a_consultation_does_not_see_itself():
    data = a_register({}, **cases({"on": "2025-01-10"}, {"on": "2025-01-20"}))
    assert count(on_day(data, "K1", "E1", "2026-01-01")) == [1]
    assert count(seen(data, Consultation("sales.web", consultation_id="K1"))) == [1]
    assert count(seen(data, Consultation("sales.web", consultation_id="K9"))) == [2]


def test_a_client_does_not_see_its_own_cases():
    data = a_register({}, **cases({"client_id": "C1"}, {"client_id": "C1"}, {"client_id": "C2"}))
    assert count(seen(data, Consultation("sales.web", client_id="C1"))) == [1]
    assert count(seen(data, Consultation("sales.web", client_id="C3"))) == [3]


def test_clients_that_are_not_known_are_not_the_same_client():
    unknown = {"client_id": np.nan}
    data = a_register({}, **cases(unknown, unknown, {"client_id": "C2"}))
    assert count(seen(data, Consultation("sales.web"))) == [3]
    assert count(on_day(data, "K1", "E1", "2026-01-01")) == [2]


@pytest.mark.parametrize(
    ("status", "seen_as"),
    [("offered", 1), ("accepted", 1), ("completed", 1), (np.nan, 1), ("declined", 0), ("cancelled", 0)],
)
def test_what_was_declined_or_cancelled_tells_nothing(status, seen_as):
    data = a_register({}, **cases({"status": status}))
    assert count(seen(data)) == [seen_as]


OUTCOMES = [
    {"on": "2025-01-01", "completed_on": pd.Timestamp("2025-02-01"), "resolved": 1.0},
    {"on": "2025-01-02", "completed_on": pd.Timestamp("2025-06-01"), "resolved": 1.0},
    {"on": "2025-01-03", "completed_on": pd.Timestamp("2025-02-01")},
    {"on": "2025-01-04", "completed_on": pd.NaT, "resolved": 1.0},
    {"on": "2025-08-01"},
]


@pytest.mark.parametrize(
    ("day", "resolved"), [("2025-01-04", 0), ("2025-01-05", 1), ("2025-02-01", 1), ("2025-02-02", 2), ("2025-06-02", 3)]
)
def test_an_outcome_counts_from_the_day_after_it_was_known(day, resolved):
    """Without a day of completion the day of the decision stands in; an outcome that is unknown is none."""
    data = a_register({}, **cases(*OUTCOMES))
    assert count(on_day(data, "K5", "E1", day), "resolved") == [resolved]


def test_experts_without_a_case_have_empty_sums():
    data = a_register({}, {}, **cases({}))
    pairs = seen(data)
    assert count(pairs) == [1, 0]
    assert count(pairs, "last")[1] == NEVER


def test_without_any_dispatch_all_sums_are_empty():
    for name, total in seen(a_register({}, {})).past.items():
        assert total.tolist() == [NEVER if name == "last" else 0] * 2


def test_undated_dispatches_are_all_seen_but_the_own_consultation():
    data = a_register({}, **cases(*[{"on": pd.NaT, "resolved": 1.0}] * 3))
    assert count(seen(data)) == [3]
    known = material(data)
    ci, ei, day = known.case_rows()
    assert count(known.pairs(ci, ei, day)) == [2, 2, 2]
    assert count(known.pairs(ci, ei, day), "resolved") == [2, 2, 2]


def test_dispatches_of_experts_who_are_not_registered_yet_are_kept_apart():
    data = a_register({"registered_on": ON + pd.Timedelta(days=1)}, {}, **cases({}))
    known = material(data)
    assert known.case_rows()[1].tolist() == [-1]
    assert known.outcomes()[1].tolist() == []


def naive_sums(known: Material, ci: int, ei: int, day: int) -> dict[str, float]:
    """Over all cases, one after the other, in plain Python."""
    history, asked = known.history, known.consultations
    kinds = kind_vectors(asked, history.kind_weights, known.schema)
    owners = np.repeat(history.expert_ids, np.diff(history.first))
    total = dict.fromkeys(("cases", "cases_recent", "cases_latest", "resolved", "text", "kin_known"), 0.0)
    total |= dict.fromkeys(
        ("text_resolved", "text_broad", "kind", "kind_recent", "category", "category_recent"), 0.0
    ) | {"last": NEVER}
    for case, owner in enumerate(owners):
        past = history.consultation[case]
        client = asked.clients[ci]
        if owner != known.experts.ids[ei] or history.day[case] >= day or history.ids[past] == asked.ids[ci]:
            continue
        if client is not None and history.clients[past] == client:
            continue
        age = float(day - history.day[case])
        text = max(float(history.text[past].astype(int) @ asked.text[ci].astype(int)) / GRID**2, 0.0)
        kind = float(history.kinds[past].astype(int) @ kinds[ci].astype(int)) / GRID**2
        known_by_then = history.known_day[case] < day and not np.isnan(history.resolved[case])
        outcome = history.resolved[case] if known_by_then else 0.0
        total["cases"] += 1
        total["cases_recent"] += 0.5 ** (age / HALF_LIVES_DAYS["recent"])
        total["cases_latest"] += 0.5 ** (age / HALF_LIVES_DAYS["latest"])
        total["resolved"] += outcome
        total["text"] += text**2
        total["kin_known"] += history.kinship[history.topic[past], asked.topic[ci]] * known_by_then
        total["text_resolved"] += text**2 * outcome
        total["kind"] += kind
        total["text_broad"] += text
        total["kind_recent"] += kind * 0.5 ** (age / HALF_LIVES_DAYS["recent"])
        same = history.category[past] == asked.category[ci]
        total["category"] += same
        total["category_recent"] += same * 0.5 ** (age / HALF_LIVES_DAYS["recent"])
        total["last"] = min(total["last"], age)
    return total


@pytest.fixture(scope="module")
def known() -> Material:
    return the_material()


@pytest.mark.parametrize("few", [0, 100])
@pytest.mark.parametrize("most_rows", [1, 50, 100_000])
def test_sums_are_those_of_a_plain_loop_however_they_are_cut(known, most_rows, few, monkeypatch):
    monkeypatch.setattr(past_module, "MOST_ROWS_AT_ONCE", most_rows)
    monkeypatch.setattr(pairs_module, "FEW", few)
    rng = np.random.default_rng(1)
    ci, ei = (rng.integers(0, len(table), 60) for table in (known.consultations, known.experts))
    day = rng.integers(known.today - 700, known.today + 1, 60)
    found = known.pairs(ci, ei, day).past
    for row in range(60):
        for name, total in naive_sums(known, ci[row], ei[row], day[row]).items():
            assert found[name][row] == pytest.approx(total, rel=1e-12, abs=1e-12), name


def test_today_is_the_day_after_all_that_is_known():
    """An outcome may be known later than the last decision; who asks without a date is answered with it, too."""
    data = a_register({}, **cases({"on": "2025-01-10", "completed_on": pd.Timestamp("2025-03-01"), "resolved": 1.0}))
    assert material(data).today == today_of(pd.Timestamp("2025-03-02"))
    assert count(seen(data), "resolved") == [1]


def test_a_case_without_any_date_is_seen_by_who_asks_after_all_others():
    undated = {"on": pd.NaT, "resolved": 1.0}
    data = a_register({}, **cases({"on": "2025-01-10"}, {"on": "2025-01-20"}, undated))
    assert count(on_day(data, "K2", "E1", "2025-01-20")) == [1]
    assert count(seen(data)) == [3]
    assert count(seen(data), "resolved") == [1]


def test_a_case_without_a_decision_is_dated_by_its_end():
    ended = {"on": pd.NaT, "completed_on": pd.Timestamp("2025-01-15")}
    data = a_register({}, **cases({"on": "2025-01-10"}, {"on": "2025-01-20"}, ended))
    assert count(on_day(data, "K2", "E1", "2025-01-20")) == [2]
