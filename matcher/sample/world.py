"""The whole synthetic world from a seed: the dataset that rankers see, and the truth that they never see."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from matcher.dataset import Dataset
from matcher.errors import InvalidValueError
from matcher.reference.taxonomy import builtin_categories
from matcher.sample.assumptions import Assumptions, described
from matcher.sample.cells import strings
from matcher.sample.clients import Clients, clients_table, draw_clients
from matcher.sample.conflicts import conflicts_table, draw_affiliations
from matcher.sample.consultations import Consultations, consultations_table, draw_consultations
from matcher.sample.coordinators import Choices, choose
from matcher.sample.descriptions import write_descriptions
from matcher.sample.dispatches import Dispatches, dispatches_table, draw_dispatches
from matcher.sample.drawing import Floats, Ints, Rng, texts
from matcher.sample.experts import Experts, draw_experts, register
from matcher.sample.hubs import Hubs, draw_hubs, hubs_table
from matcher.sample.truth import Truth, probability, topic_weights, visible_skill
from matcher.sample.words import topics

Progress = Callable[[str, int, int], None]
# One random stream a stage: more rows in one stage leave the others' draws as they were.
STREAMS = (
    "hubs",
    "experts",
    "affiliations",
    "register",
    "clients",
    "consultations",
    "descriptions",
    "choices",
    "dispatches",
    "cells",
)
STAGES = 5
DECIMALS = 6


@dataclass(frozen=True, eq=False)
class World:
    """A dataset and what is true about it; only evaluation and tests read anything but `data`.

    truth: consultation_id, expert_id, probability (of a resolved case), the open consultations x all experts.
    choices: consultation_id, expert_id, whom a past coordinator would send to each open one (NaN: nobody).
    latent: expert_id, category, practises, claims, visible, hidden: the log-odds of skill that a full profile
    would tell, and those that show nowhere. parameters: everything the world was made with.
    """

    data: Dataset
    truth: pd.DataFrame
    choices: pd.DataFrame
    latent: pd.DataFrame
    parameters: dict[str, Any]


def generate(
    *,
    experts: int = 4000,
    consultations: int = 40_000,
    seed: int = 7,
    missing: float = 0.4,
    success: float = 0.5,
    progress: Progress | None = None,
) -> World:
    """A world of so many experts and consultations, the same for the same arguments.

    `missing` is the share of completed dispatches whose outcome is unknown, `success` the mean probability that
    a completed one resolved its case. `progress(stage, done, total)` is called before each stage and at the
    end. Raises `InvalidValueError`.
    """
    _refuse(experts, consultations, seed, missing, success)
    report = progress or _silent
    values = Assumptions()
    streams = dict(zip(STREAMS, np.random.default_rng(seed).spawn(len(STREAMS)), strict=True))
    drawn = _draw(streams, experts, consultations, success, values, report)
    report("tables", 3, STAGES)
    data = Dataset.from_tables(_tables(streams, drawn, missing, values))
    report("truth", 4, STAGES)
    arguments = {"experts": experts, "consultations": consultations, "seed": seed, "missing": missing}
    base = round(drawn.sent.base, DECIMALS)
    world = World(
        data=data,
        truth=_truth_table(drawn.truth, drawn.sent.base),
        choices=_choices_table(drawn.asked, drawn.people, drawn.choices),
        latent=_latent_table(drawn.people, values),
        parameters=arguments | {"success": success, "base": base, "assumptions": described(values)},
    )
    report("", STAGES, STAGES)
    return world


@dataclass(frozen=True, eq=False)
class _Drawn:
    hubs: Hubs
    people: Experts
    affiliation: Ints
    clients: Clients
    asked: Consultations
    choices: Choices
    truth: Truth
    sent: Dispatches


def _draw(
    streams: dict[str, Rng],
    experts: int,
    consultations: int,
    success: float,
    values: Assumptions,
    report: Progress,
) -> _Drawn:
    report("experts", 0, STAGES)
    hubs = draw_hubs(streams["hubs"], values)
    people = draw_experts(streams["experts"], experts, values)
    affiliation = draw_affiliations(streams["affiliations"], people, hubs, values)
    report("consultations", 1, STAGES)
    clients = draw_clients(streams["clients"], int(np.ceil(consultations / values.per_client)), hubs, values)
    asked = draw_consultations(streams["consultations"], consultations, clients, hubs, values)
    report("dispatches", 2, STAGES)
    choices = choose(streams["choices"], asked, hubs, people, affiliation, values)
    truth = Truth.of(people, asked, clients, values)
    sent = draw_dispatches(streams["dispatches"], asked, choices, truth, success, values)
    return _Drawn(hubs, people, affiliation, clients, asked, choices, truth, sent)


def _tables(streams: dict[str, Rng], drawn: _Drawn, missing: float, values: Assumptions) -> dict[str, pd.DataFrame]:
    hubs, people, clients, asked, sent = drawn.hubs, drawn.people, drawn.clients, drawn.asked, drawn.sent
    own_hub = texts([*hubs.ids, ""])[drawn.affiliation]
    description = write_descriptions(streams["descriptions"], asked, clients, values)
    rng = streams["cells"]
    return {
        "experts": register(streams["register"], people, own_hub, values),
        "hubs": hubs_table(hubs),
        "clients": clients_table(rng, clients, values),
        "consultations": consultations_table(rng, asked, clients, hubs, description, values),
        "dispatches": dispatches_table(rng, sent, asked, people.ids, missing, values),
        "conflicts": conflicts_table(rng, sent, asked, people, clients, hubs, drawn.affiliation, values),
        "categories": builtin_categories(),
    }


def _silent(_stage: str, _done: int, _total: int) -> None:
    return


def _refuse(experts: int, consultations: int, seed: int, missing: float, success: float) -> None:
    for what, value, least in (("experts", experts, 1), ("consultations", consultations, 0), ("seed", seed, 0)):
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise InvalidValueError(what, value, f"a whole number from {least}")
    if not 0 <= missing < 1:
        raise InvalidValueError("missing", missing, "0 or more and less than 1")
    if not 0 < success < 1:
        raise InvalidValueError("success", success, "more than 0 and less than 1")


def _truth_table(truth: Truth, base: float) -> pd.DataFrame:
    """All pairs of an open consultation and an expert; one consultation at a time bounds the memory."""
    everybody = np.arange(len(truth.experts.ids))
    open_ones = np.flatnonzero(truth.asked.open)
    found = np.empty((len(open_ones), len(everybody)))
    for row, consultation in enumerate(open_ones):
        found[row] = probability(truth.log_odds(np.array(consultation), everybody) + base)
    return pd.DataFrame(
        {
            "consultation_id": strings(truth.asked.ids[open_ones]).repeat(len(everybody)).reset_index(drop=True),
            "expert_id": strings(np.tile(truth.experts.ids, len(open_ones))),
            "probability": found.ravel().round(DECIMALS),
        }
    )


def _choices_table(asked: Consultations, experts: Experts, choices: Choices) -> pd.DataFrame:
    open_ones = np.flatnonzero(asked.open)
    chosen = texts([*experts.ids, ""])[choices.first[open_ones]]
    return pd.DataFrame({"consultation_id": strings(asked.ids[open_ones]), "expert_id": strings(chosen)})


def _latent_table(experts: Experts, values: Assumptions) -> pd.DataFrame:
    skills, codes = experts.skills, topics().codes
    focus: Floats = values.focus * skills.focus @ topic_weights().T
    size: Ints = np.arange(len(experts.ids))
    return pd.DataFrame(
        {
            "expert_id": strings(experts.ids[np.repeat(size, len(codes))]),
            "category": strings(np.tile(texts(list(codes)), len(size))),
            "practises": skills.practises.ravel(),
            "claims": skills.claims.ravel(),
            "visible": (visible_skill(experts, values) + focus).ravel(),
            "hidden": (skills.general[:, None] + skills.hidden).ravel(),
        }
    )
