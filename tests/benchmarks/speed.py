"""Speed and memory, as ratios to a peer in the same run: one shortlist, a million experts, the fit."""

import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from matcher.consultation import Consultation
from matcher.eligibility import Programme, Register
from matcher.evaluation.tasks import consultation_of
from matcher.rankers import AdditiveRanker
from matcher.sample import World, generate
from matcher.shortlist import Shortlist
from matcher.shortlist.build import shortlist_on

ON = pd.Timestamp("2026-03-31")
EXPERTS, MANY = 5_000, 1_000_000
ASKED, WARMING = 200, 2_000
TREES, LEAVES, THREADS, WIDTH = 200, 15, 2, 64


def measure(say: Callable[[str], None], *, large: bool = True) -> Iterator[tuple[str, str, float]]:
    """(method, measure, value); milliseconds are medians over consultations, after others of the same register."""
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
    card = {"id": "benchmark", "fingerprint": "benchmark"}
    opened = np.unique(world.truth["consultation_id"])
    rng = np.random.default_rng(0)
    closed = np.setdiff1d(world.data.consultations["consultation_id"].to_numpy(dtype=str), opened)
    warming, asked = (
        [consultation_of(world.data, str(name)) for name in rng.choice(names, count, replace=False)]
        for names, count in ((closed, WARMING), (opened, ASKED))
    )
    rows, label = rng.normal(size=(20_000, 30)), rng.integers(0, 2, 20_000)
    options = {"objective": "binary", "num_leaves": LEAVES, "num_threads": THREADS, "verbose": -1}
    trees = lightgbm.train(options, lightgbm.Dataset(rows, label), TREES)

    def one(consultation: Consultation) -> Shortlist:
        return shortlist_on(ranker, register, consultation, model_card=card, data_fingerprint=fingerprint, k=20)

    say(f"after {WARMING:,} other consultations")
    for consultation in warming:
        one(consultation)
    peer, new, scoring, again = np.array(
        [
            (
                _milliseconds(lambda: trees.predict(rows[:EXPERTS], num_threads=THREADS)),
                _milliseconds(partial(one, c)),
                _milliseconds(partial(ranker.score, c, register.data.experts)),
                _milliseconds(partial(one, c)),
            )
            for c in asked
        ]
    ).T
    yield "LightGBM predict, 5,000 pairs", "ms", float(np.median(peer))
    for what, taken in (
        ("shortlist of 20 over 5,000 experts", new),
        ("the same asked again", again),
        ("score of 5,000 experts", scoring),
    ):
        yield what, "ms", float(np.median(taken))
        yield what, "times faster than LightGBM", float(np.median(peer / taken))


def _many(world: World, ranker: AdditiveRanker, say: Callable[[str], None]) -> Iterator[tuple[str, str, float]]:
    say("a million experts")
    experts = world.data.experts.iloc[np.arange(MANY) % len(world.data.experts)].reset_index(drop=True)
    experts = experts.assign(expert_id=[f"M{row:07d}" for row in range(MANY)])
    register = Register(replace(world.data, experts=experts), Programme.default(), ON)
    asked = [consultation_of(world.data, str(i)) for i in np.unique(world.truth["consultation_id"])[:20]]
    card = {"id": "benchmark", "fingerprint": "benchmark"}

    def one(consultation: Consultation) -> Shortlist:
        return shortlist_on(ranker, register, consultation, model_card=card, data_fingerprint="benchmark", k=20)

    for consultation in asked:
        one(consultation)
    vectors = np.random.default_rng(0).normal(size=(MANY, WIDTH)).astype(np.float32)
    with threadpool_limits(THREADS):
        peer, scoring, whole = np.array(
            [
                (
                    _milliseconds(lambda: vectors @ vectors[0]),
                    _milliseconds(partial(ranker.score, c, experts)),
                    _milliseconds(partial(one, c)),
                )
                for c in asked * 3
            ]
        ).T
    yield f"float32 product of {MANY:,} x {WIDTH}", "ms", float(np.median(peer))
    for what, taken in ((f"score of {MANY:,} experts", scoring), (f"shortlist of 20 over {MANY:,} experts", whole)):
        yield what, "ms", float(np.median(taken))
        yield what, f"times a float32 product of width {WIDTH}", float(np.median(taken) / np.median(peer))


def _large_fit(say: Callable[[str], None]) -> Iterator[tuple[str, str, float]]:
    say("fit of a million dispatches")
    world = generate(experts=100_000, consultations=1_340_000, seed=7, missing=0.4)
    start = time.perf_counter()
    AdditiveRanker().fit(world.data, as_of=ON)
    yield f"fit of {len(world.data.dispatches):,} dispatches", "seconds", time.perf_counter() - start
    yield "the same, with the world in memory", "GB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def _milliseconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - start)
