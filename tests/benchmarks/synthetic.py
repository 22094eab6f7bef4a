"""On synthetic worlds, where the truth is known: how far from "nearest" to the oracle, coverage, what adds what."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.dataset import Dataset
from matcher.eligibility import Programme, Register, RuleName, evaluate_on
from matcher.evaluation.bootstrap import paired_interval
from matcher.evaluation.metrics import ece
from matcher.evaluation.tasks import consultation_of
from matcher.features.declared import MERIT_FEATURES
from matcher.features.feature import Feature, Group
from matcher.peers import peers
from matcher.rankers import AdditiveRanker, Ranker, make_ranker
from matcher.sample import World, generate

Floats = npt.NDArray[np.float64]
Say = Callable[[str], None]

SEEDS = (7, 8, 9)  # CASE_SD and the features were settled on worlds 101 and 102
ON = pd.Timestamp("2026-03-31")
EXPERTS, CONSULTATIONS = 4000, 40_000  # about 30,000 dispatches
DISPATCHES = (0, 300, 3_000, 30_000, 300_000)
LIGHTGBM = "lightgbm_outcomes"


@dataclass(frozen=True, eq=False)
class Judged:
    """A world's open consultations: the true probability (m, n) of every expert, and who is eligible (m, n)."""

    world: World
    truth: Floats
    eligible: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, world: World) -> "Judged":
        """Rules on conflict and region hold; this month's capacity is left open."""
        data = world.data
        programme = Programme.default()
        register = Register(data, replace(programme, rules={**programme.rules, RuleName.CAPACITY: False}), ON)
        table = world.truth.pivot_table(index="consultation_id", columns="expert_id", values="probability")
        masks = [evaluate_on(register, consultation_of(data, str(asked))).mask for asked in table.index]
        return cls(world, table.reindex(columns=data.experts["expert_id"]).to_numpy(), np.array(masks))

    @property
    def oracle(self) -> Floats:
        """The best eligible expert's true probability, a value a consultation."""
        return np.where(self.eligible, self.truth, -1.0).max(axis=1)

    def scores(self, ranker: Ranker) -> tuple[Floats, Floats, Floats, Floats]:
        """Score, probability, lower and upper (m, n)."""
        asked = [consultation_of(self.world.data, str(i)) for i in np.unique(self.world.truth["consultation_id"])]
        found = [ranker.score(consultation, self.world.data.experts) for consultation in asked]
        columns = ("score", "probability", "lower", "upper")
        return tuple(np.array([getattr(s, name) for s in found]) for name in columns)  # type: ignore[return-value]

    def success(self, score: Floats) -> Floats:
        """True success of the first-ranked, a value a consultation; equal scores by id, as a shortlist orders them."""
        ids = self.world.data.experts["expert_id"].to_numpy(dtype=str)
        order = [np.lexsort((ids, -np.where(row, s, -np.inf)))[0] for row, s in zip(self.eligible, score, strict=True)]
        return self.truth[np.arange(len(self.truth)), order]


def measure(say: Say, seeds: tuple[int, ...] = SEEDS) -> Iterator[tuple[str, str, float]]:
    """(method, measure, value) for each world: true success of the first-ranked, its share of the way, coverage."""
    for seed in seeds:
        judged = Judged.of(generate(experts=EXPERTS, consultations=CONSULTATIONS, seed=seed, missing=0.4))
        yield from _world(judged, f"world {seed}", say)


def _world(judged: Judged, name: str, say: Say) -> Iterator[tuple[str, str, float]]:
    data = judged.world.data
    nearest = judged.success(judged.scores(make_ranker("nearest").fit(data, as_of=ON))[0])
    oracle = judged.oracle
    yield f"{name}: nearest", "true success", float(nearest.mean())
    yield f"{name}: oracle", "true success", float(oracle.mean())
    found: dict[str, Floats] = {}
    rankers: dict[str, Ranker] = {"additive": AdditiveRanker()}
    rankers |= {peer: kind() for peer, kind in peers().items() if peer.endswith("_outcomes")}
    for who, ranker in rankers.items():
        say(f"{name}: {who}")
        scores = judged.scores(ranker.fit(data, as_of=ON))
        found[who] = judged.success(scores[0])
        yield f"{name}: {who}", "true success", float(found[who].mean())
        yield f"{name}: {who}", "way", float((found[who] - nearest).mean() / (oracle - nearest).mean())
        if isinstance(ranker, AdditiveRanker):
            yield from ((f"{name}: {who}", *row) for row in _sureness(judged, scores))
            yield from ((f"{name}: {who}", *row) for row in _newcomers(judged, ranker, scores[0]))
            yield from ((f"{name}: {who}", *row) for row in _parameters(judged.world, ranker))
    if LIGHTGBM in found:
        low, high = paired_interval(found["additive"] - found[LIGHTGBM])
        yield f"{name}: additive - {LIGHTGBM}", "difference", float((found["additive"] - found[LIGHTGBM]).mean())
        yield f"{name}: additive - {LIGHTGBM}", "low", low
        yield f"{name}: additive - {LIGHTGBM}", "high", high


