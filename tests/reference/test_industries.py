import pytest

from matcher.errors import UnknownValueError
from matcher.reference.industries import division_of, industries, industry_code, industry_codes, industry_name


def test_there_are_20_divisions_and_99_groups():
    frame = industries()
    assert frame["parent"].isna().sum() == 20
    assert len(industry_codes()) == len(frame) == 20 + 99


def test_every_group_lies_in_a_division():
    assert {division_of(code) for code in industry_codes()} == set("ABCDEFGHIJKLMNOPQRST")
    assert (division_of("09"), division_of("E")) == ("E", "E")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("9", "09"), ("０９", "09"), ("9.0", "09"), ("e", "E"), ("Ｅ", "E"), (" 製造業", "E"), ("飲食店", "76")),
        *(("Manufacturing", "E"), ("農業、林業", "A"), ("鉱業，採石業，砂利採取業", "C")),
    ],
)
def test_an_industry_is_understood_in_free_spelling(text, code):
    assert industry_code(text) == code


@pytest.mark.parametrize("text", ["", "0", "00", "100", "U", "ラーメン"])
def test_text_that_names_no_industry_has_no_code(text):
    assert industry_code(text) is None


def test_a_group_without_an_english_name_is_shown_under_its_division():
    assert (industry_name("76"), industry_name("M", "en")) == (
        "飲食店",
        "Accommodations, eating and drinking services",
    )
    assert industry_name("76", "en") == "Accommodations, eating and drinking services (飲食店)"


@pytest.mark.parametrize("call", [division_of, industry_name])
def test_an_unknown_industry_is_refused_with_what_is_accepted(call):
    with pytest.raises(UnknownValueError, match=r"'Z9'.*JSIC"):
        call("Z9")
