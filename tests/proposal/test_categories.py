import numpy as np
import pandas as pd
import pytest

from matcher.proposal.categories import STATED, CategoryProposer
from tests.eligibility.builders import a_dataset, an_expert
from tests.proposal.builders import SAID, a_past, past


def best(proposer: CategoryProposer, text: str) -> str:
    return proposer.taxonomy.codes[int(proposer.probabilities([text])[0].argmax())]


def test_past_consultations_teach_words_that_no_taxonomy_has():
    proposer = CategoryProposer.fit(a_past(60))
    assert {code: best(proposer, text) for code, text in SAID.items()} == {code: code for code in SAID}


def test_no_past_at_all_leaves_the_taxonomys_words_and_the_stated_weights():
    proposer = CategoryProposer.fit(a_dataset())
    assert proposer.weights.tolist() == STATED.tolist()
    assert best(proposer, "インスタで集客したい") == "sales.web"


def test_profiles_teach_where_nobody_has_asked_yet():
    rows = [an_expert(f"E{i}", categories=(code,), introduction=text) for i in range(20) for code, text in SAID.items()]
    for i, row in enumerate(rows):
        row["expert_id"] = f"E{i}"
    proposer = CategoryProposer.fit(a_dataset(experts=rows))
    assert {code: best(proposer, text) for code, text in SAID.items()} == {code: code for code in SAID}


def test_probabilities_sum_to_one():
    share = CategoryProposer.fit(a_past(20)).probabilities(["井戸", "zzz"])
    assert share.sum(axis=1) == pytest.approx(1.0)
    assert (share > 0).all()


def test_neither_the_order_of_rows_nor_the_number_of_texts_matters():
    rows = past(40)
    one, two = (CategoryProposer.fit(a_dataset(consultations=part)) for part in (rows, rows[::-1]))
    texts = [*SAID.values(), "別の話"]
    assert (one.probabilities(texts) == two.probabilities(texts)).all()
    single = np.vstack([one.probabilities([text]) for text in texts])
    assert one.probabilities(texts) == pytest.approx(single, abs=1e-12)


def test_secondary_categories_are_learned_from_but_stay_second():
    proposer = CategoryProposer.fit(a_past(60, secondary_categories=("ip.patent",)))
    share = dict(zip(proposer.taxonomy.codes, proposer.probabilities([SAID["legal.tax"]])[0], strict=True))
    assert share["legal.tax"] > share["ip.patent"] > share["ip.trademark"]


def test_a_taxonomy_of_ones_own_is_learned():
    categories = [{"code": "a", "name_ja": "甲"}, {"code": "b", "name_ja": "乙"}]
    rows = [row | {"category": "ab"[i % 2], "received_on": pd.NaT} for i, row in enumerate(past(40))]
    proposer = CategoryProposer.fit(a_dataset(consultations=rows, categories=categories))
    assert [best(proposer, text) for text in SAID.values()] == ["a", "b"]
