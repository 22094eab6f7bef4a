"""A stored shortlist made again, from the data, the model and the rules that it was made from."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from matcher.errors import MatcherError
from service.serving import model_files
from service.serving.snapshot import Snapshot
from service.shortlists.ranking import programme_from_json, ranking
from service.shortlists.reading import consultation_from_json
from service.store import models, shortlists
from service.store.dataset import dataset_at
from service.store.engine import Store
from service.store.history import Row
from service.store.holdings import Holdings
from service.store.pseudonyms import store_id


class ErasedError(MatcherError):
    """A person in it was erased, and with the person what it was made from."""

    def __init__(self) -> None:
        super().__init__("消去済み、再現できません (erased, not reproducible); accepted: one with nobody erased")


@dataclass(frozen=True)
class Reproduced:
    """The stored row, and the answer as it comes out now."""

    row: Row
    answer: str

    @property
    def is_same(self) -> bool:
        """Whether every byte is as it was."""
        return hashlib.sha256(self.answer.encode()).hexdigest() == str(self.row["answer_sha256"])


def reproduce(store: Store, home: Path, shortlist_id: str) -> Reproduced:
    """Raises `MissingError`, `ErasedError`, and `ModelFileError` where the model's file is gone."""
    with store.read() as tx:
        row = shortlists.read(tx, shortlist_id)
        if row["erased_at"] is not None:
            raise ErasedError
        model = models.read(tx, row["model_id"])
        if model["refused_because"] == models.ERASED:  # a person whom the model remembered: its file is destroyed
            raise ErasedError
        holdings = Holdings(store_id(tx), row["revision"], dataset_at(tx, row["revision"]), model)
    on = pd.Timestamp(row["as_of"])
    snapshot = Snapshot.of(holdings, model_files.load(home, model), programme_from_json(row["programme"]), on=on)
    asked = consultation_from_json(row["asked"]["consultation"])
    made = ranking(snapshot, asked, k=row["k"], lang=row["lang"], risk=row["asked"]["risk"], on=on)
    return Reproduced(row, made.answer)
