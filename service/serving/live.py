"""The snapshot in use: looked after at each request, and beside the requests where that takes long."""

import threading
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from starlette.concurrency import run_in_threadpool

from matcher.eligibility import Programme
from matcher.errors import MatcherError, ModelFileError
from matcher.lang import Lang
from matcher.rankers.model_file import Model
from service.http.logs import LOGGER
from service.serving import model_files
from service.serving.snapshot import Snapshot
from service.store import models
from service.store.engine import Store
from service.store.errors import BusyError
from service.store.history import Row
from service.store.holdings import Holdings
from service.store.schema import Change
from service.store.watch import Watch

LOOK_SECONDS = 0.25  # how often a worker that nobody asks looks for another model or other experts
PATIENCE_SECONDS = 20.0  # how long a request waits for the first snapshot, or for one that is not behind
_NOT_YET = "nothing can be ranked yet; accepted: the same again in a moment"


class Serving:
    """Gives each request the data as it is now: a suspension, a conflict or a dispatch holds from the next one on.

    What takes a ranker seconds to prepare (experts' profiles, another model) is prepared by a thread beside the
    requests and then put in place by one assignment: a request keeps the snapshot that it began with. A model whose
    file is not the registered one is refused, and the one before serves on.
    """

    def __init__(
        self,
        store: Store,
        watch: Watch,
        *,
        home: Path,
        programme: Programme,
        lang: Lang,
        today: Callable[[], pd.Timestamp],
    ) -> None:
        self.store, self.home, self.programme, self.lang, self.today = store, home, programme, lang, today
        self._watch = watch
        self._held: Snapshot | None = None
        self._stuck_at: int | None = None  # the revision at which nothing could be prepared
        self._refused: tuple[str, int | None] | None = None  # the model that could not be used, and when it was active
        self._renewing = threading.Lock()
        self._changed = threading.Condition()
        self._wake, self._stopped = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="serving", daemon=True)

    def start(self) -> None:
        """Begins to prepare; requests wait for the first snapshot."""
        self._thread.start()

    def close(self) -> None:
        """Stops looking."""
        self._stopped.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot as of now. Raises `BusyError` where there is none, or the database does not say what is now.

        Some 5 us where nothing has changed, else it reads the database: for threads. What another process commits
        to PostgreSQL is known a millisecond later; `whole` asks the database itself.
        """
        held = self._held or self._awaited(self._is_settled)
        return held if self._is_current(held) else self._renewed()

    async def snapshot_soon(self) -> Snapshot:
        """The same, without keeping the event loop waiting."""
        held = self._held
        if held is not None and self._is_current(held):
            return held
        return await run_in_threadpool(lambda: self.snapshot)

    @property
    def whole(self) -> Snapshot:
        """The same, all of one revision: what a stored shortlist needs, so that it can be made again."""
        if self._held is None:
            self._awaited(self._is_settled)
        made = self._renewed()
        if made.is_behind:
            self._awaited(lambda: self._held is not None and not self._held.is_behind)
            made = self._renewed()
        if made.is_behind:
            raise BusyError(_NOT_YET)
        return made

    def model_is_sound(self) -> bool:
        """Whether there is a snapshot, and the file of the active model is the one that was registered."""
        with self.store.read() as tx:
            row = models.active(tx)
        return self._held is not None and row is not None and model_files.is_sound(self.home, row)

    def _is_current(self, held: Snapshot) -> bool:
        number = self._watch.latest()
        if number is None:
            raise BusyError
        return max(number, self.store.written) <= held.revision

    def _is_settled(self) -> bool:
        """Whether there is a first snapshot, or none to wait for."""
        return self._held is not None or self._stuck_at is not None

    def _awaited(self, arrived: Callable[[], bool]) -> Snapshot:
        with self._changed:
            self._changed.wait_for(arrived, PATIENCE_SECONDS)
        if self._held is None:
            raise BusyError(_NOT_YET)
        return self._held

    def _renewed(self) -> Snapshot:
        """The data brought up to date; requests that come together wait for one another."""
        with self._renewing:
            held = self._held
            assert held is not None
            with self.store.read() as tx:
                holdings = held.holdings.renewed(tx)
            if holdings is not held.holdings:
                held = held.renewed(holdings)
                self._put(held)
        if self._has_work(held):
            self._wake.set()
        return held

    def _put(self, made: Snapshot) -> None:
        self._held = made
        with self._changed:
            self._changed.notify_all()

    def _has_work(self, held: Snapshot) -> bool:
        return held.is_behind or self._other_model(held.holdings.model, held) is not None

    def _other_model(self, row: Row | None, held: Snapshot | None) -> Row | None:
        """The active model, where it is neither in use nor refused."""
        if row is None or (row["model_id"], self._watch.newest(Change.MODEL)) == self._refused:
            return None
        return None if held is not None and row["fingerprint"] == held.model.card["fingerprint"] else row

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._look()
            except BusyError:
                pass  # the next look may find the database
            except Exception as error:  # whatever it is, what is held serves on
                LOGGER.error("failure", exc_info=error)
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()

    def _look(self) -> None:
        if self._held is not None:
            held = self.snapshot
            if self._has_work(held) and held.revision != self._stuck_at:
                self._prepare(held.holdings, held)
        elif self._watch.latest() != self._stuck_at:
            with self.store.read() as tx:
                if self._other_model(models.active(tx), None) is None:
                    self._stick(tx.revision())
                    return
                holdings = Holdings.read(tx)
            self._prepare(holdings, None)

    def _prepare(self, holdings: Holdings, held: Snapshot | None) -> None:
        """Another snapshot beside the one that answers, then brought up to date and put in its place."""
        row = self._other_model(holdings.model, held)
        model = self._loaded(row) if row is not None else None
        if model is None and held is not None and held.is_behind:
            model = held.model
        made = self._made(holdings, model) if model is not None else None
        if model is None or made is None:
            self._stick(holdings.revision)
            return
        with self._renewing:
            with self.store.read() as tx:
                made = made.renewed(holdings.renewed(tx))
            self._put(made)
        LOGGER.info("serving", extra={"fields": {"model": model.card["id"], "revision": made.revision}})

    def _made(self, holdings: Holdings, model: Model) -> Snapshot | None:
        """The snapshot, None where the model cannot rank this data: it was made for another taxonomy, say."""
        try:
            return Snapshot.of(holdings, model, self.programme, on=self.today())
        except MatcherError as error:
            self._refuse(holdings.model, error)
            return None

    def _stick(self, revision: int) -> None:
        """Nothing is tried again, and no request waits for a first snapshot, until there is another revision."""
        with self._changed:
            self._stuck_at = revision
            self._changed.notify_all()

    def _loaded(self, row: Row) -> Model | None:
        """The model, None where its file cannot be used."""
        try:
            return model_files.load(self.home, row)
        except ModelFileError as error:
            self._refuse(row, error)
            return None

    def _refuse(self, row: Row | None, error: MatcherError) -> None:
        """It is not tried again until a model is activated."""
        if row is not None:
            self._refused = (row["model_id"], self._watch.newest(Change.MODEL))
            LOGGER.error("model refused", extra={"fields": {"model": row["model_id"], "because": str(error)}})
