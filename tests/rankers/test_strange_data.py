"""Data as it may come: without texts, without dates, with one expert or outcomes of one kind. None is an error."""

import numpy as np
import pandas as pd
import pytest

from matcher.consultation import Consultation
from matcher.dataset import Dataset
from matcher.rankers.additive import OBJECTIVES, AdditiveRanker
from tests.rankers.contract import consultations, the_world, with_tables

ASKED = Consultation("sales.web", prefecture_code="13")


def small_world() -> Dataset:
    """The earliest consultations of the world."""
    return with_tables(the_world(), lambda rows: rows.head(150), "consultations")


def blank(*columns: str):
    """These columns unknown in every row."""
    return lambda rows: rows.assign(
        **{name: pd.Series([np.nan] * len(rows), dtype=rows[name].dtype) for name in columns}
    )


STRANGE = {
    "consultations without text": (blank("description"), "consultations"),
    "experts without text": (
        lambda rows: blank("introduction")(rows).assign(qualifications=[()] * len(rows)),
        "experts",
    ),
    "experts who claim nothing": (lambda rows: rows.assign(categories=[()] * len(rows)), "experts"),
    "one expert": (lambda rows: rows.head(1), "experts"),
    "no expert": (lambda rows: rows.head(0), "experts"),
    "one consultation": (lambda rows: rows.head(1), "consultations"),
    "no consultation": (lambda rows: rows.head(0), "consultations"),
    "one text for all": (lambda rows: rows.assign(description="広告の相談です"), "consultations"),
    "one category for all": (lambda rows: rows.assign(category="sales.web"), "consultations"),
    "one client for all": (lambda rows: rows.assign(client_id="C"), "consultations"),
    "unknown clients": (blank("client_id"), "consultations"),
    "no date": (blank("decided_on", "completed_on"), "dispatches"),
    "one day for all": (
        lambda rows: rows.assign(decided_on=pd.Timestamp("2024-01-05"), completed_on=pd.Timestamp("2024-02-05")),
        "dispatches",
    ),
    "all resolved": (lambda rows: rows.assign(resolved=1.0), "dispatches"),
    "none resolved": (lambda rows: rows.assign(resolved=0.0), "dispatches"),
    "all declined": (lambda rows: rows.assign(status="declined"), "dispatches"),
    "one dispatch": (lambda rows: rows.head(1), "dispatches"),
    "one expert sent always": (lambda rows: rows.assign(expert_id=rows["expert_id"].iloc[0]), "dispatches"),
    "experts gone": (lambda rows: rows.assign(expert_id="gone-" + rows["expert_id"]), "dispatches"),
}


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("name", STRANGE)
def test_strange_data_is_learned_from_and_explained(name, objective):
    change, table = STRANGE[name]
    data = with_tables(small_world(), change, table)
    ranker = AdditiveRanker(objective).fit(data, as_of=pd.Timestamp("2026-03-31"))
    for register in (data.experts, small_world().experts):
        for asked in (ASKED, consultations()[0]):
            found = ranker.score(asked, register)
            explained = ranker.explain(asked, register)
            assert np.isfinite(found.score).all()
            assert len(explained) == len(register)
            for each, score in zip(explained, found.score, strict=True):
                assert each.base + sum(each.contributions.values()) == pytest.approx(score, abs=1e-9)
                assert all(term.feature.tells(term.evidence) in (-1, 0, 1) for term in each.terms)
