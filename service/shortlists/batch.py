"""The nightly job: a shortlist for every open consultation of the store, each as a request for it would give."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pandas as pd

from matcher.cli.progress import Progress
from matcher.consultation import Consultation
from matcher.eligibility import Programme
from matcher.errors import MatcherError
from matcher.lang import Lang
from service.consultations.entering import consultation_of
from service.http.trail import Trail
from service.serving import model_files
from service.serving.snapshot import Snapshot
from service.shortlists.keeping import keep
from service.shortlists.ranking import ranking
from service.store import consultations, shortlists
from service.store.engine import Store, Tx
from service.store.holdings import Holdings, data_revision
from service.store.rows import new_id

BATCH = "batch"  # who made them, and how their ids begin: nobody has seen them yet, and so neither their impressions
_PREFIX = "b"
_PAGE = 50  # consultations a transaction: what a job that is stopped loses at most


@dataclass(frozen=True)
class Reranked:
    """How many shortlists were made, and for how many consultations there was one already."""

    made: int
    skipped: int


def rerank(
    store: Store,
    home: Path,
    programme: Programme,
    *,
    k: int,
    lang: Lang,
    on: pd.Timestamp,
    progress: Progress = lambda *_: None,
) -> Reranked:
    """Ranks and keeps all that are not closed (an unknown status is not closed), but those that it has kept before.

    Kept before: by this model, on this day, and no data has changed since. So a job that was stopped goes on where
    it was. Raises `MatcherError` where no model is active or its file cannot be used.
    """
    with store.read() as tx:
        holdings, changed_at = Holdings.read(tx), data_revision(tx)
        waiting = consultations.open_ids(tx)
    if holdings.model is None:
        raise MatcherError("no model is active; accepted: `matcher-service retrain` first")
    snapshot = Snapshot.of(holdings, model_files.load(home, holdings.model), programme, on=on)
    with store.read() as tx:
        fingerprint = snapshot.model.card["fingerprint"]
        kept = shortlists.batched(tx, BATCH, fingerprint, k=k, lang=lang, as_of=on.date(), since=changed_at)
    left = [consultation_id for consultation_id in waiting if consultation_id not in kept]
    trail = Trail(BATCH, uuid4().hex)
    for first in range(0, len(left), _PAGE):
        progress("", first, len(left))
        with store.read() as tx:
            asked = _asked(tx, left[first : first + _PAGE])
        made = [ranking(snapshot, one, k=k, lang=lang, risk="neutral", on=on) for one in asked]
        with store.write() as tx:
            for one in made:
                keep(tx, one, trail, shortlist_id=new_id(_PREFIX))
    progress("", len(left), len(left))
    return Reranked(len(left), len(waiting) - len(left))


def _asked(tx: Tx, ids: Sequence[str]) -> list[Consultation]:
    return [consultation_of(consultations.CONSULTATIONS.read(tx, consultation_id)) for consultation_id in ids]
