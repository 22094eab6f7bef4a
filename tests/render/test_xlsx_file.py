import io
import zipfile

import pytest
from python_calamine import load_workbook

from matcher.render import render
from tests.render.builders import EMPTY, UNKNOWN, a_shortlist, an_item


def sheets_of(shortlist):
    book = load_workbook(io.BytesIO(render(shortlist, "xlsx")))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_three_sheets_named_and_headed_in_the_language():
    japanese, english = (sheets_of(a_shortlist(an_item(), lang=lang)) for lang in ("ja", "en"))
    assert list(japanese) == ["推薦一覧", "除外", "この一覧について"]
    assert list(english) == ["shortlist", "exclusions", "about"]
    assert japanese["推薦一覧"][0][:4] == ["順位", "同順位", "専門家ID", "氏名"]
    assert english["shortlist"][0][:4] == ["rank", "tied", "expert id", "name"]


def test_cells_are_words_for_people_and_numbers_for_sums():
    header, row = sheets_of(a_shortlist(an_item(tied=True)))["推薦一覧"]
    cells = dict(zip(header, row, strict=True))
    assert (cells["解決の見込み"], cells["距離 (km)"], cells["順位"]) == (0.62, 12.3, 1)
    assert (cells["確かさ"], cells["同順位"], cells["資格"]) == ("中くらい", "同順位", "中小企業診断士、税理士")


def test_nothing_against_is_said_and_unknown_is_blank():
    header, row = sheets_of(a_shortlist(UNKNOWN))["推薦一覧"]
    cells = dict(zip(header, row, strict=True))
    assert (cells["気になる点"], cells["確かさ"], cells["解決の見込み"]) == ("特になし", "不明", "")


def test_exclusions_name_the_expert_and_the_reason():
    assert sheets_of(a_shortlist())["除外"][1:] == [["休止・引退", "E8", "引退"], ["休止・引退", "E9", "休止中"]]


def test_an_empty_one_has_its_headers_and_says_what_to_relax():
    sheets = sheets_of(EMPTY)
    assert len(sheets["推薦一覧"]) == 1
    assert ["条件を緩めるなら", "「休止・引退」だけを緩めると 2 人が対象になります"] in sheets["この一覧について"]


@pytest.mark.parametrize("name", ["=1+1", "https://example.jp", "123", "{=1}"])
def test_text_stays_text(name):
    shortlist = a_shortlist(an_item(name=name))
    assert sheets_of(shortlist)["推薦一覧"][1][3] == name
    with zipfile.ZipFile(io.BytesIO(render(shortlist, "xlsx"))) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_a_text_longer_than_a_cell_is_cut_and_a_control_character_is_no_fault():
    shortlist = a_shortlist(an_item(name="名" * 40_000, kana="た\x07か"))
    assert len(sheets_of(shortlist)["推薦一覧"][1][3]) == 32_767
