"""From text to category: top-1, top-3 and calibration on later consultations, beside simple baselines."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.dataset import Dataset
from matcher.evaluation.metrics import ece
from matcher.proposal import Proposer
from matcher.proposal.blend import probabilities
from matcher.proposal.categories import STATED, CategoryProposer
from matcher.proposal.sureness import KINDS, agrees
from matcher.proposal.words import TaxonomyWords
from matcher.reading import read_dataset
from matcher.sample import generate

Floats = npt.NDArray[np.float64]
Figures = list[tuple[str, str, float]]

LATER_SHARE = 0.2  # tested on, where a dataset has no split of its own
STATED_BY = {"prefecture": "prefecture_code", "municipality": "municipality", "industry": "industry"}


def measure(folder: Path) -> Figures:
    """(method, measure, value) for a dataset folder: fitted on its earlier consultations, tested on the later."""
    return measured(read_dataset(folder))


def measure_synthetic(consultations: int = 4_000, seed: int = 11) -> Figures:
    """The same for a synthetic world."""
    return measured(generate(experts=consultations // 8, consultations=consultations, seed=seed).data)


def measured(data: Dataset) -> Figures:
    """Top-1, top-3 (the own category), any-1, any-3 (any stated one), ECE and log loss; then what a text names."""
    train, test = _cut(data)
    as_of = train["received_on"].max()
    proposer = Proposer.fit(replace(data, consultations=train), as_of=as_of)
    cold = CategoryProposer.fit(replace(data, consultations=train.iloc[:0], experts=data.experts.iloc[:0]))
    texts = test["description"].tolist()
    usual = train["category"].value_counts().reindex(list(proposer.taxonomy.codes), fill_value=0).to_numpy() + 0.5
    methods = {
        "most frequent category": np.tile(usual / usual.sum(), (len(test), 1)),
        "taxonomy's words alone": probabilities(TaxonomyWords(proposer.taxonomy)(texts)[:, :, None], STATED[:1]),
        "proposer, no past consultation, no profile": cold.probabilities(texts),
        "proposer": proposer.categories.probabilities(texts),
    }
    figures = [(name, *one) for name, share in methods.items() for one in _figures(share, test, proposer)]
    return [*figures, *_named(proposer, test)]


def _cut(data: Dataset) -> tuple[pd.DataFrame, pd.DataFrame]:
    rows = data.consultations.dropna(subset=["description", "received_on"])
    rows = rows.sort_values(["received_on", "consultation_id"])
    if data.splits:
        later = rows["consultation_id"].isin(data.held_out["consultation_id"])
        earlier = rows["consultation_id"].isin(data.dispatches["consultation_id"]) & ~later
        return rows[earlier], rows[later]
    first = round(len(rows) * (1 - LATER_SHARE))
    return rows.iloc[:first], rows.iloc[first:]


def _figures(share: Floats, test: pd.DataFrame, proposer: Proposer) -> list[tuple[str, float]]:
    place = {code: index for index, code in enumerate(proposer.taxonomy.codes)}
    rows, own = np.arange(len(test)), test["category"].map(place).to_numpy()
    stated = np.zeros(share.shape, dtype=bool)
    stated[rows, own] = True
    for row, codes in enumerate(test["secondary_categories"]):
        stated[row, [place[code] for code in codes]] = True
    best = np.argsort(-share, axis=1, kind="stable")[:, :3]
    right = (best == own[:, None]).astype(np.float64)
    any_of = stated[rows[:, None], best]
    return [
        ("top-1", float(right[:, 0].mean())),
        ("top-3", float(right.any(axis=1).mean())),
        ("any-1", float(any_of[:, 0].mean())),
        ("any-3", float(any_of.any(axis=1).mean())),
        ("ECE", ece(right[:, 0], share[rows, best[:, 0]])),
        ("log loss", float(-np.log(np.maximum(share[rows, own], 1e-12)).mean())),
    ]


def _named(proposer: Proposer, test: pd.DataFrame) -> Figures:
    """Of texts with a stated place or industry: for how many one is proposed, and how often that is right."""
    found = [proposer.named(text) for text in test["description"]]
    figures: Figures = []
    for kind in KINDS:
        pairs = zip((getattr(one, kind) for one in found), test[STATED_BY[kind]], strict=True)
        stated = [(meant, truth) for meant, truth in pairs if not pd.isna(truth)]
        right = np.array([float(agrees(kind, meant.code, truth)) for meant, truth in stated if meant])
        if not stated:
            continue
        figures.append((kind, "proposed", len(right) / len(stated)))
        if len(right):
            sure = np.array([meant.probability for meant, _ in stated if meant])
            figures += [(kind, "right where proposed", float(right.mean())), (kind, "ECE", ece(right, sure))]
    return figures
