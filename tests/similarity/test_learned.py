import numpy as np
import pytest
from scipy.stats import spearmanr

from matcher.errors import InvalidValueError
from matcher.similarity.learned import ALIGNMENT, LearnedResemblance, TermWeights, columns
from matcher.similarity.resemblance import Resemblance
from tests.similarity.captions import some_pairs, texts_of

PAIRS, LABELS = some_pairs(600)
ASKED, TRUTH = some_pairs(200, seed=1)


@pytest.fixture(scope="module")
def resemblance() -> Resemblance:
    return Resemblance.fit(texts_of(PAIRS), seed=0)


@pytest.fixture(scope="module")
def learned(resemblance: Resemblance) -> LearnedResemblance:
    return LearnedResemblance.fit(resemblance, PAIRS, LABELS, seed=0)


def test_learning_from_judged_pairs_comes_nearer_to_the_judges(resemblance, learned):
    untrained = spearmanr(resemblance.similarity(ASKED), TRUTH).statistic
    trained = spearmanr(learned.predict(ASKED), TRUTH).statistic
    assert trained > max(untrained + 0.1, 0.9)


def test_predictions_are_in_the_labels_own_units(learned):
    assert np.abs(learned.predict(ASKED) - TRUTH).mean() < 0.4


def test_labels_that_say_nothing_teach_nothing(resemblance):
    noise = np.random.default_rng(0).permutation(LABELS).tolist()
    model = LearnedResemblance.fit(resemblance, PAIRS, noise, seed=0)
    assert abs(spearmanr(model.predict(ASKED), TRUTH).statistic) < 0.35


def test_the_order_of_two_texts_does_not_matter(resemblance, learned):
    turned = [(right, left) for left, right in ASKED]
    np.testing.assert_array_equal(columns(resemblance, turned), columns(resemblance, ASKED))
    np.testing.assert_allclose(learned.predict(turned), learned.predict(ASKED), rtol=1e-9)


def test_a_pair_is_judged_alone_as_among_others_and_unknown_words_are_no_error(learned):
    asked = [*ASKED[:9], ("zzz", "犬"), ("", "")]
    np.testing.assert_allclose([learned.predict([pair])[0] for pair in asked], learned.predict(asked), rtol=1e-12)
    assert np.isfinite(learned.predict(asked)).all()
    assert learned.predict([]).shape == (0,)


def test_the_same_pairs_and_seed_learn_the_same(resemblance, learned):
    again = LearnedResemblance.fit(resemblance, PAIRS, LABELS, seed=0)
    np.testing.assert_array_equal(again.predict(ASKED), learned.predict(ASKED))


def test_columns_without_known_units_are_unknown(resemblance):
    found = columns(resemblance, [("zzz", "犬"), ("犬", "犬")])
    assert found.shape == (2, 3 + ALIGNMENT)
    assert np.isnan(found[0, 3:]).all()
    assert np.isfinite(found[1]).all()


def test_a_swap_of_unlike_things_is_learned_as_such(resemblance):
    pairs = [("犬が走っています", "犬が立っています"), ("女性が走っています", "男性が走っています")] * 60
    terms = TermWeights(resemblance, pairs, np.array([4.0, 1.0] * 60))
    kept, lost = terms.predict(pairs[:2])
    assert kept > lost + 2


@pytest.mark.parametrize(
    ("labels", "pairs", "said"),
    [
        ([1.0], PAIRS, "number of labels is '1'; accepted: one for each of the 600 pairs"),
        ([1.0] * 5, PAIRS[:5], "number of judged pairs is '5'; accepted: at least 100"),
        ([1.0] * 100, [("", "")] * 100, "judged pairs is '100'; accepted: texts that share words or characters"),
        ([float("nan")] * 600, PAIRS, "label is 'nan'; accepted: a finite number"),
    ],
)
def test_unfit_labels_are_refused(resemblance, labels, pairs, said):
    with pytest.raises(InvalidValueError) as caught:
        LearnedResemblance.fit(resemblance, pairs, labels, seed=0)
    assert str(caught.value) == said
