import re

import numpy as np
import pandas as pd
import pytest

from matcher.consultation import Consultation
from matcher.features.declared import FEATURES
from matcher.features.past import NEVER
from matcher.features.record import STEADYING
from matcher.features.tally import FEWEST_CLIENTS
from matcher.lang import LANGS
from tests.features.builders import a_register, cases, seen, sentences, values

WEB = "ネット通販の集客と広告に悩んでいます"
BANK = "銀行融資の返済と資金繰りに悩んでいます"
RECORD = ("category_record", "category", "similar_outcome", "text")


def some(clients: int, **cells) -> list[dict]:
    """A case for each of so many clients, a month apart from January 2025."""
    return [
        {"client_id": f"甲{number}", "on": f"2025-{number:02}-15", "description": WEB, "resolved": 1.0, **cells}
        for number in range(1, clients + 1)
    ]


def around(*texts: str, each: int = 5, **cells) -> list[dict]:
    """Cases of somebody else, whose outcomes nobody recorded, so that there are topics to tell apart."""
    cells = {"expert_id": "E9", "on": "2024-06-01", "category": "finance.loan", "resolved": np.nan, **cells}
    return [{"description": text, **cells} for text in texts or (BANK,) for _ in range(each)]


def asked(**cells) -> Consultation:
    return Consultation("sales.web", **{"description": WEB, **cells})


def words(data, name: str, lang="ja") -> str:
    return sentences(name, seen(data, asked()), lang)[0]


def test_counts_are_logarithms_above_a_floor():
    data = a_register({}, {}, **cases(*some(4)))
    np.testing.assert_allclose(np.exp(values("cases", seen(data, asked()))) - 0.5, [4, 0])
    np.testing.assert_allclose(np.exp(values("resolved", seen(data, asked()))) - 0.3, [4, 0])


def test_a_recent_count_halves_in_a_year():
    data = a_register({}, **cases({"on": "2024-04-01"}, {"on": "2025-04-01"}))
    then = asked(received_on=pd.Timestamp("2025-04-02"))
    total = np.exp(values("cases_recent", seen(data, then)))[0] - 0.3
    assert total == pytest.approx(0.5 ** (366 / 365) + 0.5 ** (1 / 365))


def test_days_since_the_last_case_or_eleven_years():
    data = a_register({}, {}, **cases({"on": "2024-04-01"}, {"on": "2025-04-01"}))
    then = asked(received_on=pd.Timestamp("2025-04-11"))
    np.testing.assert_allclose(values("last", seen(data, then)), np.log([13.0, NEVER + 3]))


def test_outcomes_on_the_topic_are_counted_from_the_average_and_steadied():
    """E1 resolved both of two cases on the topic, E2 none of two, E3 has no case; half are resolved on average."""
    rows = [
        {**row, "expert_id": expert, "resolved": resolved}
        for expert, resolved in (("E1", 1.0), ("E2", 0.0))
        for row in some(2)
    ]
    data = a_register({}, {}, {}, **cases(*rows, *around()))
    good, bad, none = values("similar_outcome", seen(data, asked()))
    assert good == pytest.approx((2 - 0.5 * 2) / (2 + STEADYING), rel=0.01)
    assert bad == pytest.approx(-good)
    assert none == 0.0


def test_unlike_cases_say_little_of_this_one():
    rows = [
        {"expert_id": expert, "description": text, "category": kind, "resolved": resolved, "on": f"2025-0{month}-01"}
        for month in (1, 2, 3)
        for expert, text, kind, resolved in (
            ("E1", WEB, "sales.web", 1.0),
            ("E2", BANK, "finance.loan", 1.0),
            ("E3", BANK, "finance.loan", 0.0),
        )
    ]
    like, unlike, _ = values("similar_outcome", seen(a_register({}, {}, {}, **cases(*rows)), asked()))
    assert like > 0.1
    assert abs(unlike) < 0.05


def test_without_a_known_outcome_nothing_is_known_of_kindred_ones():
    data = a_register({}, **cases(*some(3, resolved=np.nan), *around()))
    assert np.isnan(values("similar_outcome", seen(data, asked()))).all()


