"""Every number of the synthetic world, each with its basis: a published figure, or our own assumption."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any, TypeVar

T = TypeVar("T")


def published(value: T, meaning: str) -> T:
    """A number that a published (often partial) figure gives; `meaning` names it."""
    return _declared(value, "published", meaning)


def assumed(value: T, meaning: str) -> T:
    """A number that nobody has published: our assumption."""
    return _declared(value, "assumption", meaning)


def _declared(value: T, basis: str, meaning: str) -> T:
    declared: T = field(default=value, metadata={"basis": basis, "meaning": meaning})
    return declared


@dataclass(frozen=True)
class Assumptions:
    """The world's parameters. Effects are in log-odds of `resolved`, lengths in km, shares in 0-1."""

    # experts
    ages: tuple[float, ...] = published((0.07, 0.22, 0.31, 0.26, 0.13), "experts in their 30s, 40s, 50s, 60s, 70s")
    expert_concentration: float = assumed(1.1, "exponent of a prefecture's population in the experts' places")
    women: float = assumed(0.24, "share of women among experts")
    registered_at_start: float = assumed(0.45, "share of experts registered before the first consultation")
    practised_mean: float = assumed(4.5, "categories an expert really practises, mean")
    over_claimers: float = assumed(0.22, "share of experts who claim categories they do not practise")
    under_claimers: float = assumed(0.18, "share of experts who claim few of those they practise")
    claim_recall: tuple[float, ...] = assumed((0.9, 0.9, 0.4), "practised categories claimed: honest, over, under")
    false_claims: tuple[float, ...] = assumed((0.3, 4.5, 0.1), "false claims per expert: honest, over, under")
    honest_mention: float = assumed(0.9, "share of an introduction's sentences on what the expert is strong in")
    status: tuple[float, ...] = assumed((0.9, 0.03, 0.07), "experts active, suspended, retired")
    capacity: tuple[int, ...] = assumed((2, 8), "visits a month an expert offers, least and most")
    unknown_cell: float = assumed(0.12, "share of an optional profile cell left blank (a text: a third of it)")

    # consultations
    demand_exponent: float = published(1.0, "demand goes with a prefecture's population")
    meet_in_person: float = published(0.47, "clients who want to meet in person")
    meet_online: float = assumed(0.2, "clients who want to meet online (the rest take either)")
    employees: tuple[float, ...] = published(
        (0.6, 0.26, 0.09, 0.03, 0.02), "firms of 1-5; others split as assumed"
    )
    per_client: float = assumed(1.6, "consultations per client in the pool")
    registered_client: float = assumed(0.9, "share of clients registered with the programme")
    secondary: float = assumed(0.22, "consultations with a second category")
    wants_style: float = assumed(0.5, "clients who fare better with one style, half push, half propose")
    writes_style: float = assumed(0.6, "share of these whose text says so")
    years: int = assumed(6, "years of consultations, to 31 March 2026")
    yorozu_share: float = assumed(0.55, "share of consultations received by the yorozu hubs")

    # who succeeds
    practise: float = assumed(1.85, "effect: the expert practises the category")
    sibling: float = assumed(0.45, "effect: practises another category of the same area")
    qualified: float = assumed(0.5, "effect: the qualification is the category's own")
    seniority: float = assumed(0.35, "effect: ln(years of experience / 12)")
    focus: float = assumed(0.75, "effect: strong (+) or weak (-) in the sub-topic of a practised category")
    general_sd: float = assumed(0.36, "hidden: the expert's general skill, standard deviation")
    hidden_sd: float = assumed(0.5, "hidden: the expert's skill in a category, standard deviation")
    industry: float = assumed(0.6, "effect: knows the client's industry (half of it: the same JSIC division)")
    style: float = assumed(0.35, "effect: style as the client needs it (+) or the other (-)")
    travel: float = assumed(0.3, "effect, negative: ln(1 + km / 40) where they meet in person")
    no_remote: float = assumed(0.6, "effect, negative: online wanted of an expert who does not work online")
    difficulty_sd: float = assumed(0.6, "the case's own difficulty, standard deviation")

    # whom coordinators chose
    acquaintances: tuple[int, ...] = assumed((6, 16), "experts a small hub knows, fewest and most")
    acquaintance_per: float = assumed(60.0, "consultations for which a hub knows one expert more")
    fading: float = assumed(0.35, "share of the acquaintances over which the log-weight falls by 1")
    fame_sd: float = assumed(1.0, "how unevenly experts are known, standard deviation of a log-weight")
    acquaintance_reach: float = assumed(70.0, "km over which being known falls by 1/e")
    know: float = assumed(3.2, "log-weight: being an acquaintance")
    claims: float = assumed(2.2, "log-weight: claims the category")
    claims_sibling: float = assumed(0.8, "log-weight: claims another category of the area")
    near: float = assumed(0.5, "log-weight, negative: ln(1 + km / 20) between hub and expert")
    sees_skill: float = assumed(0.2, "log-weight per unit of the expert's general skill")
    local_pool: int = assumed(50, "nearby experts considered beside the acquaintances")

    # what happened
    solved_at_hub: float = assumed(0.28, "consultations closed without an expert")
    declined: float = assumed(0.06, "first offers declined")
    offered_again: float = assumed(0.8, "share of declined ones offered to a second expert")
    cancelled: float = assumed(0.05, "dispatches cancelled")
    visits: tuple[float, ...] = published(
        (0.47, 0.36, 0.17), "1, 2, 3 visits: 42 % of clients use one, 121 for 70 firms"
    )
    visits_it: tuple[float, ...] = assumed((0.42, 0.3, 0.14, 0.08, 0.06), "1-5 visits in IT, where five are free")
    satisfied_resolved: tuple[float, ...] = published(
        (0.7, 0.26, 0.03, 0.01, 0.0), "5-1 where resolved: 91-94 % satisfied"
    )
    satisfied_unresolved: tuple[float, ...] = assumed((0.5, 0.38, 0.08, 0.03, 0.01), "5-1 where unresolved")
    answers_if_resolved: float = assumed(
        1.25, "odds ratio of an answered survey, resolved against not (not at random)"
    )
    on_time: float = assumed(0.88, "reports on time; the expert's own habit spreads it")
    comments: float = assumed(0.25, "answered surveys with a comment")
    advisory: float = assumed(0.015, "completed dispatches that became a paid advisory contract")
    affiliated: float = assumed(0.05, "experts who belong to a hub's organisation")


def described(values: Assumptions) -> dict[str, dict[str, Any]]:
    """By name: value, basis (`published` or `assumption`) and meaning, for the folder's card and the data card."""
    plain = asdict(values)
    return {item.name: {"value": plain[item.name], **item.metadata} for item in fields(values)}
