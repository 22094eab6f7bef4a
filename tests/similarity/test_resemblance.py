import numpy as np
import pytest
from scipy.stats import spearmanr

from matcher.errors import InvalidValueError
from matcher.similarity.resemblance import Resemblance
from tests.similarity.captions import some_pairs, texts_of

ENGLISH = [
    "a dog runs on the beach",
    "a puppy runs on the beach",
    "a dog plays with a ball",
    "a puppy plays with a ball",
    "the train stops at the station",
    "the train leaves the station",
    "a bus stops at the station",
]
PAIRS, LABELS = some_pairs(400)


@pytest.fixture(scope="module")
def resemblance() -> Resemblance:
    return Resemblance.fit(texts_of(PAIRS) + ENGLISH, seed=0)


def test_likeness_goes_with_shared_meaning(resemblance):
    pairs, labels = some_pairs(200, seed=1)
    assert spearmanr(resemblance.similarity(pairs), labels).statistic > 0.35


def test_words_in_like_company_are_alike_in_english_too(resemblance):
    near, far = resemblance.similarity([("the dog runs", "the puppy runs"), ("the dog runs", "the bus stops")])
    assert near > far + 0.2


def test_the_same_text_is_as_alike_as_can_be(resemblance):
    text = "海辺で男性が走っています。"
    np.testing.assert_allclose(resemblance.similarity([(text, text)]), 1)
    assert resemblance.similarity([(text, text[::-1])]) == pytest.approx(1), "units have no order"
    assert (resemblance.similarity(PAIRS) < 1 + 1e-9).all()


def test_the_order_of_two_texts_does_not_matter(resemblance):
    turned = [(right, left) for left, right in PAIRS]
    np.testing.assert_allclose(resemblance.similarity(turned), resemblance.similarity(PAIRS), rtol=1e-12)


def test_a_pair_is_judged_alone_as_among_others(resemblance):
    whole = resemblance.similarity(PAIRS[:20])
    np.testing.assert_array_equal([resemblance.similarity([pair])[0] for pair in PAIRS[:20]], whole)
    assert resemblance.similarity([]).shape == (0,)


@pytest.mark.parametrize("silent", ["", "！？", "zzz"])
def test_a_text_of_no_known_unit_is_unknown_not_unlike(resemblance, silent):
    assert np.isnan(resemblance.similarity([(silent, "犬"), ("犬", silent), (silent, silent)])).all()


def test_the_same_texts_and_seed_judge_alike_in_any_order_of_texts():
    texts = texts_of(PAIRS[:50])
    one, other = (Resemblance.fit(found, seed=3).similarity(PAIRS) for found in (texts, texts[::-1] + texts[:7]))
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("texts", [[], [""], ["犬が走る"], ["犬", "猫"], ["犬が走る"] * 3, ["犬走", "走犬"]])
def test_too_little_text_is_refused(texts):
    with pytest.raises(InvalidValueError, match=f"number of texts to learn resemblance from is '{len(texts)}'"):
        Resemblance.fit(texts, seed=0)
