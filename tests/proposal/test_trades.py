import pytest

from matcher.proposal.mentions import surest, weighed
from matcher.proposal.trades import by_division, find_trades
from matcher.reference.files import reference_table
from matcher.reference.industries import industry_codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("和菓子店です", "09"),
        ("豆腐製造業です", "09"),
        ("製造業です", "E"),
        ("農業，林業", "A"),
        ("農業を営む", "01"),
        ("ﾗｰﾒﾝ店を開く", "76"),
        ("温泉旅館", "75"),
        ("a Manufacturing company", "E"),
    ],
)
def test_a_trade_is_known_by_its_name_or_a_usual_word(text, code):
    assert [mention.codes for mention in find_trades(text)] == [(code,)]


@pytest.mark.parametrize(
    "text", ["バーコードの導入", "ポリエステルの布", "construction of a proof", "売上を伸ばしたい", ""]
)
def test_a_word_inside_another_is_no_trade(text):
    assert find_trades(text) == []


def test_a_division_is_silent_where_one_of_its_groups_is_named():
    assert [mention.codes for mention in find_trades("製造業、和菓子店")] == [("09",)]


def test_groups_of_one_division_leave_the_division_sure():
    found = weighed(find_trades("旅館です。飲食店も、ホテルも、居酒屋も"), 0.8)
    assert [named.code for named in found] == ["75", "76"]
    (division,) = by_division(found)
    assert (division.code, round(division.probability, 6)) == ("M", 0.8)
    assert surest([division]) == division


def test_every_usual_word_names_one_known_industry():
    frame = reference_table("industry_words")
    words = [word for cell in frame["words"] for word in cell.split(";")]
    assert set(frame["code"]) <= industry_codes()
    assert len(words) == len(set(words))
    assert all(len(word) > 1 or word == "塾" for word in words)
