import pytest

from matcher.similarity.units import grams, units


def test_kanji_and_hiragana_stand_alone_and_katakana_words_beside_their_characters():
    assert units("駅前のカフェ") == ["駅", "前", "の", "カフェ", "カ", "フ", "ェ"]
    assert units("ア") == ["ア"]
    assert units("東京・パリ") == ["東", "京", "パリ", "パ", "リ"]


def test_words_of_other_scripts_stay_whole():
    assert units("Two dogs, façade; 3人のIT") == ["two", "dogs", "façade", "3", "人", "の", "it"]


@pytest.mark.parametrize("text", ["", " ", "、。！？", "\n"])
def test_what_is_no_word_gives_no_unit(text):
    assert units(text) == []


@pytest.mark.parametrize(("written", "meant"), [("ＷＥＢ", "web"), ("ﾃﾞｻﾞｲﾝ", "デザイン"), ("か\u3099", "\u304c")])
def test_width_case_and_composition_do_not_matter(written, meant):
    assert units(written) == units(meant)
    assert grams(written) == grams(meant)


def test_a_rare_kanji_outside_the_basic_plane_is_one_unit():
    assert units("𠮷野") == ["𠮷", "野"]


def test_grams_are_the_units_and_neighbouring_characters():
    assert grams("海。") == ["海", "海。"]
    assert grams("") == []
