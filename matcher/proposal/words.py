"""The taxonomy's own words: how much of a category's names, and of the words usual for it, stands in a text."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from matcher.features.text import tokens
from matcher.reference.files import reference_table
from matcher.reference.taxonomy import Taxonomy, builtin_categories

Floats = npt.NDArray[np.float64]


class TaxonomyWords:
    """For each category its code, names and, where it is a built-in one, `reference/issue_words.csv`.

    A word counts by how few categories have it (inverse document frequency); a category with many words needs
    more of them, by the root of their sum.
    """

    def __init__(self, taxonomy: Taxonomy) -> None:
        own = [_tokens(_text(taxonomy, code)) for code in taxonomy.codes]
        self._place = {word: place for place, word in enumerate(sorted(set().union(*own)))}
        held = np.zeros((len(self._place), len(own)))
        for column, words in enumerate(own):
            held[[self._place[word] for word in words], column] = 1.0
        weight = np.log((1 + len(own)) / (1 + held.sum(axis=1))) + 0.1
        weighed = held * weight[:, None]
        self._weights = weighed / np.sqrt(np.maximum(weighed.sum(axis=0), 1e-9))

    def __call__(self, texts: Sequence[str]) -> Floats:
        """The words found in each text, weighed, (len(texts), categories), 0 and up."""
        found = np.zeros((len(texts), self._weights.shape[1]))
        for row, text in enumerate(texts):
            places = sorted(self._place[word] for word in _tokens(text) if word in self._place)
            found[row] = self._weights[places].sum(axis=0)
        return found


def usual_shares(taxonomy: Taxonomy) -> Floats:
    """What is assumed of each category's share before any consultation, (categories,), summing to 1.

    Built-in categories have their stated share, others the same one each; a category with finer ones below it is
    assumed to be stated seldom.
    """
    stated = builtin_categories().set_index("code")["share"].astype("float64")
    builtin = [_is_builtin(taxonomy, code) for code in taxonomy.codes]
    share = np.where(builtin, stated.reindex(list(taxonomy.codes)).to_numpy(), np.nan)
    share = np.where(np.isnan(share), 1 / max(len(share), 1), share)
    share *= np.where([bool(taxonomy.children(code)) for code in taxonomy.codes], 0.02, 1.0)
    return np.asarray(share / share.sum())


def _text(taxonomy: Taxonomy, code: str) -> str:
    usual = _usual_words().get(code, "") if _is_builtin(taxonomy, code) else ""
    return " ".join(
        [code, *code.replace(".", "-").split("-"), *(taxonomy.name(code, lang) for lang in ("ja", "en")), usual]
    )


def _tokens(text: str) -> set[str]:
    """Words and pairs of Japanese characters; a single one tells too little."""
    return {token for token in tokens(text) if len(token) > 1 or token.isascii()}


def _is_builtin(taxonomy: Taxonomy, code: str) -> bool:
    """Whether the code means what it means in the built-in taxonomy, by its Japanese name."""
    return _builtin_names().get(code) == taxonomy.name(code, "ja")


@cache
def _builtin_names() -> dict[str, str]:
    frame = builtin_categories()
    return dict(zip(frame["code"], frame["name_ja"], strict=True))


@cache
def _usual_words() -> dict[str, str]:
    frame = reference_table("issue_words")
    return dict(zip(frame["code"], frame["words"].str.replace(";", " "), strict=True))
