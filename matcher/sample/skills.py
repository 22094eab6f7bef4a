"""What experts of the synthetic world can do, what they claim, and what their introduction will name."""

from dataclasses import dataclass

import numpy as np

from matcher.sample.assumptions import Assumptions
from matcher.sample.drawing import Bools, Floats, Ints, Rng, pick, ranks
from matcher.sample.words import industries, professions, topics

HONEST, OVER, UNDER = 0, 1, 2
MOST_PRACTISED = 9
MOST_MENTIONED = 4


@dataclass(frozen=True, eq=False)
class Skills:
    """One expert a row: over categories (n, C), over sub-topics (n, T), over industries (n, I), or one number.

    `practises`, `qualified`, `focus` (+1 strong, -1 weak, 0 not practised) and `knows` are true, and show in
    the profile in part; `general` and `hidden` show nowhere. `claims` is what the register says.
    """

    profession: Ints
    practises: Bools
    qualified: Bools
    claims: Bools
    focus: Floats
    mentions: Ints
    knows: Floats
    general: Floats
    hidden: Floats

    def sibling(self) -> Bools:
        """Whether the expert practises another category of the same area, (n, C)."""
        return in_area(self.practises) & ~self.practises


def draw_skills(rng: Rng, size: int, values: Assumptions) -> Skills:
    """The skills of `size` experts. `mentions` is (n, 4): sub-topics that the introduction names, -1 for none."""
    profession = pick(rng, professions().weights, size)
    practises = _practised(rng, profession, values)
    kind = pick(
        rng, (1 - values.over_claimers - values.under_claimers, values.over_claimers, values.under_claimers), size
    )
    claims = _claims(rng, practises, profession, kind, values)
    focus = _focus(rng, practises, values)
    return Skills(
        profession=profession,
        practises=practises,
        qualified=professions().affinity[profession] >= values.qualifying,
        claims=claims,
        focus=focus,
        mentions=_mentions(rng, focus, claims, values),
        knows=_known_industries(rng, profession, values),
        general=rng.normal(0, values.general_sd, size),
        hidden=rng.normal(0, values.hidden_sd, practises.shape),
    )


def in_area(flags: Bools) -> Bools:
    """For each category (n, C) whether any category of its area is flagged."""
    area = topics().area
    found = np.zeros((len(flags), area.max() + 1), dtype=bool)
    for category in range(flags.shape[1]):
        found[:, area[category]] |= flags[:, category]
    return found[:, area]


def _log_affinity(profession: Ints, values: Assumptions) -> Floats:
    weights = (professions().affinity + values.outside_trade) * topics().shares ** values.demand_pull
    return np.asarray(np.log(weights)[profession])


def _practised(rng: Rng, profession: Ints, values: Assumptions) -> Bools:
    many = np.clip(1 + rng.poisson(values.practised_mean - 1, len(profession)), 1, MOST_PRACTISED)
    return np.asarray(ranks(rng, _log_affinity(profession, values)) < many[:, None])


def _claims(rng: Rng, practises: Bools, profession: Ints, kind: Ints, values: Assumptions) -> Bools:
    recalled = practises & (rng.random(practises.shape) < np.array(values.claim_recall)[kind][:, None])
    wrongly = rng.poisson(np.array(values.false_claims)[kind])
    tempting = np.where(practises, -np.inf, values.claim_pull * _log_affinity(profession, values))
    claims: Bools = recalled | (~practises & (ranks(rng, tempting) < wrongly[:, None]))
    first = practises & (np.cumsum(practises, axis=1) == 1)
    silent = claims.sum(axis=1) == 0
    return np.asarray(claims | (first & silent[:, None]))


def _focus(rng: Rng, practises: Bools, values: Assumptions) -> Floats:
    """+1 or -1 for each sub-topic of a practised category, 0 elsewhere, (n, T)."""
    category = topics().category
    strong = rng.random((len(practises), len(category))) < values.strong
    return np.asarray(np.where(practises[:, category], np.where(strong, 1.0, -1.0), 0.0))


def _mentions(rng: Rng, focus: Floats, claims: Bools, values: Assumptions) -> Ints:
    """Mostly sub-topics in which the expert is strong; sometimes weak ones, or some that are only claimed."""
    boast = 1 - values.honest_mention
    weight = np.where(focus > 0, values.honest_mention, np.where(focus < 0, boast / 2, 0.0))
    weight = np.where((focus == 0) & claims[:, topics().category], boast / 2, weight)
    with np.errstate(divide="ignore"):
        placed = ranks(rng, np.log(weight))
    many = np.minimum(rng.integers(2, MOST_MENTIONED + 1, len(focus)), (weight > 0).sum(axis=1))
    mentions = np.full((len(focus), MOST_MENTIONED), -1, dtype=np.intp)
    expert, topic = np.nonzero(placed < many[:, None])
    mentions[expert, placed[expert, topic]] = topic
    return mentions


def _known_industries(rng: Rng, profession: Ints, values: Assumptions) -> Floats:
    """1 for each industry that the expert knows (one to four), (n, I)."""
    log_weights = np.log(industries().weights * (values.outside_career + professions().known))[profession]
    fewest, most = values.industries_known
    many = rng.integers(fewest, most + 1, len(profession))
    return np.asarray((ranks(rng, log_weights) < many[:, None]).astype(np.float64))
