import numpy as np
import pytest

from matcher.proposal.regression import RIDGE, WordRegression

TEXTS = ["井戸 水", "井戸 水 石", "屋根 瓦", "屋根 瓦 石"]
WANTED = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])


def test_it_is_the_exact_ridge_solution():
    importance = np.array([1.0, 0.5, 2.0, 1.0])
    fitted = WordRegression.fit(TEXTS, WANTED, importance)
    columns = fitted._vectorizer.transform(TEXTS).toarray()
    gram = (columns.T * importance) @ columns + RIDGE * np.eye(columns.shape[1])
    exact = np.linalg.solve(gram, (columns.T * importance) @ WANTED)
    assert fitted(TEXTS) == pytest.approx(columns @ exact, abs=2e-3)


@pytest.mark.parametrize("texts", [[], ["", ""], ["一つ", "別々"]])
def test_without_a_repeated_term_everything_foretold_is_zero(texts):
    fitted = WordRegression.fit(texts, np.ones((len(texts), 3)), np.ones(len(texts)))
    assert fitted(["井戸"]).tolist() == [[0.0, 0.0, 0.0]]


def test_a_stored_one_foretells_the_same_to_the_last_bit():
    fitted = WordRegression.fit(TEXTS, WANTED, np.ones(4))
    assert (WordRegression.from_state(fitted.state())(TEXTS) == fitted(TEXTS)).all()
