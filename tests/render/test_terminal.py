from dataclasses import replace

import pytest
from rich.cells import cell_len

from matcher.render.terminal import READ_IN_FULL, render
from matcher.shortlist import Exclusion, Reason
from tests.render.builders import EMPTY, UNKNOWN, a_shortlist, an_item

TEN = a_shortlist(*(an_item(f"E{i}", rank=i, name=f"専門家{i}") for i in range(1, 11)))


def test_all_that_decides_is_on_it():
    text = render(a_shortlist(an_item()))
    wanted = ["K7", "Web・SNS・EC活用", "東京都千代田区", "対面希望", "2026-03-10", "髙﨑𠮷（たかさきよし）"]
    wanted += ["中小企業診断士、税理士", "東京都新宿区", "約12km", "62%（48–74%）", "確かさ: 中くらい"]
    wanted += [
        "＋ 同じ分野で 3 件を解決",
        "－ 遠方です",
        "登録 1,202人のうち対象1,200人",
        "除外2人: 休止・引退 2人",
    ]
    wanted += ["注意: 相談者は制度に登録されていません", "モデル m1 0123456789ab", "データ fedcba987654"]
    assert [words for words in wanted if words not in text] == []


@pytest.mark.parametrize("width", [80, 100, 140])
def test_no_line_is_wider_than_the_screen_even_with_full_width_letters(width):
    long = an_item("E2", name="髙" * 40, kana="た" * 40, reasons=(Reason("𠮷" * 120, "f", 1.0, {}),))
    for lang in ("ja", "en"):
        lines = render(replace(a_shortlist(an_item(), long), lang=lang), width=width).splitlines()
        assert max(map(cell_len, lines)) <= width


def test_a_name_of_40_characters_is_shown_whole():
    text = render(a_shortlist(an_item(name="髙" * 40)))
    assert text.count("髙") == 40


def test_the_first_five_are_read_in_full_and_the_rest_in_brief():
    text = render(TEN)
    assert text.count("遠方です") == READ_IN_FULL == 5
    assert text.count("＋ 同じ分野で 3 件を解決") == 10


def test_ties_are_marked():
    text = render(a_shortlist(an_item(tied=True), an_item("E2", tied=True)))
    assert text.count("1=") == 2


def test_unknown_is_said_and_no_note_explains_a_chance_that_is_not_there():
    text = render(a_shortlist(UNKNOWN))
    assert all(words in text for words in ("確かさ: 不明", "距離は不明", "－ 特になし"))
    assert "解決の見込み =" not in text


def test_nobody_eligible_says_what_to_relax():
    text = render(EMPTY)
    assert "対象になる専門家がいません" in text
    assert "条件を緩めるなら: 「休止・引退」だけを緩めると 2 人" in text


def test_an_expert_under_several_rules_is_told_to_be_counted_under_each():
    twice = tuple(Exclusion(rule, rule, 1, ("E9",)) for rule in ("status", "capacity"))
    assert "それぞれの理由に数えています" in render(a_shortlist(an_item(), excluded=twice, registered=1201))
    assert "それぞれの理由" not in render(a_shortlist(an_item()))


def test_english_is_english():
    text = render(a_shortlist(an_item(), lang="en"))
    wanted = ["1,200 of 1,202 registered experts are eligible", "left out 2", "62% (48–74%)", "confidence: medium"]
    assert [words for words in wanted if words not in text] == []


def test_neither_markup_nor_control_characters_in_a_name_reach_the_terminal():
    text = render(a_shortlist(an_item(name="[red]赤[/red]\x1b[31m\u202e")), color=False)
    assert "[red]赤[/red]" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_colour_is_there_only_when_asked_for():
    assert "\x1b[" in render(TEN, color=True)
    assert "\x1b[" not in render(TEN)


def test_zero_kilometres_between_municipalities_is_the_same_municipality():
    assert "同じ市区町村" in render(a_shortlist(an_item(distance_km=0.0)))