def test_a_case_of_the_category_counts_one_and_of_its_area_less():
    rows = [
        {"expert_id": "E1"},
        {"expert_id": "E2", "category": "sales.promotion"},
        {"expert_id": "E3", "category": "digital.adoption"},
    ]
    same, near, other = np.exp(values("kind", seen(a_register({}, {}, {}, **cases(*rows)), asked()))) - 0.1
    assert same == pytest.approx(1, abs=0.001)
    assert same > near > other == pytest.approx(0)


@pytest.mark.parametrize("name", RECORD)
def test_three_clients_are_enough_for_figures(name):
    data = a_register({}, **cases(*some(FEWEST_CLIENTS), *around()))
    assert "3件" in words(data, name)
    assert "2025年3月" in words(data, name)
    assert "3 dispatches" in words(data, name, "en")
    assert "2025-03" in words(data, name, "en")
    assert "3 of 3 known outcomes resolved" in words(data, name, "en")


@pytest.mark.parametrize("rows", [some(2), some(1) * 5, some(5, client_id=np.nan), some(2) + some(4, client_id=np.nan)])
def test_no_figure_and_no_date_rests_on_fewer_clients(rows):
    """Neither in the words nor in the evidence; a client that is not known may be any of the known ones."""
    pairs = seen(a_register({"categories": ("sales.web",)}, **cases(*rows, *around())), asked())
    assert pairs.consultations.topic[0] >= 0
    rule = re.compile(f"{FEWEST_CLIENTS}社未満|fewer than {FEWEST_CLIENTS} clients")
    for declared in FEATURES.values():
        found = declared.compute(pairs) if declared.compute else np.zeros(1)
        (evidence,) = declared.evidence(pairs, found)
        said = " ".join(declared.sentence(evidence, lang) for lang in LANGS)
        assert not re.search(r"\d", rule.sub("", said)), declared.name
        assert not {"known", "resolved", "clients", "last"} & set(evidence)
        assert not evidence.get("cases")


@pytest.mark.parametrize("name", RECORD)
def test_outcomes_of_fewer_clients_are_withheld_though_the_cases_are_told(name):
    rows = some(3, resolved=np.nan)
    rows[0]["resolved"] = 1.0
    data = a_register({}, **cases(*rows, *around()))
    assert "派遣3件、結果は3社未満のため非表示" in words(data, name)
    assert "3 dispatches" in words(data, name, "en")
    assert "outcomes of fewer than 3 clients not shown" in words(data, name, "en")


@pytest.mark.parametrize("name", ["category_record", "category"])
def test_few_clients_no_case_and_unrecorded_outcomes_are_said_apart(name):
    few = words(a_register({}, **cases(*some(2))), name)
    assert few == "同じ分野の派遣経験があります（3社未満のため件数は非表示）"
    none = words(a_register({}, {}, **cases(*some(2, expert_id="E2"))), name)
    assert none == "同じ分野の派遣の記録がありません"
    unrecorded = words(a_register({}, **cases(*some(3, resolved=np.nan))), name)
    assert "結果は未記録" in unrecorded


def test_only_the_categorys_own_cases_are_told_for_it():
    data = a_register({}, **cases(*some(4), *some(3, category="digital.adoption")))
    assert "派遣4件" in words(data, "category_record")


def test_only_similar_cases_are_told_as_similar():
    data = a_register({}, **cases(*some(4), *some(3, description=BANK)))
    assert "似た相談の派遣4件" in words(data, "text")
    assert "派遣7件" in words(data, "category_record")


def test_only_cases_on_the_topic_are_told_for_it_though_the_category_is_the_same():
    others = around(WEB, BANK, each=40, category="sales.web")
    data = a_register({}, **cases(*some(4), *some(3, description=BANK), *others))
    assert "同じ論点の派遣4件" in words(data, "similar_outcome")
    assert "派遣7件" in words(data, "category_record")


def test_of_a_text_on_no_known_topic_nothing_is_said_and_nothing_counted():
    pairs = seen(a_register({}, {}, **cases(*some(4), *around())), asked(description="zzz"))
    assert values("similar_outcome", pairs).tolist() == [0.0, 0.0]
    for lang in LANGS:
        assert sentences("similar_outcome", pairs, lang) == ["", ""]
    (evidence, _) = FEATURES["similar_outcome"].evidence(pairs, values("similar_outcome", pairs))
    assert FEATURES["similar_outcome"].tells(evidence) == 0
