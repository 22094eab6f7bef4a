import numpy as np
import pytest

from matcher.features.text import Counts, TextSpace, split_sentences
from matcher.features.topics import FEWEST_TEXTS, LIFT_STEP, MOST_SENTENCES, MOST_TOPICS, STEADYING, Topics

WEB = ("ネット通販", "広告", "集客", "写真", "検索")
BANK = ("融資", "返済", "資金繰り", "銀行", "決算")


def texts_of(words: tuple[str, ...], count: int, seed: int = 0) -> list[str]:
    """Three of the words each, and a phrase that all such texts share."""
    rng = np.random.default_rng(seed)
    return ["。".join([*rng.choice(words, 3, replace=False), "相談したい"]) for _ in range(count)]


def fitted(texts: list[str], category: np.ndarray, seed: int = 0) -> tuple[TextSpace, Topics, Counts]:
    space, counts = TextSpace.fit(texts, seed=seed)
    return space, Topics.fit(counts.texts, space.placed(counts.texts), category, seed=seed), counts


@pytest.fixture(scope="module")
def two() -> tuple[TextSpace, Topics, Counts]:
    """45 texts of either vocabulary in category 0, alternately; ten of the first in category 3."""
    mixed = [text for both in zip(texts_of(WEB, 45), texts_of(BANK, 45), strict=True) for text in both]
    return fitted([*mixed, *texts_of(WEB, 10, seed=1)], np.repeat([0, 3], [90, 10]))


def test_two_vocabularies_in_a_category_are_two_topics(two):
    _, topics, counts = two
    assert topics.category.tolist() == [0, 0, 3]
    assert len(topics) == 3
    found = topics.of(counts.texts, np.zeros(100, dtype=np.int64))
    web, bank = set(found[0:90:2]), set(found[1:90:2])
    assert len(web) == len(bank) == 1
    assert web | bank == {0, 1}
    assert set(found[90:]) == web, "the same words asked of another category speak for the topic there"


def test_a_text_has_a_topic_of_its_own_category_alone(two):
    space, topics, _ = two
    asked = space.counts(["広告と集客"] * 3).texts
    web, other, nowhere = topics.of(asked, np.array([0, 3, 1]))
    assert web in (0, 1)
    assert other == 2
    assert nowhere == -1, "a category without a past text has no topic"


@pytest.mark.parametrize("text", ["", "zzz", "！？", "相談したい"])
def test_a_text_whose_words_speak_for_nothing_has_no_topic(two, text):
    space, topics, _ = two
    assert topics.of(space.counts([text]).texts, np.array([0])).tolist() == [-1]


def test_the_lift_of_a_word_is_how_much_more_often_its_topic_is_met():
    """Worked out by hand: 30 texts of one category hold "loan", ten of another "shop", and all "help"."""
    space, topics, _ = fitted(["loan help"] * 30 + ["shop help"] * 10, np.repeat([0, 1], [30, 10]))
    lifts = dict(zip(space.terms, topics.lifts.toarray(), strict=True))
    loan = np.log((30 + STEADYING * 0.75) / (30 + STEADYING) / 0.75)
    shop = np.log((10 + STEADYING * 0.25) / (10 + STEADYING) / 0.25)
    np.testing.assert_allclose(lifts["loan"], [loan, 0], atol=LIFT_STEP / 2)
    np.testing.assert_allclose(lifts["shop"], [0, shop], atol=LIFT_STEP / 2)
    np.testing.assert_array_equal(lifts["help"], [0, 0])


def test_evidence_is_that_of_the_sentence_that_says_most_and_names_it(two):
    space, topics, _ = two
    profile = "相談したい。広告を支援。広告と集客と写真を支援。資金繰りも銀行も融資も返済も決算も。"
    most, which = topics.evidence(space.counts([profile]))
    web, bank = topics.of(space.counts(["広告", "融資"]).texts, np.zeros(2, dtype=np.int64))
    sentences = split_sentences(profile)
    assert sentences[which[0, web]] == "広告と集客と写真を支援。"
    assert sentences[which[0, bank]] == "資金繰りも銀行も融資も返済も決算も。"
    terms = [space.terms.index(term) for term in ("広", "告", "広告")]
    assert most[0, web] > topics.lifts[terms, web].sum() > 0


def test_a_word_said_twice_in_a_sentence_speaks_once(two):
    space, topics, _ = two
    once, twice = (topics.evidence(space.counts([text]))[0] for text in ("広告です", "広告です、広告です"))
    np.testing.assert_array_equal(once, twice)


def test_of_equal_sentences_the_first_is_named(two):
    space, topics, _ = two
    _, which = topics.evidence(space.counts(["相談。広告。広告。"]))
    web = topics.of(space.counts(["広告"]).texts, np.array([0]))[0]
    assert which[0, web] == 1


def test_a_silent_profile_says_nothing_of_any_topic(two):
    space, topics, _ = two
    most, _ = topics.evidence(space.counts(["", "zzz"]))
    assert most.shape == (2, 3)
    assert not most.any()


