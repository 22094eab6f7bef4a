import pandas as pd
import pytest

from matcher.columns import CONSULTATIONS, DISPATCHES, EXPERTS, Table
from matcher.reading.cells import parser_of
from matcher.reading.unreadable import UnreadableError
from matcher.reference.taxonomy import Taxonomy

FOREIGN = Taxonomy(pd.DataFrame({"code": ["mysql", "null", "a、b"], "name_ja": ["データ庫", "無", None]}))


def read(table: Table, column: str, text: str, taxonomy: Taxonomy | None = FOREIGN) -> object:
    return parser_of(table.by_name[column], taxonomy)(text)


@pytest.mark.parametrize("text", ["東京", "東京都", "Tokyo", "13", "１３", " tōkyō "])
def test_prefectures_are_read_in_free_spelling(text: str) -> None:
    assert read(EXPERTS, "prefecture_code", text) == "13"


@pytest.mark.parametrize("text", ["yes", "1", "１", "はい", "有", "TRUE", "可", "○", "〇"])
def test_yes_has_many_spellings(text: str) -> None:
    assert read(EXPERTS, "remote", text) == 1.0


@pytest.mark.parametrize("text", ["no", "0", "０", "いいえ", "無", "False", "不可", "×"])
def test_no_has_many_spellings(text: str) -> None:
    assert read(DISPATCHES, "resolved", text) == 0.0


def test_a_flag_that_is_neither_is_refused() -> None:
    with pytest.raises(UnreadableError, match="はい / いいえ"):
        read(EXPERTS, "remote", "たぶん")


def test_choices_are_read_in_japanese_and_loose_capitals() -> None:
    assert read(EXPERTS, "style", "提案型") == read(EXPERTS, "style", " Propose") == "propose"
    assert read(CONSULTATIONS, "status", "終了") == "closed"


def test_a_choice_of_another_column_is_refused() -> None:
    with pytest.raises(UnreadableError, match="onsite / online / either"):
        read(CONSULTATIONS, "mode", "open")


def test_categories_come_from_the_given_taxonomy_by_code_or_name() -> None:
    assert read(CONSULTATIONS, "category", "MySQL") == read(CONSULTATIONS, "category", "データ庫") == "mysql"
    assert read(CONSULTATIONS, "category", "null") == "null"
    with pytest.raises(UnreadableError, match="3 件"):
        read(CONSULTATIONS, "category", "sales")


def test_without_a_taxonomy_every_category_passes() -> None:
    assert read(CONSULTATIONS, "category", "anything", None) == "anything"


def test_lists_keep_their_order_and_drop_blank_items() -> None:
    assert read(EXPERTS, "qualifications", " 税理士;;弁理士； 診断士 ;") == ("税理士", "弁理士", "診断士")


def test_commas_separate_known_codes_but_never_free_text() -> None:
    assert read(EXPERTS, "service_prefectures", "東京、神奈川;１１") == ("13", "14", "11")
    assert read(EXPERTS, "categories", "a、b;mysql") == ("a、b", "mysql")
    assert read(EXPERTS, "qualifications", "税理士、弁理士") == ("税理士、弁理士",)


def test_a_list_names_every_bad_item_with_the_closest_known_one() -> None:
    with pytest.raises(UnreadableError) as refused:
        read(EXPERTS, "categories", "mysq;mysql;zzz")
    (first, meant), (second, alone) = refused.value.reasons("", suggest=True)
    assert (first, second) == ("mysq", "zzz")
    assert meant.endswith("mysql?")
    assert "もしかして" not in alone


def test_free_text_is_kept_raw() -> None:
    assert read(EXPERTS, "introduction", " ＡＢＣ　髙﨑 ") == " ＡＢＣ　髙﨑 "
