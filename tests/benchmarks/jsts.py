"""Similarity of Japanese sentence pairs as people judge it (JSTS of JGLUE): Spearman on the valid pairs.

All learn units and their company from the train sentences; only "trained" methods see the train labels.
"""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr
from sklearn.feature_extraction.text import TfidfVectorizer

from matcher.errors import MatcherError
from matcher.features.text import TextSpace
from matcher.similarity.learned import LearnedResemblance
from matcher.similarity.resemblance import Floats, Pairs, Resemblance

TRAIN, VALID = "train.jsonl.gz", "valid.jsonl.gz"
SPEARMAN = "Spearman"
SEED = 0


def measure(folder: Path) -> list[tuple[str, str, float]]:
    """Method, measure, value: two peers and the rankers' text features, then ours."""
    pairs, labels = read(folder / TRAIN)
    asked, truth = read(folder / VALID)
    texts = sorted({text for pair in pairs for text in pair})
    ours = Resemblance.fit(texts, seed=SEED)
    methods: dict[str, Callable[[], Floats]] = {
        "character 1-2-gram TF-IDF, untrained": lambda: characters(texts, asked),
        "latent semantics (the rankers' text features), untrained": lambda: latent(texts, asked),
        "Resemblance (ours), untrained": lambda: ours.similarity(asked),
        "LearnedResemblance (ours), trained": lambda: LearnedResemblance.fit(ours, pairs, labels, seed=SEED).predict(
            asked
        ),
    }
    return [(name, SPEARMAN, float(spearmanr(judge(), truth).statistic)) for name, judge in methods.items()]


def read(path: Path) -> tuple[Pairs, list[float]]:
    """Pairs of sentences and their labels, 0 (nothing alike) to 5 (the same meaning)."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
    except (OSError, ValueError) as error:
        raise MatcherError(f"cannot read {path}: {error}; accepted: gzipped lines of JSON") from error
    return [(row["sentence1"], row["sentence2"]) for row in rows], [row["label"] for row in rows]


def characters(texts: list[str], asked: Pairs) -> Floats:
    """Cosines of TF-IDF weights of single characters and pairs."""
    weights = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True).fit(texts)
    left, right = (weights.transform([pair[side] for pair in asked]) for side in (0, 1))
    return np.asarray(left.multiply(right).sum(axis=1)).ravel()


def latent(texts: list[str], asked: Pairs) -> Floats:
    """Cosines of the rankers' own text vectors."""
    space, _ = TextSpace.fit(texts, seed=SEED)
    left, right = (space.vectors([pair[side] for pair in asked]).astype(np.float64) for side in (0, 1))
    return np.asarray((left * right).sum(axis=1))
