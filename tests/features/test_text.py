import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from matcher.features.text import GRID, LEAST_INFORMATION, TextSpace, cosine, gridded, split_sentences, tokens

CORPUS = [
    "ネット通販サイトの集客に悩んでいます。広告の費用対効果を上げたい。",
    "ECサイトを開設したが集客ができない。SNS広告を試したい。",
    "資金繰りが厳しく、銀行への返済計画を見直したい。",
    "銀行融資の返済が重い。資金繰り表の作り方を知りたい。",
    "Our web shop has few visitors; we want better advertising.",
    "How should the web shop use advertising on social media?",
    "Cash flow is tight and the bank loan cannot be repaid.",
    "The bank asks for a cash flow plan before it extends the loan.",
    "",
    "！？…",
]


@pytest.fixture(scope="module")
def space() -> TextSpace:
    return TextSpace.fit(CORPUS, seed=0)[0]


def test_words_of_latin_script_stay_whole():
    assert tokens("Use C++ and node.js, e-mail.") == ["use", "c++", "and", "node.js", "e-mail"]


def test_japanese_gives_pairs_of_characters_and_single_kanji_and_katakana():
    assert tokens("店のIT化") == ["店", "店の", "it", "化"]
    assert tokens("カフェ") == ["カ", "フ", "ェ", "カフ", "フェ"]
    assert tokens("もの") == ["もの"]


@pytest.mark.parametrize("text", ["", " ", "！？…", "\n\t", "😀"])
def test_what_is_no_word_gives_no_token(text):
    assert tokens(text) == []


SAME_WORDS = [("ＥＣサイト", "ECサイト"), ("ﾃﾞｻﾞｲﾝ", "デザイン"), ("か\u3099", "\u304c"), ("WEB", "web")]


@pytest.mark.parametrize(("written", "meant"), SAME_WORDS)
def test_width_case_and_composition_do_not_matter(written, meant):
    assert tokens(written) == tokens(meant)


@pytest.mark.parametrize(
    "contact",
    [
        "taro@example.jp",
        "https://example.jp/a",
        "www.example.jp",
        "03-1234-5678",
        "０９０－１２３４－５６７８",
        "150-0002",
        "12345",
    ],
)
def test_contact_data_is_no_token(contact):
    assert tokens(f"連絡先 {contact} まで") == tokens("連絡先 まで")


def test_a_name_with_a_short_number_is_a_token():
    assert tokens("ISO9 and web3 in 365") == ["iso9", "and", "web3", "in", "365"]


def test_a_rare_kanji_outside_the_basic_plane_is_one_character():
    assert tokens("𠮷野") == ["𠮷", "野", "𠮷野"]


@settings(max_examples=50)
@given(st.text())
def test_any_text_has_tokens_that_hold_no_line_feed(text):
    """The model file separates terms by line feeds."""
    for token in tokens(text):
        assert token
        assert "\n" not in token


def test_vectors_are_whole_numbers_of_one_length_and_silent_texts_are_zero(space):
    vectors = space.vectors(CORPUS)
    assert vectors.shape == (len(CORPUS), space.width)
    assert vectors.dtype == np.float32
    np.testing.assert_array_equal(vectors, np.round(vectors))
    np.testing.assert_allclose(np.linalg.norm(vectors[:8], axis=1), GRID, rtol=0.005)
    assert not vectors[8:].any()


@pytest.mark.parametrize(("near", "far"), [((0, 1), (0, 2)), ((2, 3), (2, 1)), ((4, 5), (4, 6)), ((6, 7), (6, 5))])
def test_texts_on_one_subject_are_closer_in_both_languages(space, near, far):
    vectors = space.vectors(CORPUS)
    table = cosine(vectors, vectors)
    assert table[near] > table[far] + 0.2


def test_a_text_of_unknown_words_is_zero(space):
    assert not space.vectors(["zzz qqq"]).any()
    assert cosine(space.vectors(["zzz"]), space.vectors(CORPUS)).tolist() == [[0.0] * len(CORPUS)]


def test_the_texts_own_counts_are_those_that_the_space_gives_later():
    space, own = TextSpace.fit(CORPUS, seed=0)
    later = space.counts(CORPUS)
    np.testing.assert_array_equal(own.sentences.toarray(), later.sentences.toarray())
    np.testing.assert_array_equal(own.first, later.first)
    np.testing.assert_array_equal(space.placed(own.texts), space.vectors(CORPUS))


def test_a_corpus_beyond_what_is_learned_from_is_counted_whole(monkeypatch):
    monkeypatch.setattr("matcher.features.text.MOST_TEXTS", 6)
    space, own = TextSpace.fit(CORPUS, seed=0)
    assert len(space.terms) > 0
    np.testing.assert_array_equal(own.texts.toarray(), space.counts(CORPUS).texts.toarray())
    np.testing.assert_array_equal(own.texts.sum(axis=1) > 0, space.vectors(CORPUS).any(axis=1)[:, None])


def test_counts_are_a_row_a_sentence_and_add_up_to_the_texts(space):
    texts = ["資金繰り。広告。資金繰り", "", "広告の広告"]
    counts = space.counts(texts)
    assert counts.first.tolist() == [0, 3, 4, 5]
    wanted = space.counts([text.replace("。", " ") for text in texts]).sentences.toarray()
    np.testing.assert_array_equal(counts.texts.toarray(), wanted)
    np.testing.assert_array_equal(counts.part(1, 3).texts.toarray(), wanted[1:])
    assert counts.part(1, 3).first.tolist() == [0, 1, 2]
    assert counts.part(3, 3).texts.shape == (0, len(space.terms))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("一つ目。二つ目！三つ目？", ["一つ目。", "二つ目！", "三つ目？"]),
        ("One. Two? 3.5 kg", ["One.", "Two?", "3.5 kg"]),
        ("経験：\n・広告\n・集客", ["経験：", "・広告", "・集客"]),
        ("広告　集客", ["広告", "集客"]),
        ("終わりがない", ["終わりがない"]),
        ("", [""]),
        ("\n。\n", ["。"]),
    ],
)
def test_a_text_falls_into_sentences_and_items_and_holds_one_at_least(text, wanted):
    assert split_sentences(text) == wanted


