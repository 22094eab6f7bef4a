import pytest

from matcher.proposal.mentions import surest, weighed
from matcher.proposal.places import find_places


def meant(text: str) -> tuple[str | None, str | None]:
    """The prefecture's code and the municipality's name that a text tells."""
    found = find_places(text)
    one, two = (surest(weighed(mentions, 0.9)) for mentions in (found.prefectures, found.municipalities))
    return one and one.code, two and two.code


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("東京都府中市で和菓子店を営んでいます", ("13", "府中市")),
        ("広島の府中市です", ("34", "府中市")),
        ("山形県の旅館", ("06", None)),
        ("山形で旅館を", ("06", None)),
        ("東京都内のカフェ", ("13", None)),
        ("京都の呉服店", ("26", None)),
        ("札幌市の中央区です", ("01", "札幌市中央区")),
        ("大阪市中央区本町１－２", ("27", "大阪市中央区")),
        ("新宿区西新宿", ("13", "新宿区")),
        ("龍ヶ崎市の農家", ("08", "龍ケ崎市")),
        ("横浜の会社です", ("14", "横浜市")),
        ("唐津市の窯元", ("41", "唐津市")),
        ("大分の温泉", ("44", None)),
    ],
)
def test_a_named_place_is_found(text, place):
    assert meant(text) == place


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ﾄｳｷｮｳで", "13"),
        ("おおさかで食堂", "27"),
        ("トウキョウト", "13"),
        ("ＴＯＫＹＯ", "13"),
        ("Ōsaka", "27"),
        ("よこはまし", "14"),
    ],
)
def test_kana_full_width_and_latin_forms_are_understood(text, code):
    assert meant(text)[0] == code


@pytest.mark.parametrize(
    "text",
    [
        "山口さんから聞いた",
        "石川製作所です",
        "津市場の店",
        "大分良くなりました",
        "二重三重の壁",
        "見積もりならできます",
        "地区の会",
        "新しい村",
        "",
    ],
)
def test_what_only_looks_like_a_place_is_none(text):
    assert find_places(text).prefectures == []


def test_a_name_of_two_prefectures_leaves_the_prefecture_open():
    found = weighed(find_places("府中市の飲食店です").prefectures, 0.9)
    assert [(named.code, named.probability) for named in found] == [("13", 0.45), ("34", 0.45)]
    assert surest(found) is None
    assert meant("府中市の飲食店です") == (None, "府中市")


def test_words_are_told_as_they_were_written():
    assert find_places("龍ヶ崎市とトウキョウト").prefectures[0].words == "龍ヶ崎市"
    assert find_places("トウキョウト").prefectures[0].words == "トウキョウト"


def test_the_first_of_several_places_counts_twice():
    found = weighed(find_places("山形県の会社が、東京に店を出す").prefectures, 0.9)
    assert [(named.code, round(named.probability, 6)) for named in found] == [("06", 0.6), ("13", 0.3)]