def test_no_sentence_beyond_those_that_are_read_is_taken_for_another(two):
    """What a profile says at its very end is not quoted as what it said first."""
    space, topics, _ = two
    web = topics.of(space.counts(["広告"]).texts, np.array([0]))[0]
    read, unread = ["相談。" * (MOST_SENTENCES - more) + "広告。" for more in (1, 0)]
    most, which = topics.evidence(space.counts([read, unread]))
    assert which[0, web] == MOST_SENTENCES - 1
    assert most[0, web] > most[1, web] == 0


def test_evidence_is_the_same_for_one_profile_and_many(two, monkeypatch):
    monkeypatch.setattr("matcher.features.topics.EXPERTS_AT_ONCE", 3)
    space, topics, _ = two
    profiles = [*texts_of(WEB, 4, seed=2), "", *texts_of(BANK, 3, seed=3)]
    most, which = topics.evidence(space.counts(profiles))
    assert most.shape == which.shape == (8, 3)
    for row, profile in enumerate(profiles):
        alone, sentence = topics.evidence(space.counts([profile]))
        np.testing.assert_array_equal(alone[0], most[row])
        np.testing.assert_array_equal(sentence[0], which[row])


def test_no_profile_has_no_evidence(two):
    space, topics, _ = two
    most, which = topics.evidence(space.counts([]))
    assert most.shape == which.shape == (0, 3)


def test_a_topic_is_its_own_kin_and_an_unknown_one_nobodys(two):
    _, topics, _ = two
    kinship = topics.kinship
    assert kinship.shape == (4, 4)
    np.testing.assert_array_equal(kinship, kinship.T)
    np.testing.assert_allclose(np.diag(kinship)[:3], 1, atol=0.01)
    assert not kinship[-1].any()
    assert kinship.min() >= 0
    assert kinship.max() < 1.01
    web, bank = topics.of(two[0].counts(["広告", "融資"]).texts, np.zeros(2, dtype=np.int64))
    assert kinship[web, 2] > kinship[bank, 2] + 0.2, "the same vocabulary in another category is kin"


@pytest.mark.parametrize(("count", "wanted"), [(FEWEST_TEXTS, 1), (2 * FEWEST_TEXTS - 1, 1), (2 * FEWEST_TEXTS, 2)])
def test_a_topic_rests_on_enough_texts(count, wanted):
    _, topics, _ = fitted(texts_of((*WEB, *BANK), count), np.zeros(count, dtype=np.int64))
    assert len(topics) == wanted


def test_a_category_has_no_more_topics_than_allowed():
    _, topics, _ = fitted(texts_of((*WEB, *BANK), 400), np.zeros(400, dtype=np.int64))
    assert 1 < len(topics) <= MOST_TOPICS


def test_equal_texts_are_one_topic():
    _, topics, _ = fitted(["広告の相談"] * 200, np.zeros(200, dtype=np.int64))
    assert len(topics) == 1


def test_of_many_texts_a_sample_is_grouped_and_all_of_them_have_a_topic(monkeypatch):
    monkeypatch.setattr("matcher.features.topics.MOST_TEXTS", 50)
    texts = [*texts_of(WEB, 60), *texts_of(BANK, 60)]
    _, topics, counts = fitted(texts, np.zeros(120, dtype=np.int64))
    assert len(topics) > 1
    assert topics.of(counts.texts, np.zeros(120, dtype=np.int64)).min() >= 0


def test_texts_without_a_known_word_make_no_topic():
    _, topics, _ = fitted(["", "loan help", "loan help", ""], np.array([0, 1, 1, 2]))
    assert topics.category.tolist() == [1]


@pytest.mark.parametrize("texts", [[], ["", ""]])
def test_without_any_word_there_is_no_topic(texts):
    space, topics, counts = fitted(texts, np.zeros(len(texts), dtype=np.int64))
    assert len(topics) == 0
    assert topics.kinship.tolist() == [[0.0]]
    assert topics.of(counts.texts, np.zeros(len(texts), dtype=np.int64)).tolist() == [-1] * len(texts)
    assert topics.evidence(space.counts(["x"]))[0].shape == (1, 0)


def test_the_same_texts_and_seed_make_the_same_topics(two):
    mixed = [text for both in zip(texts_of(WEB, 45), texts_of(BANK, 45), strict=True) for text in both]
    _, again, _ = fitted([*mixed, *texts_of(WEB, 10, seed=1)], np.repeat([0, 3], [90, 10]))
    for name, array in two[1].state().items():
        np.testing.assert_array_equal(again.state()[name], array, err_msg=name)


def test_topics_outlive_their_state(two):
    _, topics, counts = two
    again = Topics.from_state(topics.state())
    category = np.repeat([0, 3], [90, 10])
    np.testing.assert_array_equal(again.of(counts.texts, category), topics.of(counts.texts, category))
    for found, wanted in zip(again.evidence(counts), topics.evidence(counts), strict=True):
        np.testing.assert_array_equal(found, wanted)
    np.testing.assert_array_equal(again.kinship, topics.kinship)
    nothing = fitted([], np.zeros(0, dtype=np.int64))[1]
    assert len(Topics.from_state(nothing.state())) == 0