@given(st.text())
def test_no_sentence_loses_a_token(text):
    """Nor is one made at a border, unless it stood across: then a pair of characters is lost, never gained."""
    whole = tokens(text)
    assert [token for part in split_sentences(text) for token in tokens(part) if token not in whole] == []


WORDS = [*[f"loan common{i % 3}" for i in range(30)], *[f"shop common{i % 3}" for i in range(30)]]
KINDS = np.repeat(np.eye(2), 30, axis=0)


def test_a_word_of_one_category_weighs_more_than_one_of_both():
    space, _ = TextSpace.fit(WORDS, KINDS, seed=0)
    blind, _ = TextSpace.fit(WORDS, seed=0)
    told = dict(zip(space.terms, space.weights / blind.weights, strict=True))
    for word in ("common0", "common1", "common2"):
        assert told[word] == pytest.approx(LEAST_INFORMATION**0.5)
        assert min(told["loan"], told["shop"]) > 2 * told[word]


def test_what_a_word_tells_is_the_divergence_of_its_steadied_categories():
    """30 texts of one category beside ten of the usual halves: 35 to 5 of 40, in nats."""
    space, _ = TextSpace.fit(WORDS, KINDS, seed=0)
    blind, _ = TextSpace.fit(WORDS, seed=0)
    share = np.array([35, 5]) / 40
    wanted = np.sqrt((share * np.log(share / 0.5)).sum())
    place = space.terms.index("loan")
    assert space.weights[place] / blind.weights[place] == pytest.approx(wanted)


def test_without_any_known_category_all_words_tell_alike():
    space, _ = TextSpace.fit(WORDS, np.zeros((60, 2)), seed=0)
    np.testing.assert_array_equal(space.weights, TextSpace.fit(WORDS, seed=0)[0].weights)


def test_texts_without_a_category_teach_words_and_nothing_of_categories():
    kinds = np.vstack([KINDS, np.zeros((20, 2))])
    space, _ = TextSpace.fit([*WORDS, *["loan shop"] * 20], kinds, seed=0)
    told = dict(zip(space.terms, space.weights, strict=True))
    assert told["loan"] == pytest.approx(told["shop"])
    assert told["loan"] > 2 * told["common0"]


def test_a_text_has_the_same_vector_alone_and_among_others(space):
    whole = space.vectors(CORPUS)
    for row, text in enumerate(CORPUS):
        np.testing.assert_array_equal(space.vectors([text])[0], whole[row])
    np.testing.assert_array_equal(space.vectors(CORPUS[::-1]), whole[::-1])


def test_the_same_texts_and_seed_make_the_same_space():
    one, other = (TextSpace.fit(CORPUS, seed=3)[0] for _ in range(2))
    assert one.terms == other.terms
    np.testing.assert_array_equal(one.axes, other.axes)
    np.testing.assert_array_equal(one.weights, other.weights)


def test_a_term_of_one_text_alone_is_no_term():
    space, _ = TextSpace.fit(["apple banana", "apple cherry", "banana apple"], seed=0)
    assert set(space.terms) == {"apple", "banana"}


@pytest.mark.parametrize("texts", [[], ["", ""], ["one text alone"], ["nothing", "repeated"], ["same", "same"]])
def test_too_little_text_gives_a_space_in_which_all_is_zero(texts):
    space, own = TextSpace.fit(texts, seed=0)
    assert space.placed(own.texts).shape == (len(texts), space.width)
    assert not space.placed(own.texts).any()
    assert not space.vectors(["one", "same", ""]).any()


def test_texts_that_are_all_alike_are_as_close_as_can_be():
    space, counts = TextSpace.fit(["ネット通販の集客"] * 4, seed=0)
    own = space.placed(counts.texts)
    np.testing.assert_allclose(cosine(own, own), 1, atol=0.002)


def test_no_text_gives_no_vector(space):
    assert space.vectors([]).shape == (0, space.width)


def test_a_space_outlives_its_state(space):
    again = TextSpace.from_state(space.state())
    assert again.terms == space.terms
    np.testing.assert_array_equal(again.vectors(CORPUS), space.vectors(CORPUS))
    nothing = TextSpace.from_state(TextSpace.fit([], seed=0)[0].state())
    assert nothing.vectors(["x"]).shape == (1, 0)


rows = arrays(np.float64, (7, 100), elements=st.floats(-1, 1))


@settings(deadline=None, max_examples=30)
@given(rows, rows, st.permutations(range(100)))
def test_a_cosine_is_the_same_to_the_last_bit_in_any_batch_and_order(left, right, order):
    """Against whole-number arithmetic, which is exact."""
    asked, others = gridded(left), gridded(right)
    whole = cosine(asked, others)
    np.testing.assert_array_equal(whole * GRID**2, asked.astype(np.int64) @ others.astype(np.int64).T)
    for row in range(7):
        np.testing.assert_array_equal(cosine(asked[row : row + 1], others)[0], whole[row])
        np.testing.assert_array_equal(cosine(others, asked[row]), whole[row])
    np.testing.assert_array_equal(cosine(asked[:, order], others[:, order]), whole)
    assert (np.abs(whole) < 1.01).all()
