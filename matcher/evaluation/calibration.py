"""How honest foretold probabilities are: a reliability table, and the Brier score taken apart."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.evaluation.metrics import brier, equal_parts

Floats = npt.NDArray[np.float64]
Z95 = 1.959964


@dataclass(frozen=True)
class Bin:
    """A part of the outcomes: mean foretold, share resolved with its 95 % Wilson interval, and how many they are."""

    foretold: float
    resolved: float
    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Calibration:
    """The table, and `Brier = reliability - resolution + uncertainty + within`.

    Reliability is what miscalibration costs (0 is best), resolution what telling cases apart gains, uncertainty what
    the constant would score (Murphy 1973). `within` is what the bins hide: variance within them less twice the
    covariance with the outcome (Stephenson et al. 2008); with it the parts sum to the Brier score exactly.
    """

    bins: tuple[Bin, ...]
    reliability: float
    resolution: float
    uncertainty: float
    within: float
    brier: float

    @classmethod
    def of(cls, outcome: Floats, probability: Floats, bins: int = 10) -> "Calibration":
        """Of outcomes (n,), 0 or 1, and probabilities (n,), n at least 1, in bins of equal size."""
        parts = equal_parts(probability, bins)
        share = np.array([len(part) for part in parts]) / len(outcome)
        foretold = np.array([probability[part].mean() for part in parts])
        resolved = np.array([outcome[part].mean() for part in parts])
        usual = outcome.mean()
        inside = [_within(outcome[part], probability[part]) for part in parts]
        return cls(
            tuple(
                Bin(float(f), float(r), *wilson(outcome[part].sum(), len(part)), len(part))
                for f, r, part in zip(foretold, resolved, parts, strict=True)
            ),
            float(share @ (foretold - resolved) ** 2),
            float(share @ (resolved - usual) ** 2),
            float(usual * (1 - usual)),
            float(share @ np.array(inside)),
            brier(outcome, probability),
        )

    @property
    def skill(self) -> float:
        """How much better than the constant, the share resolved of these very outcomes; NaN where all are alike."""
        return 1 - self.brier / self.uncertainty if self.uncertainty else float("nan")

    def to_json(self) -> dict[str, Any]:
        """Plain values, those of programs."""
        return asdict(self)


def wilson(successes: float, count: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927).

    >>> [round(limit, 3) for limit in wilson(0, 10)]
    [0.0, 0.278]
    """
    share, z2 = successes / count, Z95**2
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = Z95 * np.sqrt(share * (1 - share) / count + z2 / (4 * count**2)) / (1 + z2 / count)
    return max(float(middle - half), 0.0), min(float(middle + half), 1.0)


def _within(outcome: Floats, probability: Floats) -> float:
    apart = probability - probability.mean()
    return float((apart**2).mean() - 2 * (apart * (outcome - outcome.mean())).mean())
