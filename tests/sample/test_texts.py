import re
from collections import Counter

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from matcher.sample.words import industries, load, load_names, topics
from tests.sample.worlds import small_world

SENTENCE = re.compile("[。　]")


def descriptions():
    return small_world().data.consultations["description"].dropna()


def introductions():
    return small_world().data.experts["introduction"].dropna()


@pytest.mark.parametrize("texts", [descriptions, introductions])
def test_texts_hardly_repeat(texts):
    assert texts().nunique() / len(texts()) > 0.99


@pytest.mark.parametrize("texts", [descriptions, introductions])
def test_texts_have_several_sentences_of_different_lengths(texts):
    many = texts().map(lambda text: len([part for part in SENTENCE.split(text) if part]))
    assert many.mean() > 3
    assert many.min() >= 1
    assert many.std() > 1


@pytest.mark.parametrize("texts", [descriptions, introductions])
def test_no_opening_sentence_is_everywhere(texts):
    openings = Counter(text[:6] for text in texts())
    assert openings.most_common(1)[0][1] < 0.15 * len(texts())


def test_no_slot_is_left_open():
    assert not descriptions().str.contains(r"[{}]").any()
    assert not introductions().str.contains(r"[{}]").any()
    assert not descriptions().str.contains("。。|、、|nan|None").any()


def test_every_category_has_sub_topics_with_full_banks():
    counts = Counter(topics().category.tolist())
    assert set(counts) == set(range(39))
    assert set(counts.values()) <= {2, 3, 4}
    for kind, least in (("terms", 5), ("trouble", 3), ("tried", 3), ("wish", 3), ("expert", 3), ("result", 1)):
        assert min(Counter(topics().banks[kind].group.tolist()).values()) >= least, kind


def test_every_sub_topic_has_an_industry_that_has_it():
    assert topics().fits.any(axis=1).all()
    assert topics().fits.shape == (len(topics().topics), len(industries().codes))


def test_phrases_end_as_their_frames_need():
    for phrase in topics().banks["wish"].phrases:
        assert phrase[-1] in "うくぐすつぬぶむる", phrase
    for phrase in topics().banks["tried"].phrases:
        assert phrase[-1] in "ただ", phrase
    for kind in ("trouble", "result", "expert"):
        assert not any(phrase.endswith(("。", "、", "ます", "です")) for phrase in topics().banks[kind].phrases)


def test_clients_have_problems_of_their_trade():
    asked = small_world().data.consultations
    lodging = asked[asked["description"].str.contains("客室単価", na=False) & asked["industry"].notna()]
    assert len(lodging) > 3
    assert (lodging["industry"] == "75").all()


def test_a_text_finds_experts_of_its_sub_topic():
    """Nearness of texts says something about success beyond the category, or a ranker could not use it."""
    world = small_world()
    asked = world.data.consultations.tail(500)
    experts = world.data.experts
    words = TfidfVectorizer(analyzer="char", ngram_range=(2, 3), min_df=2, sublinear_tf=True)
    known = words.fit_transform(experts["introduction"].fillna(""))
    nearness = (words.transform(asked["description"].fillna("")) @ known.T).toarray()
    truth = world.truth["probability"].to_numpy().reshape(nearness.shape)
    claim = np.array([[code in listed for listed in experts["categories"]] for code in asked["category"]])
    near = [
        row[who][np.argsort(-near[who])[:5]].mean()
        for row, near, who in zip(truth, nearness, claim, strict=True)
        if who.sum() >= 20
    ]
    anyone = [row[who].mean() for row, who in zip(truth, claim, strict=True) if who.sum() >= 20]
    assert np.mean(near) > np.mean(anyone) + 0.08


def test_names_are_varied_and_some_use_rare_letters():
    names = small_world().data.experts["name"]
    assert names.nunique() > 0.95 * len(names)
    assert names.str.contains("[髙﨑𠮷邉邊濵德]").any()
    kana = small_world().data.experts["kana"].dropna()
    assert kana.str.fullmatch("[ァ-ヴー]+ [ァ-ヴー]+").all()


def test_word_lists_have_no_doubles():
    assert not load_names("surnames")["name"].duplicated().any()
    assert not load_names("given_names")["name"].duplicated().any()
    assert set(load("firms")["trade"]) >= set(industries().divisions)
