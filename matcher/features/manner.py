"""Manner: push (後押し型) or propose (提案型), read from texts with words that experts of either style use."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from matcher.features.text import Counts, TextSpace

Floats = npt.NDArray[np.float64]

FEWEST_EXPERTS = 20  # of either style, from whom words are learned
STEP = 2.0**-12
SHADE = 2.0**-4  # of what a text says of manner: finer ones mean nothing
STYLES = {"push": 1.0, "propose": -1.0}


def stated(styles: Sequence[Any]) -> Floats:
    """1 for push, -1 for propose, NaN for neither."""
    return np.array([STYLES.get(style, np.nan) for style in styles], dtype=np.float64)


def manner_words(space: TextSpace, profiles: Counts, style: Floats) -> Floats:
    """A weight for each term (T,), positive for push: logistic regression of stated styles on profiles.

    Zeros where fewer than `FEWEST_EXPERTS` state either style, or there is no term.
    """
    known = np.flatnonzero(~np.isnan(style))
    if not space.terms or min((style[known] > 0).sum(), (style[known] < 0).sum()) < FEWEST_EXPERTS:
        return np.zeros(len(space.terms))
    fitted = LogisticRegression(max_iter=2000).fit(space.weighed(profiles.texts[known]), style[known] > 0)
    return np.asarray(np.round(fitted.coef_[0] / STEP) * STEP)


def manner(space: TextSpace, words: Floats, texts: Counts) -> Floats:
    """From -1 (propose) to 1 (push), 0 = tells nothing: the sentence of each text that says most (n,)."""
    said = space.weighed(texts.sentences) @ words
    if not len(said):
        return np.zeros(len(texts.first) - 1)
    most, least = (reduce.reduceat(said, texts.first[:-1]) for reduce in (np.maximum, np.minimum))
    return strongest(most, least)


def strongest(most: Floats, least: Floats) -> Floats:
    """The manner of texts of whose sentences the most pushing and the least pushing say this much."""
    return np.asarray(np.round(np.tanh(np.where(most > -least, most, least)) / SHADE) * SHADE)
