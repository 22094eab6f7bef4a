"""The register of the synthetic world: who the experts are, and what of it their profile shows."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from matcher.sample.assumptions import Assumptions
from matcher.sample.calendar import LAST_DAY, Days, dates, draw_days, first_day
from matcher.sample.cells import coded, ids, lists, numbers, some_blank, strings
from matcher.sample.drawing import Bools, Floats, Ints, Rng, Texts, pick, texts
from matcher.sample.introductions import draw_titles, write_introductions
from matcher.sample.people import draw_names
from matcher.sample.places import Places, draw_places
from matcher.sample.skills import Skills, draw_skills
from matcher.sample.words import industries, topics

STATUSES = ("active", "suspended", "retired")
STYLES = ("push", "propose")


@dataclass(frozen=True, eq=False)
class Experts:
    """Everything true about the experts, one a row, in the order of registration.

    `years` of experience; `style` indexes `STYLES`; `fame` is the log-weight of being known to coordinators;
    from `left` on (NaT: never) an expert takes no case.
    """

    ids: Texts
    places: Places
    skills: Skills
    age: Ints
    years: Floats
    style: Ints
    remote: Bools
    fame: Floats
    registered: Days
    left: Days
    status: Ints


def draw_experts(rng: Rng, size: int, values: Assumptions) -> Experts:
    """The true properties of `size` experts."""
    age = 10 * (3 + pick(rng, values.ages, size)) + rng.integers(0, 10, size)
    registered = _registered(rng, size, values)
    status = pick(rng, values.status, size)
    early = registered < first_day(values.years)
    shape, scale = values.experience_delay
    return Experts(
        ids=ids("E", size),
        places=draw_places(rng, size, values.expert_concentration, values),
        skills=draw_skills(rng, size, values),
        age=age,
        years=np.clip(np.round(age - values.experience_from - rng.gamma(shape, scale, size)), 1, 50),
        style=rng.integers(0, len(STYLES), size),
        remote=rng.random(size) < values.works_remotely,
        fame=rng.normal(0, values.fame_sd, size) + values.old_fame * early,
        registered=registered,
        left=_left(rng, registered, status),
        status=status,
    )


def register(rng: Rng, experts: Experts, affiliation: Texts, values: Assumptions) -> pd.DataFrame:
    """The experts table. `affiliation` is a hub's id or an empty text."""
    size, places, skills = len(experts.ids), experts.places, experts.skills
    name, kana = draw_names(rng, rng.random(size) < values.women)
    no_place = some_blank(rng, values.unknown_cell / 3, size)
    no_position = some_blank(rng, values.unknown_position, size) | no_place
    shown = {blank: some_blank(rng, values.unknown_cell, size) for blank in ("years", "style", "remote", "title")}
    titles = draw_titles(rng, skills.profession)
    text = write_introductions(rng, skills, titles, experts.years, experts.style == 0, experts.remote, places, values)
    least, most = values.capacity
    capacity = rng.integers(least, most + 1, size)
    return pd.DataFrame(
        {
            "expert_id": strings(experts.ids),
            "name": strings(name),
            "kana": strings(kana, some_blank(rng, values.unknown_cell / 3, size)),
            "prefecture_code": strings(places.code),
            "municipality": strings(places.municipality, no_place),
            "latitude": numbers(places.latitude.round(4), no_position),
            "longitude": numbers(places.longitude.round(4), no_position),
            "service_prefectures": _service(rng, experts, values),
            "remote": numbers(experts.remote, shown["remote"]),
            "categories": lists(skills.claims, topics().codes),
            "industries": lists(_listed_industries(rng, skills, values), industries().codes),
            "qualifications": pd.Series(
                texts([() if blank else (title,) for title, blank in zip(titles, shown["title"], strict=True)])
            ),
            "years_experience": numbers(experts.years, shown["years"]),
            "style": coded(experts.style, STYLES, shown["style"]),
            "introduction": strings(text, some_blank(rng, values.unknown_cell / 3, size)),
            "capacity_per_month": numbers(capacity, some_blank(rng, values.unknown_capacity, size)),
            "registered_on": dates(experts.registered),
            "status": coded(
                experts.status, STATUSES, some_blank(rng, values.unknown_cell, size) & (experts.status == 0)
            ),
            "affiliations": pd.Series(texts([(hub,) if hub else () for hub in affiliation]), dtype=object),
        }
    )


def _registered(rng: Rng, size: int, values: Assumptions) -> Days:
    start = first_day(values.years)
    early = draw_days(rng, start - np.timedelta64(values.opened_before, "D"), start - np.timedelta64(1, "D"), size)
    late = draw_days(rng, start, LAST_DAY, size)
    return np.sort(np.where(rng.random(size) < values.registered_at_start, early, late))


def _left(rng: Rng, registered: Days, status: Ints) -> Days:
    days = (LAST_DAY - registered).astype(int)
    left = registered + (rng.random(len(days)) * days).astype("timedelta64[D]")
    return np.where(status == 0, np.datetime64("NaT"), left)


def _service(rng: Rng, experts: Experts, values: Assumptions) -> pd.Series:
    """Home and the prefectures whose codes are next to it, more or fewer; blank for some."""
    home = experts.places.prefecture
    width = rng.integers(0, 4, len(home))
    near = np.abs(np.arange(47) - home[:, None]) <= width[:, None]
    stated = ~some_blank(rng, values.unknown_regions, len(home))
    return lists(near & stated[:, None], [f"{code:02d}" for code in range(1, 48)])


def _listed_industries(rng: Rng, skills: Skills, values: Assumptions) -> Bools:
    known = (skills.knows > 0) & (rng.random(skills.knows.shape) < values.industry_listed)
    return np.asarray(known | (rng.random(skills.knows.shape) < values.industry_false))
