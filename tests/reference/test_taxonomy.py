import pandas as pd
import pytest

from matcher.errors import InvalidValueError, UnknownValueError
from matcher.reference.taxonomy import Taxonomy, builtin_categories


def a_taxonomy(*rows):
    return Taxonomy(pd.DataFrame(rows, columns=["code", "parent", "name_ja", "name_en"], dtype="str"))


def test_the_builtin_taxonomy_has_14_areas_and_39_categories():
    taxonomy = Taxonomy.builtin()
    assert (len(taxonomy.areas), len(taxonomy.codes)) == (14, 14 + 39)


def test_an_areas_share_is_the_sum_of_its_categories():
    frame = builtin_categories().astype({"share": "float64"})
    below = frame.dropna(subset="parent").groupby("parent")["share"].sum()
    areas = frame[frame["parent"].isna()].set_index("code")["share"]
    assert below[areas.index].to_numpy() == pytest.approx(areas.to_numpy())
    assert areas.sum() == pytest.approx(1)


def test_the_place_of_a_category_in_the_tree():
    taxonomy = Taxonomy.builtin()
    assert (taxonomy.parent("digital.security"), taxonomy.area("digital.security")) == ("digital", "digital")
    assert (taxonomy.parent("digital"), taxonomy.area("digital")) == (None, "digital")
    assert taxonomy.siblings("pricing.costing") == ("pricing.negotiation",)
    assert taxonomy.children("pricing") == ("pricing.costing", "pricing.negotiation")
    assert taxonomy.siblings("pricing") == taxonomy.children("pricing.costing") == ()


def test_a_tree_of_any_depth_leads_to_its_top():
    taxonomy = a_taxonomy(("a.b.c", "a.b", "", ""), ("a.b", "a", "", ""), ("a", None, "", ""))
    assert (taxonomy.area("a.b.c"), taxonomy.parent("a.b.c")) == ("a", "a.b")


def test_codes_are_any_strings():
    codes = ["1.6-donut", "pizza, pasta", "c#", "c++", "c", "NA", " ", "価格;原価"]
    taxonomy = a_taxonomy(*((code, None, code, code) for code in codes))
    assert [taxonomy.resolve(code) for code in codes] == codes
    assert taxonomy.areas == tuple(codes)


def test_text_resolves_by_code_or_name_in_either_language():
    taxonomy = Taxonomy.builtin()
    texts = ["digital", "Digital", "ＤＩＧＩＴＡＬ", "IT・DX", "ｉｔ・ｄｘ", " IT and  digital transformation "]
    assert {taxonomy.resolve(text) for text in texts} == {"digital"}
    assert [taxonomy.resolve(text) for text in ("", "恋愛相談", "digi")] == [None, None, None]


def test_an_exact_code_wins_and_ambiguous_text_resolves_to_nothing():
    taxonomy = a_taxonomy(("AR", None, "拡張現実", None), ("ar", None, "債権", None), ("x", None, "債権", None))
    assert (taxonomy.resolve("AR"), taxonomy.resolve("ar"), taxonomy.resolve("Ar")) == ("AR", "ar", None)
    assert (taxonomy.resolve("拡張現実"), taxonomy.resolve("債権")) == ("AR", None)


def test_a_name_falls_back_on_the_other_language_then_on_the_code():
    taxonomy = a_taxonomy(("both", None, "両方", "both"), ("ja", None, "和", None), ("none", None, None, None))
    assert [taxonomy.name(code, "en") for code in taxonomy.codes] == ["both", "和", "none"]
    assert [taxonomy.name(code) for code in taxonomy.codes] == ["両方", "和", "none"]


def test_a_table_of_codes_alone_is_a_taxonomy():
    assert Taxonomy(pd.DataFrame({"code": ["a", "b"]})).areas == ("a", "b")


@pytest.mark.parametrize("call", ["parent", "area", "children", "siblings", "name", "require"])
def test_an_unknown_category_is_refused_with_close_ones(call):
    with pytest.raises(UnknownValueError, match=r"'digital\.securty'.*digital\.security"):
        getattr(Taxonomy.builtin(), call)("digital.securty")


def test_a_name_given_for_a_code_is_answered_with_the_code():
    with pytest.raises(UnknownValueError, match="did you mean digital"):
        Taxonomy.builtin().require("IT・DX")


def test_with_nothing_close_the_areas_are_named():
    with pytest.raises(UnknownValueError, match=r"accepted: sales, product, digital.* \.\.\.$"):
        Taxonomy.builtin().require("恋愛")


@pytest.mark.parametrize(
    ("rows", "error", "value"),
    [
        ([("a", "b", "", ""), ("b", "a", "", "")], InvalidValueError, "'a'"),
        ([("a", "a", "", "")], InvalidValueError, "'a'"),
        ([("a", None, "", ""), ("a", None, "", "")], InvalidValueError, "'a'"),
        ([("a", "ghost", "", "")], UnknownValueError, "'ghost'"),
    ],
)
def test_a_table_that_is_no_forest_is_refused(rows, error, value):
    with pytest.raises(error, match=value):
        a_taxonomy(*rows)


def test_building_a_taxonomy_leaves_the_frame_as_it_was():
    before = builtin_categories().copy()
    Taxonomy(builtin_categories())
    pd.testing.assert_frame_equal(builtin_categories(), before)
