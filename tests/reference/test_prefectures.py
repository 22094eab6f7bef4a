import pytest

from matcher.errors import UnknownValueError
from matcher.reference.prefectures import (
    bureau_name,
    bureau_of,
    prefecture_code,
    prefecture_name,
    prefectures,
)

SPELLINGS = {
    "13": [
        *(
            "東京",
            "東京都",
            " 東 京 都　",
            "Tokyo",
            "TOKYO",
            "tōkyō",
            "ＴＯＫＹＯ",
            "Tokyo-to",
            "Toukyou",
            "とうきょう",
        ),
        *("とうきょうと", "トウキョウ", "ﾄｳｷｮｳ", "13", "１３", "13.0", "JP-13", "jp13", "Tokyo Metropolis"),
    ],
    "01": ["1", "０１", "01", "北海道", "Hokkaidō", "Hokkai-do", "ほっかいどう", "Hokkaido Prefecture"],
    "26": ["京都", "京都府", "きょうと", "Kyōto-fu", "kyoto"],
    "27": [" 大阪 府", "大阪", "Ōsaka", "Oosaka", "Osaka-fu"],
    "44": ["大分", "Ōita", "Oita Pref."],
    "28": ["Hyōgo", "Hyougo", "兵庫県"],
    "39": ["高知", "Kōchi-ken", "Kouchi"],
}


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in SPELLINGS.items() for text in texts])
def test_a_prefecture_is_understood_in_free_spelling(code, text):
    assert prefecture_code(text) == code


@pytest.mark.parametrize(
    "text",
    ["", " ", "0", "00", "48", "-1", "013", "1.5", "関東", "東", "京", "東京都庁", "nan", "JP", "JP-48"],
)
def test_text_that_names_no_prefecture_has_no_code(text):
    assert prefecture_code(text) is None


def test_every_declared_name_leads_back_to_its_own_code():
    frame = prefectures()
    for column in ("code", "name", "kana", "name_en", "iso"):
        assert list(frame[column].map(prefecture_code)) == list(frame["code"])


def test_there_are_47_prefectures_numbered_in_order():
    frame = prefectures()
    assert list(frame["code"]) == [f"{number:02d}" for number in range(1, 48)]
    assert frame["population_2020"].sum() == 126_146_099
    assert frame[["lat", "lon"]].notna().all(axis=None)


def test_names_and_bureaus_come_in_both_languages():
    assert (prefecture_name("13"), prefecture_name("13", "en")) == ("東京都", "Tokyo")
    assert bureau_of("15") == "kanto"
    assert (bureau_name("kinki"), bureau_name("kinki", "en")) == ("近畿", "Kinki")
    assert all(bureau_name(bureau_of(code)) for code in prefectures()["code"])


@pytest.mark.parametrize("call", [prefecture_name, bureau_of, bureau_name])
def test_an_unknown_code_is_refused_with_what_is_accepted(call):
    with pytest.raises(UnknownValueError, match=r"'99'; accepted: "):
        call("99")
