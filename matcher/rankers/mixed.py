"""Logistic regression with an effect an expert and an effect an expert and category, variances learned.

Partial pooling: an expert with two cases is mostly their profile, one with forty mostly their record. Fitted by
penalised likelihood, variances by EM with Laplace's approximation (Breslow & Clayton 1993, JASA 88; Bates et al.
2015, J. Stat. Software 67, section 2).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit

from matcher.rankers.design import COEFFICIENT_STEP, on_grid

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

ROUNDS = 25
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

    def loss(self, point: Floats, expert_sd: float, group_sd: float) -> tuple[float, Floats]:
        """Penalised negative log-likelihood and gradient; effects are in units of their spread."""
        q, groups = self.columns.shape[1], len(self.expert_of_group)
        beta, expert, group = point[:q], point[q : q + self.experts], point[q + self.experts :]
        effect = (expert * expert_sd)[self.expert_of_group] + group * group_sd
        eta = self.columns @ beta + effect[self.group]
        rest = expit(eta) - self.outcome
        away = beta - self.prior
        loss = np.logaddexp(0, eta).sum() - self.outcome @ eta
        loss += 0.5 * (self.precision @ away**2 + expert @ expert + group @ group)
        by_group = np.bincount(self.group, rest, minlength=groups)
        by_expert = np.bincount(self.expert_of_group, by_group, minlength=self.experts)
        slopes = [
            self.columns.T @ rest + self.precision * away,
            by_expert * expert_sd + expert,
            by_group * group_sd + group,
        ]
        return float(loss), np.concatenate(slopes)


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
    """
    experts = int(expert_of_group.max()) + 1
    precision = np.full(columns.shape[1], COEFFICIENT_SD**-2)
    precision[0] = 1e-6
    problem = _Problem(columns, outcome, group, expert_of_group, experts, prior, precision)
    limits = bounds + [(None, None)] * (experts + len(expert_of_group))
    point = np.concatenate([prior, np.zeros(experts + len(expert_of_group))])
    expert_sd = group_sd = FIRST_SD
    for _ in range(ROUNDS):
        found = minimize(
            problem.loss,
            point,
            (expert_sd, group_sd),
            jac=True,
            method="L-BFGS-B",
            bounds=limits,
            options={"maxiter": 200, "ftol": 1e-10, "gtol": 1e-4},
        )
        point = found.x
        fit = _posterior(problem, point, expert_sd, group_sd)
        before = expert_sd, group_sd
        expert_sd = max(float(np.sqrt(np.mean(fit.expert**2 + fit.expert_variance))), SMALLEST_SD)
        group_sd = max(float(np.sqrt(np.mean(fit.group**2 + fit.group_variance))), SMALLEST_SD)
        if max(abs(expert_sd - before[0]), abs(group_sd - before[1])) < 1e-3:
            break
    return fit


def _posterior(problem: _Problem, point: Floats, expert_sd: float, group_sd: float) -> MixedFit:
    """Laplace's approximation at the mode; effects are eliminated exactly, group by group, then expert by expert."""
    q, of = problem.columns.shape[1], problem.expert_of_group
    beta, groups = point[:q], len(of)
    expert, group = point[q : q + problem.experts] * expert_sd, point[q + problem.experts :] * group_sd
    p = expit(problem.columns @ beta + (expert[of] + group)[problem.group])
    weight = p * (1 - p)
    mass = np.bincount(problem.group, weight, minlength=groups)
    kept = mass / (mass + group_sd**-2)  # share of a group's evidence that its own effect takes
    left = np.bincount(of, mass * (1 - kept), minlength=problem.experts)
    expert_precision = expert_sd**-2 + left
    expert_variance = 1 / expert_precision
    group_variance = 1 / (mass + group_sd**-2) + kept**2 * expert_variance[of]
    weighted = problem.columns * weight[:, None]
    by_group = _sum_rows(weighted, problem.group, groups)
    by_expert = _sum_rows(by_group * (1 - kept)[:, None], of, problem.experts)
    information = problem.columns.T @ weighted + np.diag(problem.precision)
    information -= (by_group / (mass + group_sd**-2)[:, None]).T @ by_group
    information -= (by_expert / expert_precision[:, None]).T @ by_expert
    root = np.linalg.inv(np.linalg.cholesky(information)).T
    return MixedFit(
        coefficients=on_grid(beta, COEFFICIENT_STEP),
        covariance_root=on_grid(root, COEFFICIENT_STEP),
        expert=on_grid(expert, COEFFICIENT_STEP),
        expert_variance=expert_variance,
        group=on_grid(group, COEFFICIENT_STEP),
        group_variance=group_variance,
        covariance=-kept * expert_variance[of],
        expert_sd=expert_sd,
        group_sd=group_sd,
    )


def _sum_rows(rows: Floats, group: Ints, groups: int) -> Floats:
    total = np.zeros((groups, rows.shape[1]))
    order = np.argsort(group, kind="stable")
    found, first = np.unique(group[order], return_index=True)
    if len(found):
        total[found] = np.add.reduceat(rows[order], first, axis=0)
    return total