def _sureness(judged: Judged, scores: tuple[Floats, Floats, Floats, Floats]) -> Iterator[tuple[str, float]]:
    score, probability, lower, upper = scores
    held = (judged.truth >= lower) & (judged.truth <= upper)
    first = np.argsort(-np.where(judged.eligible, score, -np.inf), axis=1)[:, :10]
    yield "coverage, all", float(held[judged.eligible].mean())
    yield "coverage, first ten", float(np.take_along_axis(held, first, 1).mean())
    # Against the true probability: the mean gap in ten equal parts of what was foretold.
    yield "ECE against the truth", ece(judged.truth[judged.eligible], probability[judged.eligible])


def _newcomers(judged: Judged, ranker: AdditiveRanker, score: Floats) -> Iterator[tuple[str, float]]:
    """Experts without any dispatch: our order of them, and that of a model of profiles alone."""
    data = judged.world.data
    new = judged.eligible & ~data.experts["expert_id"].isin(data.dispatches["expert_id"]).to_numpy()
    alone = ProfileOnly().fit(data, as_of=ON)
    for name, by in (("newcomers", score), ("newcomers, profile only", judged.scores(alone)[0])):
        first = np.where(new, by, -np.inf).argmax(axis=1)
        yield name, float(judged.truth[np.arange(len(first)), first].mean())


def _parameters(world: World, ranker: AdditiveRanker) -> Iterator[tuple[str, float]]:
    """Learned spreads beside the world's own."""
    assumed = world.parameters["assumptions"]
    for name, effect, true in zip(
        ("expert sd", "category sd"), ranker.merit.fit.nested, ("general_sd", "hidden_sd"), strict=True
    ):
        yield name, effect.sd
        yield f"{name}, true", float(assumed[true]["value"])


class ProfileOnly(AdditiveRanker):
    """Merit without any effect of an expert: what the profile alone tells."""

    merit_features = tuple(f for f in MERIT_FEATURES if f.group is not Group.RECORD)

    def fit(self, data: Dataset, *, as_of: pd.Timestamp, seed: int = 0) -> "ProfileOnly":
        """Learns as ours does, then forgets the effects."""
        super().fit(data, as_of=as_of, seed=seed)
        fit = self.merit.fit
        nested = tuple(replace(effect, mean=np.zeros_like(effect.mean)) for effect in fit.nested)
        self._join(replace(self.merit, fit=replace(fit, nested=nested)), self.fitness, self.blend)
        return self


def ablation(say: Say, seed: int = SEEDS[0]) -> Iterator[tuple[str, str, float]]:
    """True success of the first-ranked without each group of features, learned anew."""
    judged = Judged.of(generate(experts=EXPERTS, consultations=CONSULTATIONS, seed=seed, missing=0.4))
    full = judged.success(judged.scores(AdditiveRanker().fit(judged.world.data, as_of=ON))[0])
    yield "ablation: all", "true success", float(full.mean())
    for name, features in _without():
        say(f"ablation: {name}")
        kind = type("Without", (AdditiveRanker,), {"merit_features": features})
        found = judged.success(judged.scores(kind().fit(judged.world.data, as_of=ON))[0])
        yield from _against(f"ablation: without {name}", found, full)
    found = judged.success(judged.scores(ProfileOnly().fit(judged.world.data, as_of=ON))[0])
    yield from _against("ablation: without any record", found, full)


def _without() -> Iterator[tuple[str, tuple[Feature, ...]]]:
    for group in (Group.EXPERTISE, Group.REGION, Group.EXPERIENCE, Group.TEXT, Group.RECORD):
        yield str(group), tuple(feature for feature in MERIT_FEATURES if feature.group is not group)


def _against(name: str, found: Floats, full: Floats) -> Iterator[tuple[str, str, float]]:
    low, high = paired_interval(found - full)
    figures: Mapping[str, float] = {
        "true success": float(found.mean()),
        "difference": float((found - full).mean()),
        "low": low,
        "high": high,
    }
    yield from ((name, measure, value) for measure, value in figures.items())


def learning_curve(say: Say, seed: int = SEEDS[0]) -> Iterator[tuple[str, str, float]]:
    """True success of the first-ranked by how many dispatches were there to learn from, the latest ones."""
    for wanted in DISPATCHES:
        say(f"learning curve: {wanted} dispatches")
        consultations = max(CONSULTATIONS, int(wanted / 0.745))
        judged = Judged.of(generate(experts=EXPERTS, consultations=consultations, seed=seed, missing=0.4))
        data = judged.world.data
        latest = (
            data.dispatches.sort_values(["decided_on", "dispatch_id"]).tail(wanted) if wanted else data.dispatches[:0]
        )
        ranker = AdditiveRanker().fit(replace(data, dispatches=latest.reset_index(drop=True)), as_of=ON)
        nearest = judged.success(judged.scores(make_ranker("nearest").fit(data, as_of=ON))[0])
        found = judged.success(judged.scores(ranker)[0])
        yield f"learning curve: {len(latest):,} dispatches", "true success", float(found.mean())
        yield (
            f"learning curve: {len(latest):,} dispatches",
            "way",
            float((found - nearest).mean() / (judged.oracle - nearest).mean()),
        )
