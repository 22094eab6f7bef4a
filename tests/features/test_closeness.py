import numpy as np
import pandas as pd
import pytest

from matcher.consultation import Consultation
from matcher.features.closeness import RECENT_STEADYING, STEADYING
from tests.features.builders import a_register, cases, seen, values

WEB = "ネット通販の集客と広告に悩んでいます"
BANK = "銀行融資の返済と資金繰りに悩んでいます"
FARM = "農産物の直売所を開く許可と人手の確保"
ASKED = Consultation("sales.web", description=WEB)


def test_a_mean_is_steadied_by_cases_of_none():
    """E1 has two equal texts of the category and one of another; E2 has no case."""
    rows = [{"description": WEB}] * 2 + [{"description": BANK, "category": "sales.promotion"}]
    pairs = seen(a_register({}, {}, **cases(*rows)), ASKED)
    assert 2 / (3 + STEADYING) <= values("text_mean", pairs)[0] + 1e-3 < 3 / (3 + STEADYING)
    assert values("text_mean", pairs)[1] == values("text_mean_recent", pairs)[1] == 0


def test_a_recent_mean_forgets_what_is_long_ago():
    others = [{"expert_id": "E2", "description": text} for text in (WEB, BANK, FARM, FARM)]
    then = Consultation("sales.web", description=WEB, received_on=pd.Timestamp("2026-04-01"))
    found = []
    for first, last in ((WEB, FARM), (FARM, WEB)):
        rows = [{"description": first, "on": "2015-01-01"}, {"description": last, "on": "2026-03-31"}]
        found.append(values("text_mean_recent", seen(a_register({}, {}, **cases(*rows, *others)), then))[0])
    once, lately = found
    assert once < lately / 3
    assert lately == pytest.approx(1 / (1 + RECENT_STEADYING), abs=0.01)


@pytest.mark.parametrize("name", ["text_mean", "text_mean_recent"])
def test_more_of_the_same_adds_ever_less(name):
    """Twenty such cases and forty say almost the same: closeness is not popularity."""
    rows = [{"expert_id": "E1", "description": WEB}] * 40 + [{"expert_id": "E2", "description": WEB}] * 20
    forty, twenty = values(name, seen(a_register({}, {}, **cases(*rows)), ASKED))
    assert twenty < forty < twenty * 1.1
    assert np.isfinite([twenty, forty]).all()
