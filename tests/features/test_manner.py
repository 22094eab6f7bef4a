import numpy as np
import pytest

from matcher.features.manner import FEWEST_EXPERTS, manner, manner_words, stated
from matcher.features.person import PLAIN
from matcher.features.text import TextSpace

PUSH, PROPOSE = "一緒に手を動かし背中を押します", "資料で課題を整理し解決策を示します"
NOTHING = "東京で活動しています"


def profiles(each: int = FEWEST_EXPERTS) -> tuple[list[str], np.ndarray]:
    """As many of either style, in their own words and one sentence that all share."""
    texts = [f"{own}。{NOTHING}。" for _ in range(each) for own in (PUSH, PROPOSE)]
    return texts, np.tile([1.0, -1.0], each)


@pytest.fixture(scope="module")
def learned() -> tuple[TextSpace, np.ndarray]:
    texts, style = profiles()
    space, counts = TextSpace.fit(texts, seed=0)
    return space, manner_words(space, counts, style)


def read(learned: tuple[TextSpace, np.ndarray], *texts: str) -> list[float]:
    space, words = learned
    return manner(space, words, space.counts(texts)).tolist()


def test_a_stated_style_is_one_side_or_the_other_or_unknown():
    np.testing.assert_array_equal(stated(["push", "propose", None, np.nan, "gentle"]), [1, -1, *[np.nan] * 3])
    assert stated([]).shape == (0,)


def test_words_of_either_style_lean_to_its_side(learned):
    space, words = learned
    by_term = dict(zip(space.terms, words, strict=True))
    assert by_term["背中"] > 0.1
    assert by_term["資料"] < -0.1
    assert abs(by_term["東京"]) < by_term["背中"] / 10, "what both say tells little"


def test_texts_are_read_by_the_words_of_either_style(learned):
    push, propose, nothing, silent, strange = read(learned, PUSH, PROPOSE, NOTHING, "", "zzz")
    assert 0.3 < push <= 1
    assert -1 <= propose < -0.3
    assert abs(nothing) < PLAIN, "too little to be told"
    assert silent == strange == 0.0


def test_the_sentence_that_says_most_is_the_one_that_counts(learned):
    long, alone = read(learned, f"{NOTHING}。{PUSH}。{NOTHING}。{NOTHING}。", PUSH)
    assert long == pytest.approx(alone, abs=0.02)


def test_a_text_is_read_the_same_alone_and_among_others(learned):
    texts = [PUSH, "", f"{NOTHING}。{PROPOSE}", NOTHING]
    assert read(learned, *texts) == [read(learned, text)[0] for text in texts]
    assert read(learned) == []


@pytest.mark.parametrize("few", [1.0, -1.0])
def test_from_too_few_of_a_style_nothing_is_learned(few):
    texts, style = profiles()
    style[np.flatnonzero(style == few)[0]] = np.nan
    space, counts = TextSpace.fit(texts, seed=0)
    words = manner_words(space, counts, style)
    assert not words.any()
    assert manner(space, words, counts).tolist() == [0.0] * len(texts)


def test_profiles_of_no_stated_style_teach_nothing():
    texts, style = profiles()
    space, counts = TextSpace.fit([*texts, *[PUSH] * 30], seed=0)
    taught = manner_words(space, counts, np.append(style, np.full(30, np.nan)))
    alone = manner_words(space, counts.part(0, len(texts)), style)
    np.testing.assert_array_equal(taught, alone)


def test_profiles_without_any_word_teach_nothing():
    space, counts = TextSpace.fit([""] * 60, seed=0)
    words = manner_words(space, counts, np.tile([1.0, -1.0], 30))
    assert words.shape == (0,)
    assert manner(space, words, counts).tolist() == [0.0] * 60
