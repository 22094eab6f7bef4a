"""What is kept of a register from one consultation to the next never shows in an answer."""

from dataclasses import replace

import numpy as np
import pytest

from matcher.consultation import Consultation
from matcher.explanation import Fact
from matcher.features.record import CASE_EFFECT
from matcher.plain import plain
from matcher.rankers import AdditiveRanker
from matcher.rankers import columns as columns_module
from matcher.rankers.columns import OF_CASES, Columns
from matcher.rankers.remembering import evidence_of
from matcher.rankers.utility import EFFECTS
from tests.rankers.contract import fitted, the_world


def again(ranker: AdditiveRanker) -> AdditiveRanker:
    """The same model with nothing kept."""
    return AdditiveRanker.from_state(*ranker.state())


@pytest.mark.parametrize("most_bytes", [1_000, 512_000_000])
def test_answers_after_many_others_are_those_of_a_fresh_model(most_bytes, monkeypatch):
    monkeypatch.setattr(columns_module, "MOST_BYTES", most_bytes)
    monkeypatch.setattr(columns_module, "MOST_COLUMNS", 0)
    used, experts = again(fitted("additive")), the_world().experts
    rows_of_many = the_world().consultations.tail(60).to_dict("records")  # of clients with earlier cases, too
    many = list(map(Consultation.from_row, rows_of_many))
    for asked in many:
        used.score(asked, experts)
        used.explained(asked, experts, np.arange(0, len(experts), 3))
    for asked in many[::6]:
        fresh, rows = again(used), np.arange(0, len(experts), 7)
        np.testing.assert_array_equal(used.score(asked, experts).score, fresh.score(asked, experts).score)
        kept, wanted = (ranker.explained(asked, experts, rows) for ranker in (used, fresh))
        np.testing.assert_array_equal(kept.terms, wanted.terms)
        np.testing.assert_array_equal(kept.says, wanted.says)
        for row in range(len(rows)):
            for place in range(len(kept.features)):
                found, expected = kept.fact(row, place), wanted.fact(row, place)
                assert found.feature is expected.feature
                assert found.plain == expected.plain
                assert found.sentence("en") == expected.sentence("en")


def test_what_is_kept_is_what_is_worked_out_for_the_pairs_alone():
    """Over clients whose own earlier cases with an expert are not to be seen, and over every mode."""
    ranker, experts = again(fitted("additive")), the_world().experts
    rows = map(Consultation.from_row, the_world().consultations.tail(60).to_dict("records"))
    many = [replace(asked, mode=mode) for asked in rows for mode in ("onsite", "online", "either")]
    own = 0
    for asked in many:
        pairs, columns = ranker.pairs(asked, experts), ranker.columns(experts)
        np.testing.assert_array_equal(ranker.merit.brief(pairs, columns).eta, ranker.merit.believe(pairs).eta)
        some = pairs.own_rows[:2]
        if not len(some):
            continue
        own += 1
        told = ranker.explained(asked, experts, some)
        for place, feature in enumerate(told.features):
            if feature.reads in OF_CASES or feature in EFFECTS:
                wanted = evidence_of(feature, pairs.take(some))
                assert [told.fact(row, place).plain for row in range(len(some))] == list(map(plain, wanted))
    assert own > 30


def test_columns_are_made_once_until_they_grow_too_large(monkeypatch):
    monkeypatch.setattr(columns_module, "MOST_BYTES", 100)
    monkeypatch.setattr(columns_module, "MOST_COLUMNS", 0)
    columns, made = Columns(), []

    def ask(name: str) -> None:
        columns.of(name, lambda: (made.append(name) or np.zeros(6),))

    for name in ("a", "a", "b", "a", "c", "a"):
        ask(name)
    assert made == ["a", "b", "c", "a"], "of 48 bytes each two are kept, the third drops both"


def test_a_fact_is_worded_once_a_language():
    asked = []
    feature = replace(CASE_EFFECT, sentence=lambda evidence, lang: asked.append(lang) or f"{lang} {evidence['n']}")
    fact = Fact(feature, {"n": 3})
    assert [fact.sentence(lang) for lang in ("ja", "en", "ja")] == ["ja 3", "en 3", "ja 3"]
    assert asked == ["ja", "en"]
