"""Pairs of a few rows that a test writes itself, as a model would see them that knows them up to a day."""

import numpy as np
import pandas as pd

from matcher.consultation import Consultation
from matcher.dataset import Dataset
from matcher.features.declared import feature
from matcher.features.feature import Floats
from matcher.features.pairs import Pairs
from matcher.lang import Lang
from matcher.rankers import make_ranker
from matcher.rankers.remembering import RememberingRanker
from matcher.rankers.training import Material, today_of
from matcher.reference.taxonomy import builtin_categories
from tests.eligibility.builders import Row, a_dataset

ON = pd.Timestamp("2026-04-01")


def a_register(*experts: Row, **tables: list[Row]) -> Dataset:
    """A dataset of these rows with the built-in taxonomy; experts that say no more are E1, E2 ..."""
    named = [{"expert_id": f"E{number}", "name": f"専門家{number}", **row} for number, row in enumerate(experts, 1)]
    return a_dataset(experts=named, categories=builtin_categories().to_dict("records"), **tables)


def cases(*rows: Row) -> dict[str, list[Row]]:
    """Consultations K1, K2 ... and a dispatch for each, from rows of both tables' cells; `on` is every date."""
    asked, sent = [], []
    for number, row in enumerate(rows, 1):
        on = pd.Timestamp(row.get("on", "2025-01-01"))
        both = {"consultation_id": f"K{number}", "expert_id": "E1", "category": "sales.web", "status": "completed"}
        both |= {"received_on": on, "decided_on": on, "completed_on": on, "client_id": f"C{number}", **row}
        asked.append({name: cell for name, cell in both.items() if name != "status"})
        sent.append({name: cell for name, cell in both.items() if name not in ("client_id", "category")})
    return {"consultations": asked, "dispatches": sent}


def material(data: Dataset, *, as_of: pd.Timestamp = ON) -> Material:
    return Material.of(data.before(as_of), as_of=as_of)


def seen(data: Dataset, asked: Consultation | None = None, *, as_of: pd.Timestamp = ON) -> Pairs:
    """One consultation with every expert of the register."""
    ranker = make_ranker("random")
    assert isinstance(ranker, RememberingRanker)
    ranker.remember(material(data, as_of=as_of))
    return ranker.pairs(asked or Consultation("sales.web"), data.experts)


def on_day(data: Dataset, consultation_id: str, expert_id: str, day: str) -> Pairs:
    """One pair of remembered rows as it was seen on a day."""
    known = material(data)
    ci = np.flatnonzero(known.consultations.ids == consultation_id)
    ei = np.flatnonzero(known.experts.ids == expert_id)
    return known.pairs(ci, ei, np.array([today_of(pd.Timestamp(day))]))


def values(name: str, pairs: Pairs) -> Floats:
    compute = feature(name).compute
    assert compute is not None
    return compute(pairs)


def sentences(name: str, pairs: Pairs, lang: Lang = "ja") -> list[str]:
    """What a feature says of each pair."""
    declared = feature(name)
    found = declared.compute(pairs) if declared.compute else np.full(len(pairs), np.nan)
    return [declared.sentence(evidence, lang) for evidence in declared.evidence(pairs, found)]


def found(name, asked, *experts):
    """A feature's value of each expert for a consultation."""
    return values(name, seen(a_register(*experts), asked)).tolist()


def said(name, asked, *experts):
    """What it says of each in Japanese and English."""
    pairs = seen(a_register(*experts), asked)
    return list(zip(sentences(name, pairs, "ja"), sentences(name, pairs, "en"), strict=True))
