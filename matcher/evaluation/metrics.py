"""Measures of a ranking and of probabilities. What is undefined is NaN, never 0."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
LEAST = 1e-15  # a probability of 0 would cost without end


def ndcg_at(gains: Floats, k: int = 10) -> float:
    """nDCG@k with linear gain (Järvelin & Kekäläinen 2002) of gains in ranked order.

    NaN when there is no gain at all.

    >>> round(ndcg_at(np.array([0.0, 3.0, 1.0])), 4)
    0.6591
    """
    best = np.sort(gains)[::-1][:k]
    highest = float(best @ _discounts(len(best)))
    if highest <= 0:
        return float("nan")
    top = gains[:k]
    return float(top @ _discounts(len(top))) / highest


def reciprocal_rank(relevant: npt.NDArray[np.bool_]) -> float:
    """One over the rank of the first relevant one in ranked order; 0 when none is ranked.

    >>> reciprocal_rank(np.array([False, True]))
    0.5
    """
    places = np.flatnonzero(relevant)
    return 1.0 / (int(places[0]) + 1) if len(places) else 0.0


def brier(outcome: Floats, probability: Floats) -> float:
    """Mean squared difference of outcome (0/1) and probability; NaN without any."""
    return float(np.mean((outcome - probability) ** 2)) if len(outcome) else float("nan")


def ece(outcome: Floats, probability: Floats, bins: int = 10) -> float:
    """Expected calibration error over `bins` parts of equal size (Naeini et al. 2015; Nixon et al. 2019)."""
    if not len(outcome):
        return float("nan")
    parts = equal_parts(probability, bins)
    gaps = [len(part) * abs(outcome[part].mean() - probability[part].mean()) for part in parts]
    return float(sum(gaps) / len(outcome))


def equal_parts(probability: Floats, bins: int = 10) -> list[npt.NDArray[np.intp]]:
    """The places of the probabilities in ascending order, in parts of equal size; fewer where there are fewer."""
    return np.array_split(np.argsort(probability, kind="stable"), max(min(bins, len(probability)), 1))


def auc(outcome: Floats, score: Floats) -> float:
    """Probability that a resolved case scores above an unresolved one, ties counting half; NaN without both."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(outcome, score)) if len(np.unique(outcome)) == 2 else float("nan")


def log_loss(outcome: Floats, probability: Floats) -> float:
    """Mean of -log(the probability given to what came), nats; a certainty that failed counts as 1e-15."""
    given = np.where(outcome == 1, probability, 1 - probability)
    return float(-np.log(np.maximum(given, LEAST)).mean()) if len(outcome) else float("nan")


def _discounts(count: int) -> Floats:
    return np.asarray(1 / np.log2(np.arange(2, count + 2)))
