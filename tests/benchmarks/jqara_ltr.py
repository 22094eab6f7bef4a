"""The learner alone, on given features: seven scores of a passage for a question (JQaRA), cross-validated by question.

All learners see the scores standardised within the question, and how high a score ranks there; ours sees them as
ramps, as it sees every feature of the product. Each positive is an event of its own against the question's
negatives, which says more than one event a question in which the positives share a probability of 1.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from matcher.evaluation.metrics import Floats, ece, ndcg_at
from matcher.peers import peers
from matcher.peers.choices import BEST_GAIN
from matcher.peers.lightgbm_models import lambdarank, revived
from matcher.peers.logistic import logistic, logistic_log_odds
from matcher.rankers.choice import fit_choice
from tests.benchmarks.rows import BEST_PEER, ECE, NDCG, Row, difference, mean

NAME, FILE = "jqara_ltr", "features.npz"
OURS = "conditional logit (ours, additive-choice's learner)"
FOLDS = 5
RAMPS = (1.0, 2.0)  # standard deviations above the question's mean, where a slope may change
STEADYING = 5.0  # ranks
Ints = npt.NDArray[np.int64]
Learner = Callable[[Floats, Floats, Ints], Callable[[Floats], Floats]]


def measure(folder: Path) -> list[Row]:
    """A row a learner and one for the best single score: nDCG@10, and ECE of the calibrated score."""
    with np.load(folder / FILE, allow_pickle=False) as held:
        scores, label, sizes = held["X"].astype(np.float64), held["y"].astype(np.float64), held["group"]
        names = held["names"].tolist()
    values = columns(scores, sizes)
    learners: dict[str, Learner] = {OURS: ours, "logistic": _logistic}
    if "lightgbm_lambdarank" in peers():
        learners["lightgbm_lambdarank"] = _lambdarank
    with threadpool_limits(1):
        found = {name: cross_validated(learner, values, label, sizes) for name, learner in learners.items()}
    quality = {name: _ndcg(score, label, sizes) for name, (score, _) in found.items()}
    single = {name: _ndcg(score, label, sizes) for name, score in zip(names, scores.T, strict=True)}
    best = max(quality.keys() - {OURS}, key=lambda name: mean(quality[name]))
    rows = [
        Row(
            NAME,
            name,
            {NDCG: mean(quality[name]), ECE: ece(label, probability)},
            {} if name == best else {(NDCG, BEST_PEER): difference(quality[name], quality[best])},
        )
        for name, (_, probability) in found.items()
    ]
    alone = max(single, key=lambda name: mean(single[name]))
    return [Row(NAME, f"best single score ({alone})", {NDCG: mean(single[alone])}), *rows]


def columns(scores: Floats, sizes: Ints) -> Floats:
    """Scores (n, S) standardised within each question, and 1 / (1 + rank / `STEADYING`) there: (n, 2 S)."""
    parts = []
    for part in np.split(scores, np.cumsum(sizes)[:-1]):
        spread = np.maximum(part.std(axis=0), 1e-9)
        rank = (-part).argsort(axis=0, kind="stable").argsort(axis=0)
        parts.append(np.hstack([(part - part.mean(axis=0)) / spread, 1 / (1 + rank / STEADYING)]))
    return np.concatenate(parts)


def cross_validated(learner: Learner, values: Floats, label: Floats, sizes: Ints) -> tuple[Floats, Floats]:
    """Out-of-fold scores and probabilities; the calibration, too, sees the training folds alone."""
    fold = np.repeat(np.arange(len(sizes)) % FOLDS, sizes)
    score, probability = np.zeros(len(label)), np.zeros(len(label))
    for held_out in range(FOLDS):
        test, train = fold == held_out, fold != held_out
        predict = learner(values[train], label[train], sizes[np.arange(len(sizes)) % FOLDS != held_out])
        score[test] = predict(values[test])
        probability[test] = _calibrated(predict(values[train]), label[train], score[test])
    return score, probability


def ours(values: Floats, label: Floats, sizes: Ints) -> Callable[[Floats], Floats]:
    """`fit_choice` over events of one positive and all negatives of its question."""
    rows, first = _events(label, sizes)
    shaped = _ramps(values)
    chosen = np.zeros(len(rows))
    chosen[first] = 1.0
    width = shaped.shape[1]
    slope = fit_choice(shaped[rows], chosen, first, np.zeros(width), [(None, None)] * width)
    return lambda asked: np.asarray(_ramps(asked) @ slope)


def _events(label: Floats, sizes: Ints) -> tuple[Ints, Ints]:
    """Rows of each event, its positive first, and where each begins."""
    events = []
    for rows in np.split(np.arange(len(label)), np.cumsum(sizes)[:-1]):
        against = rows[label[rows] == 0]
        events += [np.append(positive, against) for positive in rows[label[rows] > 0] if len(against)]
    length = np.array([len(event) for event in events], dtype=np.int64)
    return np.concatenate(events), np.cumsum(length) - length


def _ramps(values: Floats) -> Floats:
    standardised = values[:, : values.shape[1] // 2]
    return np.hstack([values, *(np.maximum(standardised - knot, 0.0) for knot in RAMPS)])


def _logistic(values: Floats, label: Floats, _sizes: Ints) -> Callable[[Floats], Floats]:
    arrays = logistic(values, label > 0)
    return lambda asked: logistic_log_odds(arrays, asked)


def _lambdarank(values: Floats, label: Floats, sizes: Ints) -> Callable[[Floats], Floats]:
    model = revived(lambdarank(values, BEST_GAIN * label.astype(np.int64), sizes, 0))
    return lambda asked: np.asarray(model.predict(asked, num_threads=1))


def _calibrated(score: Floats, label: Floats, asked: Floats) -> Floats:
    """Logistic regression of the label on the score and its square (Platt 1999, with a bend)."""
    centre, scale = score.mean(), score.std()
    bent = [np.column_stack([line, line**2]) for line in ((score - centre) / scale, (asked - centre) / scale)]
    return np.asarray(LogisticRegression(C=1000.0).fit(bent[0], label).predict_proba(bent[1])[:, 1])


def _ndcg(score: Floats, label: Floats, sizes: Ints) -> Floats:
    """nDCG@10 of each question; NaN without a positive."""
    ends = np.cumsum(sizes)[:-1]
    pairs = zip(np.split(score, ends), np.split(label, ends), strict=True)
    return np.array([ndcg_at(gain[np.argsort(-scored, kind="stable")]) for scored, gain in pairs])
