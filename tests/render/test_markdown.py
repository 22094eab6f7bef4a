import re

from matcher.render.markdown import render
from matcher.shortlist import Reason
from tests.render.builders import EMPTY, UNKNOWN, a_shortlist, an_item


def table_rows(text: str) -> list[list[str]]:
    lines = text.split("## ")[0].splitlines()
    return [re.split(r"(?<!\\)\|", line)[1:-1] for line in lines if line.startswith("|")]


def test_one_row_an_expert_whatever_the_texts_hold():
    hard = an_item(name="A|B\\|C\nD", reasons=(Reason("a | b", "f", 1.0, {}), Reason("*c*", "g", 0.5, {})))
    rows = table_rows(render(a_shortlist(an_item(), hard)))
    assert [len(row) for row in rows] == [7, 7, 7, 7]
    assert "a \\| b / \\*c\\*" in rows[3][5]


def test_markup_in_a_name_stays_literal():
    text = render(a_shortlist(an_item(name="<b>[x](http://y)</b>")))
    assert "\\<b\\>\\[x\\](http://y)\\</b\\>" in text


def test_it_is_written_in_the_shortlists_language():
    japanese, english = (render(a_shortlist(an_item(), lang=lang)) for lang in ("ja", "en"))
    assert "| 専門家 | 所在地 | 解決の見込み | 確かさ | 理由 | 気になる点 |" in japanese
    assert "62%（48–74%）" in japanese
    assert "| expert | place | chance of solving | confidence | reasons | to consider |" in english
    assert "62% (48–74%)" in english
    assert "about 12 km, distance between the municipalities" in english


def test_unknown_and_nothing_against_are_said():
    assert [cell.strip() for cell in table_rows(render(a_shortlist(UNKNOWN)))[2][2:]] == [
        "距離は不明",
        "不明",
        "不明",
        "特になし",
        "特になし",
    ]


def test_nobody_eligible_is_said_without_a_table_of_experts():
    text = render(EMPTY)
    assert "対象になる専門家がいません" in text
    assert table_rows(text) == []
