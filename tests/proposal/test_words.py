import numpy as np
import pandas as pd
import pytest

from matcher.proposal.words import TaxonomyWords, usual_shares
from matcher.reference.files import reference_table
from matcher.reference.taxonomy import Taxonomy, builtin_categories

BUILTIN = Taxonomy.builtin()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Instagramを始めたい", "sales.web"),
        ("商標登録について", "ip.trademark"),
        ("就業規則を直したい", "people.labour"),
        ("qualified invoices", "digital.cashless"),
        ("ｲﾝﾊﾞｳﾝﾄﾞ向けの宿", "sales.inbound"),
    ],
)
def test_names_in_both_languages_and_usual_words_speak_for_a_category(text, code):
    assert BUILTIN.codes[int(TaxonomyWords(BUILTIN)([text])[0].argmax())] == code


def test_a_text_without_a_known_word_speaks_for_none():
    assert not TaxonomyWords(BUILTIN)(["zzzz", ""]).any()


def test_another_taxonomy_does_not_get_the_built_in_words():
    own = Taxonomy(pd.DataFrame({"code": ["sales.web", "other"], "name_ja": ["釣り", "畑"]}))
    assert not TaxonomyWords(own)(["インスタ"]).any()
    assert TaxonomyWords(own)(["釣り"])[0].argmax() == 0
    assert usual_shares(own).tolist() == [0.5, 0.5]


def test_usual_shares_sum_to_one_and_areas_are_rare():
    share = dict(zip(BUILTIN.codes, usual_shares(BUILTIN), strict=True))
    assert np.isclose(sum(share.values()), 1.0)
    assert share["sales"] < share["sales.inbound"]


def test_every_built_in_category_below_an_area_has_usual_words():
    frame = builtin_categories()
    assert set(reference_table("issue_words")["code"]) == set(frame["code"][frame["parent"].notna()])
