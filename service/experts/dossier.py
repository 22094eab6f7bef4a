"""The dossier of an expert: what they say, what is recorded, how busy they are, what hubs noted."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from matcher.eligibility import Programme
from matcher.reference.industries import division_of
from matcher.reference.taxonomy import Taxonomy
from service.experts.record import Tally, counted, numbers, tallies
from service.store import notes
from service.store.cases import Case, cases
from service.store.dataset import read_frame
from service.store.engine import Tx
from service.store.experts import EXPERTS
from service.store.history import Row

NOTES_SHOWN = 20
_NOTHING = Tally(0)


def taxonomy_of(tx: Tx) -> Taxonomy:
    """The store's categories, the built-in ones where it has none."""
    own = read_frame(tx, "categories")
    return Taxonomy(own) if len(own) else Taxonomy.builtin()


def dossier(
    tx: Tx, expert_id: str, *, hub_id: str | None, consultation: Row | None, programme: Programme, on: date
) -> dict[str, Any]:
    """Everything of `DossierBody`; notes of one hub, of all where it is None. Raises `MissingError`."""
    expert, sent = EXPERTS.read(tx, expert_id), cases(tx, expert_id)
    record, by_category = tallies(counted(sent), lambda case: case.category)
    return {
        "expert": shown(expert),
        "record": asdict(record),
        "categories": _categories(expert["categories"], by_category, taxonomy_of(tx)),
        "load": _load(expert, sent, programme, on),
        "similar": None if consultation is None else _similar(counted(sent), consultation),
        "notes": notes.page(tx, expert_id, hub_id=hub_id, limit=NOTES_SHOWN),
    }


def shown(row: Row) -> Row:
    """The expert's row as it is answered: a blank status is active."""
    return row | {"status": row["status"] or "active"}


def _categories(claimed: list[str], recorded: Mapping[str, Tally], taxonomy: Taxonomy) -> list[dict[str, Any]]:
    """Claimed ones as the expert orders them, then those that are recorded only."""
    return [
        {
            "category": code,
            "name": taxonomy.name(code) if taxonomy.knows(code) else code,
            "claimed": code in claimed,
            **asdict(recorded.get(code, _NOTHING)),
        }
        for code in dict.fromkeys([*claimed, *sorted(recorded)])
    ]


def _load(expert: Row, sent: list[Case], programme: Programme, on: date) -> dict[str, Any]:
    month = f"{on:%Y-%m}"
    using = [case for case in sent if case.status in programme.statuses_using_capacity]
    used = sum(case.decided_on is not None and f"{case.decided_on:%Y-%m}" == month for case in using)
    stated = expert["capacity_per_month"]
    capacity = programme.default_capacity_per_month if stated is None else stated
    left = None if capacity is None else max(capacity - used, 0)
    return {"month": month, "used": used, "capacity": capacity, "left": left}


def _similar(found: list[Case], asked: Row) -> dict[str, Any]:
    """Cases in the same category, industry and place, as numbers alone."""
    by_category, by_industry, by_place = numbers(
        found, lambda case: case.category, lambda case: _division(case.industry), lambda case: case.prefecture_code
    )

    def told(of: Mapping[str | None, int | None] | None, value: str | None) -> dict[str, Any]:
        cases = None if of is None else of.get(value, 0)
        return {"cases": cases, "withheld": cases is None}

    industry, prefecture = _division(asked["industry"]), asked["prefecture_code"]
    return {
        "consultation_id": asked["consultation_id"],
        "same_category": told(by_category, asked["category"]),
        "same_industry": industry and told(by_industry, industry),
        "same_prefecture": prefecture and told(by_place, prefecture),
    }


def _division(industry: str | None) -> str | None:
    return None if industry is None else division_of(industry)
