"""Logistic regression with nested effects of experts and crossed effects of cases, all their variances learned.

Nested: an expert, and the expert in a category. Partial pooling: an expert with two cases is
mostly their profile, one with forty mostly their record. Crossed: a client, a category; they tell how hard a case is
and are the same for every candidate. Fitted by penalised likelihood, variances by EM with Laplace's approximation
(Breslow & Clayton 1993, JASA 88; Bates et al. 2015, J. Stat. Software 67, section 2).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import solve_triangular
from scipy.optimize import lsq_linear
from scipy.special import expit

from matcher.rankers.design import COEFFICIENT_STEP, on_grid

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

ROUNDS = 50
TOLERANCE = 1e-3
SMALLEST_SD = 0.05
FIRST_SD = 0.4
COEFFICIENT_SD = 0.3  # prior spread of a coefficient about its declared worth; with 300 outcomes 1.0 did harm


@dataclass(frozen=True)
class Effects:
    """Effects of a level's nodes: posterior means, and `variance` of each together with all above it; `sd` learned."""

    mean: Floats
    variance: Floats
    sd: float


@dataclass(frozen=True)
class MixedFit:
    """A fitted model: `coefficients` (q,), `covariance_root` (q, q) with root @ root.T their covariance.

    `nested` effects from the widest level to the narrowest, `crossed` ones in the order given.
    """

    coefficients: Floats
    covariance_root: Floats
    nested: tuple[Effects, ...]
    crossed: tuple[Effects, ...]


@dataclass(frozen=True)
class _Problem:
    columns: Floats
    outcome: Floats
    leaf: Ints
    parents: tuple[Ints, ...]
    sizes: tuple[int, ...]
    crossed: tuple[Ints, ...]
    prior: Floats
    precision: Floats
    low: Floats
    high: Floats

    def predictor(self, at: "_Point") -> Floats:
        total = at.nested[0]
        for effect, parent in zip(at.nested[1:], self.parents, strict=True):
            total = effect + total[parent]
        eta = self.columns @ at.beta + total[self.leaf]
        for effect, node in zip(at.crossed, self.crossed, strict=True):
            eta += effect[node]
        return eta

    def loss(self, at: "_Point", sds: Sequence[float]) -> float:
        """Penalised negative log-likelihood."""
        eta = self.predictor(at)
        fit = np.logaddexp(0, eta).sum() - self.outcome @ eta
        penalty = self.precision @ (at.beta - self.prior) ** 2
        penalty += sum((effect @ effect) / sd**2 for effect, sd in zip((*at.nested, *at.crossed), sds, strict=True))
        return float(fit + 0.5 * penalty)


@dataclass(frozen=True)
class _Point:
    beta: Floats
    nested: tuple[Floats, ...]
    crossed: tuple[Floats, ...]

    def towards(self, other: "_Point", share: float) -> "_Point":
        mixed = (tuple(a + share * (b - a) for a, b in zip(*both, strict=True)) for both in self._beside(other))
        return _Point(self.beta + share * (other.beta - self.beta), *mixed)

    def away(self, other: "_Point") -> float:
        effects = [pair for both in self._beside(other) for pair in zip(*both, strict=True)]
        return max(float(np.abs(a - b).max(initial=0)) for a, b in [(self.beta, other.beta), *effects])

    def _beside(self, other: "_Point") -> tuple[tuple[tuple[Floats, ...], tuple[Floats, ...]], ...]:
        return (self.nested, other.nested), (self.crossed, other.crossed)


@dataclass(frozen=True)
class _Curvature:
    """The second derivative at a point, nested effects eliminated from the narrowest level to the widest.

    `kept` is the share of a node's evidence that its own effect takes; `by` what is left of the columns at each
    node; `information` what is left for beta.
    """

    weight: Floats
    precision: list[Floats]
    kept: list[Floats]
    by: list[Floats]
    information: Floats

    @classmethod
    def at(cls, problem: _Problem, eta: Floats, sds: Sequence[float]) -> "_Curvature":
        p = expit(eta)
        weight = np.asarray(np.maximum(p * (1 - p), 1e-6), dtype=np.float64)
        weighted = problem.columns * weight[:, None]
        information = problem.columns.T @ weighted + np.diag(problem.precision)
        node, mass, by = problem.leaf, weight, weighted
        precisions, keeps, bys = list[Floats](), list[Floats](), list[Floats]()
        for level in range(len(problem.sizes) - 1, -1, -1):
            mass = np.asarray(np.bincount(node, mass, minlength=problem.sizes[level]), dtype=np.float64)
            by = _sum_rows(by, node, problem.sizes[level])
            precision = mass + sds[level] ** -2
            information -= (by / precision[:, None]).T @ by
            kept = mass / precision
            precisions, keeps, bys = [precision, *precisions], [kept, *keeps], [by, *bys]
            if level:
                node, mass, by = problem.parents[level - 1], mass * (1 - kept), by * (1 - kept)[:, None]
        return cls(weight, precisions, keeps, bys, information)

    def minimum(self, problem: _Problem, eta: Floats, at: _Point) -> _Point:
        """The minimum of the quadratic model, beta within its bounds, crossed effects held."""
        working = self.weight * (eta - _crossed(problem, at)) + problem.outcome - expit(eta)
        right = problem.columns.T @ working + problem.precision * problem.prior
        node, total, sums = problem.leaf, working, list[Floats]()
        for level in range(len(problem.sizes) - 1, -1, -1):
            total = np.asarray(np.bincount(node, total, minlength=problem.sizes[level]), dtype=np.float64)
            right -= self.by[level].T @ (total / self.precision[level])
            sums = [total, *sums]
            if level:
                node, total = problem.parents[level - 1], total * (1 - self.kept[level])
        beta = _bounded_minimum(self.information, right, problem.low, problem.high)
        nested, above = list[Floats](), np.zeros(0)
        for level, total in enumerate(sums):
            effect = (total - self.by[level] @ beta) / self.precision[level]
            inherited = above[problem.parents[level - 1]] if level else np.zeros(len(effect))
            effect -= self.kept[level] * inherited
            nested.append(effect)
            above = effect + inherited
        return _Point(beta, tuple(nested), at.crossed)

    def variances(self, problem: _Problem) -> tuple[list[Floats], list[Floats]]:
        """Per level the variance of each node's own effect, and of it together with all above it."""
        own, together = list[Floats](), list[Floats]()
        for level, (precision, kept) in enumerate(zip(self.precision, self.kept, strict=True)):
            above = together[-1][problem.parents[level - 1]] if level else np.zeros(len(precision))
            own.append(1 / precision + kept**2 * above)
            together.append(1 / precision + (1 - kept) ** 2 * above)
        return own, together


