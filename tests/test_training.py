import json

import pandas as pd
import pytest

from matcher.errors import ModelFileError
from matcher.rankers import make_ranker
from matcher.rankers.model_file import load_model, read_card
from matcher.training import about, train
from tests.eligibility.builders import a_dataset
from tests.rankers.contract import AS_OF, cut_by_hand, the_world, with_held_out, with_tables


def test_a_model_is_one_file_whose_card_says_what_made_it(tmp_path):
    model = train(the_world(), make_ranker("nearest"), path=tmp_path / "model", as_of=AS_OF, seed=4)
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
    card = read_card(tmp_path / "model")
    assert card == model.card == load_model(tmp_path / "model").card
    past = cut_by_hand(the_world(), AS_OF)
    assert card["data_fingerprint"] == past.fingerprint()
    assert (card["trained_until"], card["seed"], card["split"]) == ("2024-06-30", 4, None)
    assert card["last_dispatch"] == past.dispatches["decided_on"].max().date().isoformat()
    assert card["counts"]["dispatches"] == len(past.dispatches)
    assert card["counts"]["experts"] == len(past.experts)
    assert card["outcomes_known"] == past.dispatches["resolved"].count()
    assert card["share_resolved"] == pytest.approx(past.dispatches["resolved"].mean(), abs=1e-4)


def test_training_twice_writes_the_same_bytes_and_the_future_changes_none(tmp_path):
    worlds = {"one": the_world(), "two": the_world(), "past": cut_by_hand(the_world(), AS_OF)}
    for name, data in worlds.items():
        train(data, make_ranker("nearest"), path=tmp_path / name, as_of=AS_OF)
    contents = [(tmp_path / name).read_bytes() for name in worlds]
    assert contents[0] == contents[1] == contents[2]


def test_held_out_dispatches_are_not_counted():
    marked, absent = (with_held_out(the_world(), marked_only=marked) for marked in (True, False))
    facts = about(marked, as_of=AS_OF, seed=0)
    assert facts == about(absent, as_of=AS_OF, seed=0)
    assert facts["split"] == "split"


def test_judgements_leave_no_trace():
    rows = [{"consultation_id": "K1", "expert_id": "E1", "gain": 1.0}]
    judged, plain = (about(a_dataset(**tables), as_of=AS_OF, seed=0) for tables in ({"judgements": rows}, {}))
    assert judged == plain


def test_without_dispatches_the_facts_are_unknown_and_still_json():
    facts = about(with_tables(the_world(), lambda rows: rows.iloc[:0], "dispatches"), as_of=AS_OF, seed=0)
    assert (facts["last_dispatch"], facts["outcomes_known"], facts["share_resolved"]) == (None, 0, None)
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts


def test_a_place_where_no_model_can_be_is_refused(tmp_path):
    with pytest.raises(ModelFileError, match="cannot write"):
        train(a_dataset(), make_ranker("random"), path=tmp_path / "no" / "model", as_of=pd.Timestamp("2026-01-01"))
