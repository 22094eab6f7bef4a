import json
from dataclasses import replace
from time import perf_counter

import pandas as pd
import pytest

from matcher.errors import InvalidValueError, ModelFileError
from matcher.proposal import Proposer
from matcher.rankers import make_ranker
from matcher.rankers.model_file import load_model, load_proposer, save_model
from matcher.training import train
from tests.eligibility.builders import a_dataset, an_expert
from tests.proposal.builders import AS_OF, SAID, a_past, past

TEXT = "東京都府中市の和菓子店です。井戸を掘る相談"


@pytest.fixture(scope="module")
def proposer() -> Proposer:
    return Proposer.fit(a_past(60), as_of=AS_OF)


def test_a_proposal_holds_all_that_a_form_asks_for(proposer):
    made = proposer.propose(TEXT, n=2)
    assert made.categories[0][0] == "finance.loan"
    assert [made.prefecture.code, made.municipality.code, made.industry.code] == ["13", "府中市", "09"]
    assert made.industry.words == ("和菓子店",)


def test_probabilities_fall_and_sum_to_at_most_one(proposer):
    share = [probability for _, probability in proposer.propose(TEXT, n=99).categories]
    assert len(share) == 53
    assert share == sorted(share, reverse=True)
    assert sum(share) == pytest.approx(1.0)
    assert sum(p for _, p in proposer.propose(TEXT).categories) < 1


def test_what_the_text_does_not_name_is_unknown(proposer):
    made = proposer.propose("売上を伸ばしたい")
    assert (made.prefecture, made.municipality, made.industry) == (None, None, None)
    plain = json.loads(json.dumps(made.to_json(), allow_nan=False))
    assert plain["prefecture"] is None
    assert plain["named"]["prefectures"] == []


def test_nothing_after_the_day_reaches_it(proposer):
    rows = past(60)
    later = [row | {"consultation_id": f"L{i}", "category": "ip.patent"} for i, row in enumerate(rows)]
    for row in later:
        row["received_on"] = AS_OF + pd.Timedelta(days=1)
    newcomer = an_expert(categories=("ip.patent",), introduction=TEXT, registered_on=AS_OF + pd.Timedelta(days=1))
    data = a_dataset(consultations=[*rows, *later], experts=[newcomer])
    assert Proposer.fit(data, as_of=AS_OF).propose(TEXT) == proposer.propose(TEXT)


def test_dispatches_are_not_read(proposer):
    data = a_past(60)
    rows = a_dataset(dispatches=[{"consultation_id": "K000", "expert_id": "E1", "split": "test"}])
    seen = replace(data, dispatches=rows.dispatches, held_out=rows.held_out)
    assert Proposer.fit(seen, as_of=AS_OF).propose(TEXT) == proposer.propose(TEXT)


@pytest.mark.parametrize(("text", "n"), [("", 3), (" 　\n。", 3), (TEXT, 0)])
def test_no_text_or_no_category_asked_for_is_refused(proposer, text, n):
    with pytest.raises(InvalidValueError):
        proposer.propose(text, n=n)


def test_a_model_file_brings_the_proposer_back_the_same(proposer, tmp_path):
    train(a_past(60), make_ranker("random"), path=tmp_path / "model", as_of=AS_OF)
    found = load_proposer(tmp_path / "model")
    assert [found.propose(text) for text in (TEXT, *SAID.values())] == [
        proposer.propose(text) for text in (TEXT, *SAID.values())
    ]
    assert load_model(tmp_path / "model").ranker.name == "random"


def test_a_model_without_one_says_so(tmp_path):
    save_model(tmp_path / "model", make_ranker("random").fit(a_dataset(), as_of=AS_OF), {})
    with pytest.raises(ModelFileError, match="no proposals of categories"):
        load_proposer(tmp_path / "model")


def test_a_proposal_takes_less_than_ten_milliseconds(proposer):
    proposer.propose(TEXT)
    start = perf_counter()
    for _ in range(20):
        proposer.propose(TEXT * 10)
    assert (perf_counter() - start) / 20 < 0.010
