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
    near_capital: float = assumed(25.0, "km from the capital over which a place's weight falls by 1/e")
    remote_place: float = assumed(0.02, "weight that the remotest place of a prefecture keeps")
    women: float = assumed(0.24, "share of women among experts")
    registered_at_start: float = assumed(0.45, "share of experts registered before the first consultation")
    opened_before: int = assumed(400, "days by which the register is older than the first consultation")
    experience_from: float = assumed(26.0, "age from which experience counts, less a gamma-distributed delay")
    experience_delay: tuple[float, ...] = assumed((2.0, 4.5), "that delay: shape, and scale in years")
    works_remotely: float = assumed(0.6, "share of experts who work online")
    outside_trade: float = assumed(0.05, "weight of a category that the trade does not practise, beside 1-10")
    demand_pull: float = assumed(0.5, "exponent of a category's share in how often it is practised")
    qualifying: float = assumed(5.0, "trade's weight from which its qualification is the category's own")
    strong: float = assumed(0.5, "share of the sub-topics of a practised category in which the expert is strong")
    industries_known: tuple[int, ...] = assumed((1, 4), "industries that an expert knows, fewest and most")
    outside_career: float = assumed(0.15, "weight of an industry outside the trade's usual ones, beside 1.15")
    industry_listed: float = assumed(0.85, "known industries that the register lists")
    industry_false: float = assumed(0.008, "unknown industries that the register lists, each")
    practised_mean: float = assumed(4.5, "categories an expert really practises, mean")
    over_claimers: float = assumed(0.22, "share of experts who claim categories they do not practise")
    under_claimers: float = assumed(0.18, "share of experts who claim few of those they practise")
    claim_recall: tuple[float, ...] = assumed((0.9, 0.9, 0.4), "practised categories claimed: honest, over, under")
    false_claims: tuple[float, ...] = assumed((0.3, 4.5, 0.1), "false claims per expert: honest, over, under")
    honest_mention: float = assumed(0.9, "share of an introduction's sentences on what the expert is strong in")
    claim_pull: float = assumed(0.6, "how much false claims follow the trade: exponent of the practising weights")
    independent: tuple[float, ...] = assumed((0.3, 0.9), "share of the years since independence, least and most")
    introduction: tuple[float, ...] = assumed(
        (0.8, 0.6, 0.45, 0.6, 0.6, 0.45, 0.4, 0.55),
        "introductions that tell career, title, claim, result, industries, style, meeting; that close",
    )
    status: tuple[float, ...] = assumed((0.9, 0.03, 0.07), "experts active, suspended, retired")
    capacity: tuple[int, ...] = assumed((2, 8), "visits a month an expert offers, least and most")
    unknown_capacity: float = assumed(0.3, "experts who state no capacity")
    unknown_position: float = assumed(0.65, "experts without coordinates of their own")
    unknown_regions: float = assumed(0.3, "experts who state no service prefectures")
    unknown_cell: float = assumed(0.12, "share of an optional profile cell left blank (a text: a third of it)")

    # consultations
    demand_exponent: float = published(1.0, "demand goes with a prefecture's population")
    meet_in_person: float = published(0.47, "clients who want to meet in person")
    meet_online: float = assumed(0.2, "clients who want to meet online (the rest take either)")
    employees: tuple[float, ...] = published((0.6, 0.26, 0.09, 0.03, 0.02), "firms of 1-5; others split as assumed")
    growth: float = assumed(0.6, "exponent of time; below 1: more consultations in later years")
    per_client: float = assumed(1.6, "consultations per client in the pool")
    registered_client: float = assumed(0.9, "share of clients registered with the programme")
    unknown_registration: float = assumed(0.05, "clients of whom it is not known whether they are registered")
    unknown_mode: float = assumed(0.06, "consultations that do not say how to meet")
    secondary: float = assumed(0.22, "consultations with a second category")
    secondary_near: float = assumed(0.6, "second categories drawn from the area of the first")
    description: tuple[float, ...] = assumed(
        (0.85, 0.5, 0.5, 0.75, 0.7, 0.35),
        "descriptions that tell firm, circumstances, what was tried, wish, second category, how to meet",
    )
    place_forms: tuple[float, ...] = assumed((0.35, 0.2), "texts that name prefecture and town, the town only")
    wants_style: float = assumed(0.5, "clients who fare better with one style, half push, half propose")
    writes_style: float = assumed(0.6, "share of these whose text says so")
    years: int = assumed(6, "years of consultations, to 31 March 2026")
    other_hubs: tuple[float, ...] = assumed((0.12, 0.4, 0.2, 0.18, 0.1), "the rest: platform, chambers, banks")
    people_per_chamber: float = assumed(1_500_000.0, "inhabitants for which a prefecture has one more chamber")
    other_hub: float = assumed(0.12, "consultations that come to another hub than the client's usual one")
    yorozu_share: float = assumed(0.55, "share of consultations received by the yorozu hubs")

    # who succeeds
    practise: float = assumed(1.85, "effect: the expert practises the category")
    sibling: float = assumed(0.45, "effect: practises another category of the same area")
    qualified: float = assumed(0.5, "effect: the qualification is the category's own")
    seniority: float = assumed(0.35, "effect: ln(years of experience / seniority_years)")
    seniority_years: float = assumed(12.0, "the years in `seniority`")
    focus: float = assumed(0.75, "effect: strong (+) or weak (-) in the sub-topic of a practised category")
    general_sd: float = assumed(0.36, "hidden: the expert's general skill, standard deviation")
    hidden_sd: float = assumed(0.5, "hidden: the expert's skill in a category, standard deviation")
    industry: float = assumed(0.6, "effect: knows the client's industry (half of it: the same JSIC division)")
    style: float = assumed(0.35, "effect: style as the client needs it (+) or the other (-)")
    travel: float = assumed(0.3, "effect, negative: ln(1 + km / travel_km) where they meet in person")
    travel_km: float = assumed(40.0, "the distance in `travel`")
    no_remote: float = assumed(0.6, "effect, negative: online wanted of an expert who does not work online")
    difficulty_sd: float = assumed(0.6, "the case's own difficulty, standard deviation")

    # whom coordinators chose
    acquaintances: tuple[int, ...] = assumed((6, 16), "experts a small hub knows, fewest and most")
    acquaintance_per: float = assumed(60.0, "consultations for which a hub knows one expert more")
    fading: float = assumed(0.35, "share of the acquaintances over which the log-weight falls by 1")
    fame_sd: float = assumed(1.0, "how unevenly experts are known, standard deviation of a log-weight")
    old_fame: float = assumed(0.5, "log-weight more for those registered before the first consultation")
    acquaintance_reach: float = assumed(70.0, "km over which being known falls by 1/e")
    know: float = assumed(3.2, "log-weight: being an acquaintance")
    claims: float = assumed(2.2, "log-weight: claims the category")
    claims_sibling: float = assumed(0.8, "log-weight: claims another category of the area")
    near: float = assumed(0.5, "log-weight, negative: ln(1 + km / near_km) between hub and expert")
    near_km: float = assumed(20.0, "the distance in `near`")
    sees_skill: float = assumed(0.2, "log-weight per unit of the expert's general skill")
    local_pool: int = assumed(50, "nearby experts considered beside the acquaintances")

    # what happened
    solved_at_hub: float = assumed(0.28, "consultations closed without an expert")
    declined: float = assumed(0.06, "first offers declined")
    offered_again: float = assumed(0.8, "share of declined ones offered to a second expert")
    cancelled: float = assumed(0.05, "dispatches cancelled")
    decides: tuple[int, ...] = assumed((2, 11), "days from the consultation to the decision, fewest and most")
    decides_again: int = assumed(12, "days more where the first offer was declined")
    lasts: tuple[float, ...] = assumed((10.0, 2.0, 22.0), "days to completion: least, a gamma's shape and scale")
    just_offered: int = assumed(7, "days within which an offer has no answer yet")
    visits: tuple[float, ...] = published(
        (0.47, 0.36, 0.17), "1, 2, 3 visits: 42 % of clients use one, 121 for 70 firms"
    )
    visits_it: tuple[float, ...] = assumed((0.42, 0.3, 0.14, 0.08, 0.06), "1-5 visits in IT, where five are free")
    satisfied_resolved: tuple[float, ...] = published(
        (0.7, 0.26, 0.03, 0.01, 0.0), "5-1 where resolved: 91-94 % satisfied"
    )
    satisfied_unresolved: tuple[float, ...] = assumed((0.5, 0.38, 0.08, 0.03, 0.01), "5-1 where unresolved")
    answers_if_resolved: float = assumed(1.25, "odds ratio of an answered survey, resolved against not (not at random)")
    rated: float = assumed(0.97, "answered surveys that rate the visits")
    punctuality_sd: float = assumed(1.0, "spread of the experts' own punctuality, log-odds")
    on_time: float = assumed(0.88, "reports on time; the expert's own habit spreads it")
    comments: float = assumed(0.25, "answered surveys with a comment")
    advisory: float = assumed(0.015, "completed dispatches that became a paid advisory contract")
    advisory_after: tuple[int, ...] = assumed((20, 119), "days from the dispatch to the contract, fewest and most")
    advisory_lasts: tuple[int, ...] = assumed((365, 1499), "days that an ended contract lasted, fewest and most")
    advisory_running: float = assumed(0.8, "contracts without an end")
    older_conflicts: float = assumed(0.03, "conflicts with a client from before the data begins, per expert")
    older_kinds: tuple[float, ...] = assumed((0.7, 0.2, 0.1), "these: advisory contract, family, other")
    affiliated: float = assumed(0.05, "experts who belong to a hub's organisation")


def described(values: Assumptions) -> dict[str, dict[str, Any]]:
    """By name: value, basis (`published` or `assumption`) and meaning, for the folder's card and the data card."""
    plain = asdict(values)
    return {item.name: {"value": plain[item.name], **item.metadata} for item in fields(values)}
