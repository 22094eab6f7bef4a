"""The past dispatches: who was sent, how it ended, and which outcomes came back."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from matcher.sample.assumptions import Assumptions
from matcher.sample.calendar import LAST_DAY, Days, dates, fiscal_year, later
from matcher.sample.cells import coded, ids, numbers, strings
from matcher.sample.consultations import Consultations
from matcher.sample.coordinators import Choices
from matcher.sample.drawing import Bools, Floats, Ints, Rng, Texts, pick, some, texts
from matcher.sample.truth import Truth, base_rate, probability
from matcher.sample.words import load, topics

STATUSES = ("offered", "accepted", "declined", "completed", "cancelled")
OFFERED, ACCEPTED, DECLINED, COMPLETED, CANCELLED = range(5)
FREE_VISITS, FREE_VISITS_IT = 3, 5  # published: visits a client and fiscal year


@dataclass(frozen=True, eq=False)
class Dispatches:
    """One dispatch a row, by day; `resolved` is true whether or not the survey came back."""

    consultation: Ints
    expert: Ints
    status: Ints
    decided: Days
    completed: Days
    resolved: Bools
    probability: Floats
    base: float


def draw_dispatches(
    rng: Rng, asked: Consultations, choices: Choices, truth: Truth, success: float, values: Assumptions
) -> Dispatches:
    """Sends the chosen experts; the mean probability of the completed ones is `success`."""
    sent = ~asked.open & (choices.first >= 0) & (rng.random(len(asked.ids)) >= values.solved_at_hub)
    declined = sent & (rng.random(len(sent)) < values.declined)
    again = declined & (choices.second >= 0) & (rng.random(len(sent)) < values.offered_again)
    consultation = np.concatenate([np.flatnonzero(sent), np.flatnonzero(again)])
    expert = np.concatenate([choices.first[sent], choices.second[again]])
    decided = _decided(rng, asked.received[consultation], np.repeat([0, 1], [sent.sum(), again.sum()]), values)
    completed = later(decided, _duration(rng, len(decided), values))
    refused = np.concatenate([declined[sent], np.zeros(again.sum(), dtype=bool)])
    status = _status(rng, refused, decided, completed, values)
    log_odds = truth.log_odds(consultation, expert)
    base = base_rate(log_odds[status == COMPLETED], success)
    likely = probability(log_odds + base)
    resolved = rng.random(len(likely)) < likely
    order = np.lexsort((consultation, decided))
    return Dispatches(
        consultation=consultation[order],
        expert=expert[order],
        status=status[order],
        decided=decided[order],
        completed=completed[order],
        resolved=resolved[order],
        probability=likely[order],
        base=base,
    )


def dispatches_table(
    rng: Rng, sent: Dispatches, asked: Consultations, experts: Texts, missing: float, values: Assumptions
) -> pd.DataFrame:
    """The dispatches table; the outcome of a share `missing` of the completed ones never came back."""
    done = sent.status == COMPLETED
    answered = _answered(rng, sent, done, missing, values)
    return pd.DataFrame(
        {
            "dispatch_id": strings(ids("D", len(done))),
            "consultation_id": strings(asked.ids[sent.consultation]),
            "expert_id": strings(experts[sent.expert]),
            "decided_on": dates(sent.decided),
            "status": coded(sent.status, STATUSES),
            "visits": numbers(_visits(rng, sent, asked, values), ~done),
            "completed_on": dates(np.where(done, sent.completed, np.datetime64("NaT"))),
            "resolved": numbers(sent.resolved, ~answered),
            "satisfaction": numbers(
                _satisfaction(rng, sent, values), ~answered | (rng.random(len(done)) >= values.rated)
            ),
            "report_on_time": numbers(_on_time(rng, sent, len(experts), values), ~done),
            "comment": strings(_comments(rng, sent), ~answered | (rng.random(len(done)) >= values.comments)),
        }
    )


def _decided(rng: Rng, received: Days, turn: Ints, values: Assumptions) -> Days:
    """`turn` is 0 for the first offer, 1 for the one after it was declined."""
    fewest, most = values.decides
    waited = rng.integers(fewest, most + 1, len(received)) + values.decides_again * turn
    return np.minimum(later(received, waited), LAST_DAY)


def _duration(rng: Rng, size: int, values: Assumptions) -> Ints:
    least, shape, scale = values.lasts
    return np.round(least + rng.gamma(shape, scale, size)).astype(np.intp)


def _status(rng: Rng, refused: Bools, decided: Days, completed: Days, values: Assumptions) -> Ints:
    running = completed > LAST_DAY
    just = running & (LAST_DAY - decided < np.timedelta64(values.just_offered, "D"))
    cancelled = rng.random(len(decided)) < values.cancelled
    conditions = [refused, just, running, cancelled]
    return np.asarray(np.select(conditions, [DECLINED, OFFERED, ACCEPTED, CANCELLED], COMPLETED), dtype=np.intp)


def _answered(rng: Rng, sent: Dispatches, done: Bools, missing: float, values: Assumptions) -> Bools:
    """Exactly the wanted share; those with a resolved case answer more often (not missing at random)."""
    willing = np.log(values.answers_if_resolved) * sent.resolved + rng.logistic(size=len(done))
    completed = np.flatnonzero(done)
    silent = completed[np.argsort(willing[completed], kind="stable")[: round(missing * len(completed))]]
    answered = done.copy()
    answered[silent] = False
    return answered


def _visits(rng: Rng, sent: Dispatches, asked: Consultations, values: Assumptions) -> Ints:
    """Visits, at least one each, within what the client had left in the fiscal year of the decision."""
    codes = np.array([code.startswith("digital.") for code in topics().codes])
    it = codes[asked.category[sent.consultation]]
    size = len(it)
    drawn = 1 + np.where(it, pick(rng, values.visits_it, size), pick(rng, values.visits, size))
    counted = np.where(sent.status == COMPLETED, drawn, 0)
    groups = [asked.client[sent.consultation], fiscal_year(sent.decided)]
    before = pd.Series(counted).groupby(groups).cumsum().to_numpy() - counted
    left = np.where(it, FREE_VISITS_IT, FREE_VISITS) - before
    return np.asarray(np.clip(drawn, 1, np.maximum(left, 1)), dtype=np.intp)


def _satisfaction(rng: Rng, sent: Dispatches, values: Assumptions) -> Ints:
    size = len(sent.resolved)
    happy, other = pick(rng, values.satisfied_resolved, size), pick(rng, values.satisfied_unresolved, size)
    return np.asarray(5 - np.where(sent.resolved, happy, other), dtype=np.intp)


def _on_time(rng: Rng, sent: Dispatches, experts: int, values: Assumptions) -> Bools:
    habit = rng.normal(0, values.punctuality_sd, experts)[sent.expert]
    likely = probability(habit + np.log(values.on_time / (1 - values.on_time)))
    return np.asarray(rng.random(len(habit)) < likely)


def _comments(rng: Rng, sent: Dispatches) -> Texts:
    words, size = load("comments"), len(sent.resolved)
    good, other = some(rng, words["resolved"], size), some(rng, words["unresolved"], size)
    return texts(np.where(sent.resolved, good, other).tolist())
