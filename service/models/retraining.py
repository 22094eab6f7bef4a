"""A new model from what the database holds; it serves only where it is not worse than the one that does."""

from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pandas as pd

from matcher.dataset import Dataset
from matcher.errors import MatcherError, ModelFileError
from matcher.evaluation.measure import Progress
from matcher.rankers import make_ranker
from matcher.rankers.model_file import Model, load_model
from matcher.training import train
from service.models.comparison import Verdict, compare
from service.privacy.stopping import usable
from service.serving import model_files
from service.store import audit, erasures, models
from service.store.dataset import read_dataset
from service.store.engine import Store, Tx
from service.store.history import Row, rows_at
from service.store.models import Trained
from service.store.schema import dispatches

_FIRST = Verdict(True, "the first model")
_ERASED_MEANWHILE = "a person was erased during the training, and the new model with them; accepted: the same again"
_ALWAYS = Verdict(True, "activated without a comparison, as was asked")


@dataclass(frozen=True)
class Retrained:
    """The registry's row of the new model, and whether it serves."""

    row: Row
    activated: bool
    because: str


@dataclass(frozen=True)
class _Known:
    """What the database held when the training began; `seen` are the dispatches whose outcome the active model knew."""

    data: Dataset
    revision: int
    active: Row | None
    seen: frozenset[str]

    @classmethod
    def read(cls, tx: Tx) -> "_Known":
        active = models.active(tx)
        seen = frozenset() if active is None else _outcomes_at(tx, active["data_revision"] or 0)
        return cls(usable(tx, read_dataset(tx)), tx.revision(), active, seen)


def retrain(
    store: Store,
    home: Path,
    *,
    on: pd.Timestamp,
    by: str | None = None,
    always: bool = False,
    progress: Progress = lambda *_: None,
) -> Retrained:
    """Trains as of the day, compares, keeps the version with its figures, and activates it where it is not worse.

    `always` activates it in any case: after a person was erased the old ones must not serve on. So does the first
    model, and one after whose predecessor cannot be used. Raises `MatcherError` where nothing can be written, or
    a person was erased while the model learned from them.
    """
    with store.read() as tx:
        known = _Known.read(tx)
    said = _ALWAYS if always else _compared(known, home, on, progress)
    scratch = model_files.folder(home) / f".{uuid4().hex}"
    try:
        model = train(known.data, make_ranker("additive"), path=scratch, as_of=on)
        trained = model_files.keep(home, scratch, model, figures=said.figures, data_revision=known.revision)
    finally:
        scratch.unlink(missing_ok=True)
    with store.write() as tx:
        if erasures.is_any_since(tx, known.revision):
            (home / trained.file).unlink(missing_ok=True)
            raise MatcherError(_ERASED_MEANWHILE)
        return _entered(tx, trained, said, known.active, by)


def adopt(store: Store, home: Path, path: Path, *, by: str | None = None) -> Retrained:
    """A model file from elsewhere, registered and activated. Raises `ModelFileError` for one that cannot be used."""
    model: Model = load_model(path)
    scratch = model_files.folder(home) / f".{uuid4().hex}"
    scratch.write_bytes(path.read_bytes())
    trained = model_files.keep(home, scratch, model)
    with store.write() as tx:
        return _entered(tx, trained, _FIRST, models.active(tx), by)


def activate(tx: Tx, model_id: str, *, by: str | None, reason: str | None = None, request_id: str | None = None) -> Row:
    """Lets the model serve, and says so on the audit trail. Raises as `service.store.models.activate` does."""
    row = models.activate(tx, model_id, by=by, reason=reason)
    _tell(tx, "model activated", row, by, request_id)
    return row


def roll_back(tx: Tx, *, by: str | None, request_id: str | None = None) -> Row:
    """Lets the one before serve again, and says so. Raises `MissingError` where there is none."""
    row = models.roll_back(tx, by=by)
    _tell(tx, "model rolled back", row, by, request_id)
    return row


def _compared(known: _Known, home: Path, on: pd.Timestamp, progress: Progress) -> Verdict:
    if known.active is None:
        return _FIRST
    try:
        active = model_files.load(home, known.active)
    except ModelFileError as error:
        return Verdict(True, f"the active model cannot be used: {error}")
    return compare(active.ranker, known.data, known.seen, as_of=on, progress=progress)


def _entered(tx: Tx, trained: Trained, said: Verdict, compared_with: Row | None, by: str | None) -> Retrained:
    tx.hold()
    row = models.find(tx, trained.model_id)
    if row is None:
        row = models.register(tx, trained, by=by)
        _tell(tx, "model trained", row, by, None)
    active = models.active(tx)
    if active is not None and active["model_id"] == trained.model_id:
        return Retrained(row, True, "the same as the active model: nothing to learn that it does not know")
    if not said.not_worse:
        return Retrained(row, False, said.because)
    if active is not None and (compared_with is None or active["model_id"] != compared_with["model_id"]):
        return Retrained(row, False, "another model was activated meanwhile")
    activate(tx, trained.model_id, by=by, reason=said.because)
    return Retrained(row, True, said.because)


def _outcomes_at(tx: Tx, revision: int) -> frozenset[str]:
    rows = rows_at(tx, dispatches, revision)
    return frozenset(row["dispatch_id"] for row in rows if row["resolved"] is not None)


def _tell(tx: Tx, action: str, row: Row, by: str | None, request_id: str | None) -> None:
    detail = {"fingerprint": row["fingerprint"], "sha256": row["sha256"], "data_revision": row["data_revision"]}
    subject = f"model:{row['model_id']}"
    audit.append(tx, action, principal_id=by, subject=subject, request_id=request_id, detail=detail)
