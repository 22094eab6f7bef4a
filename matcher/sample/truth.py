"""Who would succeed: the log-odds that a case is resolved by an expert. Nothing but evaluation may see it."""

from dataclasses import dataclass

import numpy as np

from matcher.reference.distance import haversine_km
from matcher.sample.assumptions import Assumptions
from matcher.sample.clients import Clients
from matcher.sample.consultations import ANY_STYLE, ONLINE, ONSITE, Consultations
from matcher.sample.drawing import Floats, Ints
from matcher.sample.experts import Experts
from matcher.sample.words import industries, topics

STEPS = 60


@dataclass(frozen=True, eq=False)
class Truth:
    """Log-odds by part: `skill` (n experts, C categories), `focus` (n, T sub-topics), `industry` (n, I)."""

    experts: Experts
    asked: Consultations
    clients: Clients
    values: Assumptions
    skill: Floats
    focus: Floats
    industry: Floats

    @classmethod
    def of(cls, experts: Experts, asked: Consultations, clients: Clients, values: Assumptions) -> "Truth":
        """Adds up what depends on the expert alone."""
        skills = experts.skills
        division = np.array(industries().divisions)
        same_division = (skills.knows @ (division[:, None] == division).astype(np.float64)) > 0
        return cls(
            experts,
            asked,
            clients,
            values,
            skill=visible_skill(experts, values) + skills.general[:, None] + skills.hidden,
            focus=values.focus * skills.focus,
            industry=values.industry * np.maximum(skills.knows, same_division / 2),
        )

    def log_odds(self, consultation: Ints, expert: Ints) -> Floats:
        """Of each pair, up to the world's base rate; the two index arrays broadcast against each other."""
        asked = self.asked
        return np.asarray(
            self.skill[expert, asked.category[consultation]]
            + self.focus[expert, asked.topic[consultation]]
            + self.industry[expert, asked.industry[consultation]]
            + self._style(consultation, expert)
            + self._meeting(consultation, expert)
            - asked.difficulty[consultation]
        )

    def _style(self, consultation: Ints, expert: Ints) -> Floats:
        wanted, style = self.asked.style[consultation], self.experts.style[expert]
        fits = np.where(wanted == style, 1.0, -1.0)
        return np.asarray(self.values.style * np.where(wanted == ANY_STYLE, 0.0, fits))

    def _meeting(self, consultation: Ints, expert: Ints) -> Floats:
        """Travel where they must meet, a lack of remote work where they must not, the better of both else."""
        client, home = self.clients.places, self.experts.places
        at = self.asked.client[consultation]
        km = haversine_km(client.latitude[at], client.longitude[at], home.latitude[expert], home.longitude[expert])
        onsite = -self.values.travel * np.log1p(km / self.values.travel_km)
        online = np.where(self.experts.remote[expert], 0.0, -self.values.no_remote)
        mode = self.asked.mode[consultation]
        return np.asarray(np.select([mode == ONSITE, mode == ONLINE], [onsite, online], np.maximum(onsite, online)))


def visible_skill(experts: Experts, values: Assumptions) -> Floats:
    """The part of the skill in each category that a full profile would tell, (n, C)."""
    skills = experts.skills
    return np.asarray(
        values.practise * skills.practises
        + values.sibling * skills.sibling()
        + values.qualified * skills.qualified
        + values.seniority * np.log(experts.years / values.seniority_years)[:, None]
    )


def topic_weights() -> Floats:
    """(C, T): each sub-topic's share of its category's consultations."""
    member = topics().category == np.arange(len(topics().codes))[:, None]
    return np.asarray(member / member.sum(axis=1, keepdims=True))


def base_rate(log_odds: Floats, success: float) -> float:
    """The constant that makes the mean probability equal `success` (by bisection); 0 where there is no case."""
    if not len(log_odds):
        return 0.0
    low, high = -30.0, 30.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if probability(log_odds + middle).mean() < success else (low, middle)
    return (low + high) / 2


def probability(log_odds: Floats) -> Floats:
    """The logistic function."""
    return np.asarray(1 / (1 + np.exp(-log_odds)))
