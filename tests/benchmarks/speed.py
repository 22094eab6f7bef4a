"""Speed and memory, as ratios to a peer in the same run: one shortlist, a million experts, the fit."""

import resource
import time
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from matcher.eligibility import Programme, Register
from matcher.evaluation.tasks import consultation_of
from matcher.rankers import AdditiveRanker
from matcher.sample import World, generate
from matcher.shortlist.build import shortlist_on

ON = pd.Timestamp("2026-03-31")
EXPERTS, MANY = 5_000, 1_000_000
ASKED = 200
TREES, LEAVES, THREADS, WIDTH = 200, 15, 2, 64


def measure(say: Callable[[str], None], *, large: bool = True) -> Iterator[tuple[str, str, float]]:
    """(method, measure, value); milliseconds are medians over distinct consultations after a first round."""
    world = generate(experts=EXPERTS, consultations=40_000, seed=7, missing=0.4)
    say("fit of 30,000 dispatches")
    start = time.perf_counter()
    ranker = AdditiveRanker().fit(world.data, as_of=ON)
    yield f"fit of {len(world.data.dispatches):,} dispatches", "seconds", time.perf_counter() - start
    yield from _shortlist(world, ranker, say)
    if large:
        yield from _many(world, ranker, say)
        yield from _large_fit(say)


def _shortlist(world: World, ranker: AdditiveRanker, say: Callable[[str], None]) -> Iterator[tuple[str, str, float]]:
    say("shortlist over 5,000 experts")
    import lightgbm

    register = Register(world.data, Programme.default(), ON)
    fingerprint = world.data.fingerprint()
    asked = [consultation_of(world.data, str(i)) for i in np.unique(world.truth["consultation_id"])[:ASKED]]
    card = {"id": "benchmark", "fingerprint": "benchmark"}
    rng = np.random.default_rng(0)
    rows, label = rng.normal(size=(20_000, 30)), rng.integers(0, 2, 20_000)
    options = {"objective": "binary", "num_leaves": LEAVES, "num_threads": THREADS, "verbose": -1}
    trees = lightgbm.train(options, lightgbm.Dataset(rows, label), TREES)
    peer = _median([lambda: trees.predict(rows[:EXPERTS], num_threads=THREADS)] * 50)

    def one(consultation: object) -> object:
        return shortlist_on(ranker, register, consultation, model_card=card, data_fingerprint=fingerprint, k=20)  # type: ignore[arg-type]

    for consultation in asked:
        one(consultation)
    scoring = _median([lambda c=c: ranker.score(c, register.data.experts) for c in asked])
    whole = _median([lambda c=c: one(c) for c in asked])
    yield "LightGBM predict, 5,000 pairs", "ms", peer
    yield "score of 5,000 experts", "ms", scoring
    yield "score of 5,000 experts", "times faster than LightGBM", peer / scoring
    yield "shortlist of 20 over 5,000 experts", "ms", whole
    yield "shortlist of 20 over 5,000 experts", "times faster than LightGBM", peer / whole


def _many(world: World, ranker: AdditiveRanker, say: Callable[[str], None]) -> Iterator[tuple[str, str, float]]:
    say("a million experts")
    experts = world.data.experts.iloc[np.arange(MANY) % len(world.data.experts)].reset_index(drop=True)
    experts = experts.assign(expert_id=[f"M{row:07d}" for row in range(MANY)])
    asked = [consultation_of(world.data, str(i)) for i in np.unique(world.truth["consultation_id"])[:20]]
    for consultation in asked:
        ranker.score(consultation, experts)
    ours = _median([lambda c=c: ranker.score(c, experts) for c in asked])
    vectors = np.random.default_rng(0).normal(size=(MANY, WIDTH)).astype(np.float32)
    peer = _median([lambda: vectors @ vectors[0]] * 20)
    yield f"score of {MANY:,} experts", "ms", ours
    yield f"score of {MANY:,} experts", f"times a float32 product of width {WIDTH}", ours / peer


def _large_fit(say: Callable[[str], None]) -> Iterator[tuple[str, str, float]]:
    say("fit of a million dispatches")
    world = generate(experts=100_000, consultations=1_340_000, seed=7, missing=0.4)
    start = time.perf_counter()
    AdditiveRanker().fit(world.data, as_of=ON)
    yield f"fit of {len(world.data.dispatches):,} dispatches", "seconds", time.perf_counter() - start
    yield "the same, with the world in memory", "GB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def _median(calls: list[Callable[[], object]]) -> float:
    """Milliseconds."""
    taken = []
    for call in calls:
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return 1000 * float(np.median(taken))
