"""BM25 (Robertson & Zaragoza 2009, eq. 3.15): the consultation's words, searched in what is written of each expert."""

from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer

from matcher.consultation import Consultation
from matcher.dataset import Dataset
from matcher.features.tables import descriptions, profiles
from matcher.features.text import tokens
from matcher.peers.peer import Arrays, PeerRanker
from matcher.rankers.base import Scores

K1, B = 1.2, 0.75


class Bm25(PeerRanker):
    """An expert's document is the profile and the texts of all past cases, as of the day of learning."""

    name: ClassVar[str] = "bm25"

    def fit(self, data: Dataset, *, as_of: pd.Timestamp, seed: int = 0) -> Self:
        """Indexes the documents."""
        super().fit(data, as_of=as_of, seed=seed)
        self.take(_indexed(*_documents(data.before(as_of))))
        return self

    def take(self, arrays: Arrays) -> None:
        """Builds the look-up of terms once."""
        super().take(arrays)
        if arrays:
            self.rows = {expert: row for row, expert in enumerate(_unpacked(arrays["ids"]))}
            self.terms = {term: column for column, term in enumerate(_unpacked(arrays["terms"]))}
            shape = (len(self.rows), len(self.terms))
            weights = (arrays["weights"], arrays["columns"], arrays["starts"])
            self.index = sparse.csr_matrix(weights, shape).tocsc()

    def score(self, consultation: Consultation, experts: pd.DataFrame) -> Scores:
        """BM25 of each expert's document; 0 for one who was not registered on the day of learning."""
        self.schema.taxonomy.require(consultation.category)
        if not self.arrays:
            return Scores.without_probability(np.zeros(len(experts)))
        (text,) = descriptions({"description": [consultation.description]})
        asked = [self.terms[term] for term in sorted(set(tokens(text))) if term in self.terms]
        found = np.append(np.asarray(self.index[:, asked].sum(axis=1)).ravel(), 0.0)
        rows = [self.rows.get(str(expert), len(self.rows)) for expert in experts["expert_id"]]
        return Scores.without_probability(found[rows])


def _documents(data: Dataset) -> tuple[list[str], list[str]]:
    """Ids of the registered experts, sorted, and what is written of each."""
    experts = data.experts.sort_values("expert_id")
    asked = data.consultations
    said = pd.Series(descriptions(asked), index=asked["consultation_id"].to_numpy())
    cases = data.dispatches.sort_values(["expert_id", "consultation_id"])
    texts = cases["consultation_id"].map(said).fillna("").groupby(cases["expert_id"]).agg(" ".join)
    past = texts.reindex(experts["expert_id"]).fillna("")
    return experts["expert_id"].tolist(), [f"{own} {of}" for own, of in zip(profiles(experts), past, strict=True)]


def _indexed(ids: list[str], documents: list[str]) -> Arrays:
    """The BM25 weight of each term in each document, as compressed rows; nothing where nothing is written."""
    if not any(tokens(document) for document in documents):
        return {}
    counter = CountVectorizer(analyzer=tokens, dtype=np.float64)
    counts = counter.fit_transform(documents)
    length = np.asarray(counts.sum(axis=1)).ravel()
    rows = np.repeat(np.arange(len(documents)), np.diff(counts.indptr))
    held = np.bincount(counts.indices, minlength=counts.shape[1])
    rarity = np.log(1 + (len(documents) - held + 0.5) / (held + 0.5))
    often = counts.data / (counts.data + K1 * (1 - B + B * length / length.mean())[rows])
    return {
        "ids": _packed(ids),
        "terms": _packed(counter.get_feature_names_out().tolist()),
        "weights": often * rarity[counts.indices],
        "columns": counts.indices,
        "starts": counts.indptr,
    }


def _packed(words: list[str]) -> npt.NDArray[np.uint8]:
    """Words as UTF-8 bytes, separated by line feeds, which none of them holds."""
    return np.frombuffer("\n".join(words).encode(), dtype=np.uint8)


def _unpacked(held: npt.NDArray[Any]) -> list[str]:
    return held.tobytes().decode().split("\n")
