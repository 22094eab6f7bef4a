"""Logistic regression with an effect an expert and an effect an expert and category, variances learned.

Partial pooling: an expert with two cases is mostly their profile, one with forty mostly their record. Fitted by
penalised likelihood, variances by EM with Laplace's approximation (Breslow & Clayton 1993, JASA 88; Bates et al.
2015, J. Stat. Software 67, section 2).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import solve_triangular
from scipy.optimize import lsq_linear
from scipy.special import expit

from matcher.rankers.design import COEFFICIENT_STEP, on_grid

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

ROUNDS = 100
TOLERANCE = 1e-4
SMALLEST_SD = 0.05
FIRST_SD = 0.7
COEFFICIENT_SD = 1.0  # prior spread of a coefficient about its declared worth


@dataclass(frozen=True)
class MixedFit:
    """A fitted model: `coefficients` (q,), `covariance_root` (q, q) with root @ root.T their covariance.

    Effects of the E experts and G expert-category groups that have outcomes: posterior means, variances, and
    `covariance` of each group's effect with its expert's. `expert_sd`, `group_sd` are the learned spreads.
    """

    coefficients: Floats
    covariance_root: Floats
    expert: Floats
    expert_variance: Floats
    group: Floats
    group_variance: Floats
    covariance: Floats
    expert_sd: float
    group_sd: float


@dataclass(frozen=True)
class _Problem:
    columns: Floats
    outcome: Floats
    group: Ints
    expert_of_group: Ints
    experts: int
    prior: Floats
    precision: Floats
    low: Floats
    high: Floats

    def predictor(self, at: "_Point") -> Floats:
        return self.columns @ at.beta + (at.expert[self.expert_of_group] + at.group)[self.group]

    def loss(self, at: "_Point", sds: tuple[float, float]) -> float:
        """Penalised negative log-likelihood."""
        eta = self.predictor(at)
        fit = np.logaddexp(0, eta).sum() - self.outcome @ eta
        penalty = self.precision @ (at.beta - self.prior) ** 2 + (at.expert @ at.expert) / sds[0] ** 2
        return float(fit + 0.5 * (penalty + (at.group @ at.group) / sds[1] ** 2))


@dataclass(frozen=True)
class _Point:
    beta: Floats
    expert: Floats
    group: Floats

    def towards(self, other: "_Point", share: float) -> "_Point":
        return _Point(
            self.beta + share * (other.beta - self.beta),
            self.expert + share * (other.expert - self.expert),
            self.group + share * (other.group - self.group),
        )

    def away(self, other: "_Point") -> float:
        return max(float(np.abs(getattr(self, f) - getattr(other, f)).max()) for f in ("beta", "expert", "group"))


@dataclass(frozen=True)
class _Curvature:
    """The second derivative at a point, effects eliminated: group by group, then expert by expert.

    `kept` is the share of a group's evidence that its own effect takes; `information` is what is left for beta.
    """

    weight: Floats
    group_precision: Floats
    kept: Floats
    expert_precision: Floats
    by_group: Floats
    by_expert: Floats
    information: Floats

    @classmethod
    def at(cls, problem: _Problem, eta: Floats, sds: tuple[float, float]) -> "_Curvature":
        of, groups = problem.expert_of_group, len(problem.expert_of_group)
        p = expit(eta)
        weight = np.asarray(np.maximum(p * (1 - p), 1e-6), dtype=np.float64)
        mass = np.bincount(problem.group, weight, minlength=groups)
        group_precision = np.asarray(mass + sds[1] ** -2, dtype=np.float64)
        kept = np.asarray(mass / group_precision, dtype=np.float64)
        left = np.bincount(of, mass * (1 - kept), minlength=problem.experts)
        expert_precision = np.asarray(sds[0] ** -2 + left, dtype=np.float64)
        weighted = problem.columns * weight[:, None]
        by_group = _sum_rows(weighted, problem.group, groups)
        by_expert = _sum_rows(by_group * (1 - kept)[:, None], of, problem.experts)
        information = problem.columns.T @ weighted + np.diag(problem.precision)
        information -= (by_group / group_precision[:, None]).T @ by_group
        information -= (by_expert / expert_precision[:, None]).T @ by_expert
        return cls(weight, group_precision, kept, expert_precision, by_group, by_expert, information)

    def minimum(self, problem: _Problem, eta: Floats) -> _Point:
        """The minimum of the quadratic model, beta within its bounds (iteratively reweighted least squares)."""
        of = problem.expert_of_group
        working = self.weight * eta + problem.outcome - expit(eta)
        group = np.bincount(problem.group, working, minlength=len(of))
        expert = np.bincount(of, group * (1 - self.kept), minlength=problem.experts)
        right = problem.columns.T @ working + problem.precision * problem.prior
        right -= self.by_group.T @ (group / self.group_precision) + self.by_expert.T @ (expert / self.expert_precision)
        beta = _bounded_minimum(self.information, right, problem.low, problem.high)
        effect = (expert - self.by_expert @ beta) / self.expert_precision
        own = (group - self.by_group @ beta) / self.group_precision - self.kept * effect[of]
        return _Point(beta, effect, own)


def fit_mixed(
    columns: Floats,
    outcome: Floats,
    group: Ints,
    expert_of_group: Ints,
    prior: Floats,
    bounds: list[tuple[float | None, float | None]],
) -> MixedFit:
    """Fits n outcomes (0/1) on `columns` (n, q), `group` (n,) of G, `expert_of_group` (G,).

    The first column is the intercept, whose prior is flat; `prior` and `bounds` are for all q coefficients.
    Newton's method with step halving; variances are renewed (EM) as it goes.
    """
    experts = int(expert_of_group.max()) + 1
    precision = np.full(columns.shape[1], COEFFICIENT_SD**-2)
    precision[0] = 1e-6
    low = np.array([-np.inf if bound[0] is None else bound[0] for bound in bounds])
    high = np.array([np.inf if bound[1] is None else bound[1] for bound in bounds])
    problem = _Problem(columns, outcome, group, expert_of_group, experts, prior, precision, low, high)
    point = _Point(np.clip(prior, low, high), np.zeros(experts), np.zeros(len(expert_of_group)))
    sds = (FIRST_SD, FIRST_SD)
    for _ in range(ROUNDS):
        before = point
        eta = problem.predictor(point)
        curvature = _Curvature.at(problem, eta, sds)
        point = _descend(problem, point, curvature.minimum(problem, eta), sds)
        fit = _posterior(problem, point, curvature, sds)
        renewed = (
            max(float(np.sqrt(np.mean(fit.expert**2 + fit.expert_variance))), SMALLEST_SD),
            max(float(np.sqrt(np.mean(fit.group**2 + fit.group_variance))), SMALLEST_SD),
        )
        still = max(abs(renewed[0] - sds[0]), abs(renewed[1] - sds[1])) < TOLERANCE
        if still and point.away(before) < TOLERANCE:
            break
        sds = renewed
    return fit


def _descend(problem: _Problem, point: _Point, goal: _Point, sds: tuple[float, float]) -> _Point:
    start = problem.loss(point, sds)
    for halvings in range(20):
        reached = point.towards(goal, 0.5**halvings)
        if problem.loss(reached, sds) <= start:
            return reached
    return point


def _posterior(problem: _Problem, point: _Point, curve: _Curvature, sds: tuple[float, float]) -> MixedFit:
    """Laplace's approximation at the mode."""
    of = problem.expert_of_group
    expert_variance = 1 / curve.expert_precision
    root = np.linalg.inv(np.linalg.cholesky(curve.information)).T
    return MixedFit(
        coefficients=on_grid(point.beta, COEFFICIENT_STEP),
        covariance_root=on_grid(root, COEFFICIENT_STEP),
        expert=on_grid(point.expert, COEFFICIENT_STEP),
        expert_variance=expert_variance,
        group=on_grid(point.group, COEFFICIENT_STEP),
        group_variance=1 / curve.group_precision + curve.kept**2 * expert_variance[of],
        covariance=-curve.kept * expert_variance[of],
        expert_sd=sds[0],
        group_sd=sds[1],
    )


def _bounded_minimum(matrix: Floats, right: Floats, low: Floats, high: Floats) -> Floats:
    """The minimum of x'Mx/2 - r'x within bounds, exactly (bounded-variable least squares, Stark & Parker 1995)."""
    root = np.linalg.cholesky(matrix)
    free = solve_triangular(root.T, solve_triangular(root, right, lower=True))
    if ((free >= low) & (free <= high)).all():
        return np.asarray(free)
    found = lsq_linear(root.T, solve_triangular(root, right, lower=True), (low, high), method="bvls")
    return np.asarray(found.x)


def _sum_rows(rows: Floats, group: Ints, groups: int) -> Floats:
    total = np.zeros((groups, rows.shape[1]))
    order = np.argsort(group, kind="stable")
    found, first = np.unique(group[order], return_index=True)
    if len(found):
        total[found] = np.add.reduceat(rows[order], first, axis=0)
    return total
