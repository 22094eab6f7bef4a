"""Bootstrap intervals (Efron & Tibshirani 1993, ch. 13): cases are drawn again and again, the same for all rankers."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
RESAMPLES = 2000
AT_ONCE = 100  # draws held in memory together


def draws(cases: int, *, seed: int = 0, resamples: int = RESAMPLES) -> Iterator[Floats]:
    """How often each case is drawn, (`AT_ONCE`, cases) at a time; the same for the same count and seed."""
    rng = np.random.default_rng(seed)
    for _ in range(max(resamples // AT_ONCE, 1)):
        yield rng.multinomial(cases, np.full(cases, 1 / cases), size=AT_ONCE).astype(np.float64)


def resampled_means(values: Floats, *, seed: int = 0, resamples: int = RESAMPLES) -> Floats:
    """Means (resamples, c) of the columns of `values` (n, c) over drawn rows; an undefined value counts in no mean.

    Rows without any defined value are not drawn. A mean of nothing is NaN.
    """
    values = values[~np.isnan(values).all(axis=1)]
    if not len(values):
        return np.full((1, values.shape[1]), np.nan)
    known, filled = (~np.isnan(values)).astype(np.float64), np.nan_to_num(values)
    with np.errstate(invalid="ignore"):  # 0 / 0 where no defined value was drawn
        means = [count @ filled / (count @ known) for count in draws(len(values), seed=seed, resamples=resamples)]
    return np.concatenate(means)


def central(resampled: Floats) -> tuple[Floats, Floats]:
    """The central 95 % of the draws of each column, undefined draws left out; NaN where all are."""
    drawn = ~np.isnan(resampled).all(axis=0)
    limits = np.full((2, resampled.shape[1]), np.nan)
    if drawn.any():
        limits[:, drawn] = np.nanquantile(resampled[:, drawn], [0.025, 0.975], axis=0)
    return limits[0], limits[1]


def paired_interval(differences: Floats, *, seed: int = 0, resamples: int = RESAMPLES) -> tuple[float, float]:
    """The central 95 % bootstrap interval of the mean of paired differences."""
    low, high = central(resampled_means(differences[:, None], seed=seed, resamples=resamples))
    return float(low[0]), float(high[0])