def fit_mixed(
    columns: Floats,
    outcome: Floats,
    leaf: Ints,
    parents: Sequence[Ints],
    crossed: Sequence[Ints],
    prior: Floats,
    bounds: list[tuple[float | None, float | None]],
) -> MixedFit:
    """Fits n outcomes (0/1) on `columns` (n, q), with nested and crossed effects.

    `leaf` (n,) is each row's node at the narrowest level; `parents[l]` maps the nodes of level l + 1 to those of
    level l; `crossed` are nodes of each row, (n,) each. The first column is the intercept, whose prior is flat;
    `prior` and `bounds` are for all q coefficients. Newton's method with step halving, crossed effects in turn;
    variances are renewed (EM) as it goes.
    """
    sizes = [int(nodes.max()) + 1 for nodes in (*parents, leaf)]
    precision = np.full(columns.shape[1], COEFFICIENT_SD**-2)
    precision[0] = 1e-6
    low = np.array([-np.inf if bound[0] is None else bound[0] for bound in bounds])
    high = np.array([np.inf if bound[1] is None else bound[1] for bound in bounds])
    problem = _Problem(
        columns, outcome, leaf, tuple(parents), tuple(sizes), tuple(crossed), prior, precision, low, high
    )
    others = tuple(np.zeros(int(nodes.max()) + 1) for nodes in crossed)
    point = _Point(np.clip(prior, low, high), tuple(map(np.zeros, sizes)), others)
    renewed = [FIRST_SD] * (len(sizes) + len(crossed))
    for _ in range(ROUNDS):
        before, sds = point, renewed
        eta = problem.predictor(point)
        curvature = _Curvature.at(problem, eta, sds)
        point = _descend(problem, point, curvature.minimum(problem, eta, point), sds)
        point, spread = _crossed_step(problem, point, sds)
        own, together = curvature.variances(problem)
        renewed = [
            max(float(np.sqrt(np.mean(effect**2 + variance))), SMALLEST_SD)
            for effect, variance in zip((*point.nested, *point.crossed), (*own, *spread), strict=True)
        ]
        still = max(abs(new - old) for new, old in zip(renewed, sds, strict=True)) < TOLERANCE
        if still and point.away(before) < TOLERANCE:
            break
    root = np.linalg.inv(np.linalg.cholesky(curvature.information)).T
    effects = [
        Effects(on_grid(mean, COEFFICIENT_STEP), variance, sd)
        for mean, variance, sd in zip((*point.nested, *point.crossed), (*together, *spread), sds, strict=True)
    ]
    return MixedFit(
        on_grid(point.beta, COEFFICIENT_STEP),
        on_grid(root, COEFFICIENT_STEP),
        tuple(effects[: len(sizes)]),
        tuple(effects[len(sizes) :]),
    )


def _crossed(problem: _Problem, at: _Point) -> Floats:
    parts = [effect[node] for effect, node in zip(at.crossed, problem.crossed, strict=True)]
    return np.asarray(sum(parts, np.zeros(len(problem.outcome))))


def _crossed_step(problem: _Problem, point: _Point, sds: Sequence[float]) -> tuple[_Point, list[Floats]]:
    """One Newton step of each crossed effect in turn, and its posterior variances.

    Effects sum to 0 at the optimum, since the intercept's prior is flat: their mean is handed to it at once, which
    a step of either alone would approach slowly.
    """
    effects, spread, beta = list(point.crossed), list[Floats](), point.beta.copy()
    for place, (node, sd) in enumerate(zip(problem.crossed, sds[len(problem.sizes) :], strict=True)):
        p = expit(problem.predictor(_Point(beta, point.nested, tuple(effects))))
        size = len(effects[place])
        precision = np.bincount(node, p * (1 - p), minlength=size) + sd**-2
        slope = np.bincount(node, problem.outcome - p, minlength=size) - effects[place] / sd**2
        effects[place] = effects[place] + slope / precision
        beta[0] += effects[place].mean()
        effects[place] -= effects[place].mean()
        spread.append(np.asarray(1 / precision))
    return _Point(beta, point.nested, tuple(effects)), spread


def _descend(problem: _Problem, point: _Point, goal: _Point, sds: Sequence[float]) -> _Point:
    start = problem.loss(point, sds)
    for halvings in range(20):
        reached = point.towards(goal, 0.5**halvings)
        if problem.loss(reached, sds) <= start:
            return reached
    return point


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
