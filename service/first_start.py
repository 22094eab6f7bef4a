"""What a service needs before its first request: tables, data and a model. What is there already is kept."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from matcher.cli.progress import progress
from matcher.cli.trial import CONSULTATIONS_PER_EXPERT, MOST_CONSULTATIONS, SEED
from matcher.dataset import Dataset
from matcher.errors import ModelFileError
from matcher.reading import read_dataset
from matcher.sample import generate
from service.access.accounts import CONSOLE
from service.models.retraining import adopt, retrain
from service.serving import model_files
from service.settings import Settings
from service.store import experts, models
from service.store.engine import Store
from service.store.history import Row
from service.store.loading import load

Say = Callable[[str], None]
_KEPT = "はすでにあるので、{name} は読みません (is there already: {name} is not read)"


def make_ready(settings: Settings, store: Store, *, say: Say, on: pd.Timestamp, sample_of: int = 4000) -> None:
    """Fills an empty database with `settings.data`, else a sample, and gives it a model where none can serve.

    Raises `MatcherError` where the data, the model or the folder cannot be used.
    """
    model_files.folder(settings.home)
    store.migrate()
    _fill(settings.data, store, say, on, sample_of)
    _begin_with_model(settings, store, say, on)


def _fill(path: Path | None, store: Store, say: Say, on: pd.Timestamp, sample_of: int) -> None:
    with store.read() as tx:
        is_filled = bool(experts.EXPERTS.page(tx, limit=1))
    if is_filled:
        if path is not None:
            say(f"データ{_KEPT.format(name='MATCHER_DATA')}")
        return
    data = _sample(say, sample_of) if path is None else read_dataset(path, as_of=on)
    say("データベースに書き込み中 (writing to the database)")
    with store.write() as tx:
        load(tx, data)


def _sample(say: Say, experts: int) -> Dataset:
    say("架空の見本データを作成中 (making an invented sample)")
    with progress("見本の作成 (sample)") as bar:
        consultations = min(MOST_CONSULTATIONS, CONSULTATIONS_PER_EXPERT * experts)
        return generate(experts=experts, consultations=consultations, seed=SEED, progress=bar).data


def _begin_with_model(settings: Settings, store: Store, say: Say, on: pd.Timestamp) -> None:
    with store.read() as tx:
        active = models.active(tx)
    if active is None and settings.model is not None:
        adopt(store, settings.home, settings.model, by=CONSOLE)
        return
    if active is not None and settings.model is not None:
        say(f"モデル{_KEPT.format(name='MATCHER_MODEL')}")
    if active is None or not _is_usable(settings.home, active, say):
        say("学習中 (training)")
        with progress("学習 (training)") as bar:
            retrain(store, settings.home, on=on, by=CONSOLE, progress=bar)


def _is_usable(home: Path, active: Row, say: Say) -> bool:
    """Whether this program can serve with the model; after an upgrade it may know other features."""
    try:
        model_files.load(home, active)
    except ModelFileError as error:
        say(f"いまのモデルは使えません (the active model cannot be used): {error}")
        return False
    return True
