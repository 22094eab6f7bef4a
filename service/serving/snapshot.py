"""What answers are made from: the data of one revision, one model, one programme, replaced together."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

import pandas as pd

from matcher.consultation import Consultation
from matcher.dataset import Dataset
from matcher.eligibility import Programme, Register
from matcher.lang import Lang
from matcher.rankers.base import Ranker
from matcher.rankers.model_file import Model
from matcher.reading import parse_consultation
from matcher.risk import Risk
from matcher.shortlist import Shortlist, shortlist_on
from service.store.holdings import Holdings, fingerprint

# What no ranker reads of an expert: a change of these alone needs no preparing. A test holds it.
OF_RULES_ALONE = ["name", "kana", "capacity_per_month", "status", "affiliations"]
GONE = "retired"  # how an expert counts who was removed, until rankers are prepared without


@dataclass(eq=False)
class Snapshot:
    """`prepared` is the experts frame that the model's ranker has made ready, as of `prepared_at`.

    Where the store's experts have changed since in what rankers read, it is behind: who may be ranked and how they
    are named is as of `holdings`, their scores as of `prepared_at`, and those who are new since are not there yet.
    """

    holdings: Holdings
    model: Model
    programme: Programme
    prepared: pd.DataFrame
    prepared_at: int
    _register: Register | None = field(default=None, repr=False)
    _rankers: dict[str, Ranker] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, holdings: Holdings, model: Model, programme: Programme, *, on: pd.Timestamp) -> Self:
        """Ready to answer: one ranking is made, so that the first request finds everything prepared.

        Raises `MatcherError` when the model cannot rank this data.
        """
        made = cls(holdings, model, programme, holdings.data.experts, holdings.revision)
        made.rank(Consultation(made.register(on).taxonomy.codes[0]), k=1, lang="ja", on=on)
        return made

    def renewed(self, holdings: Holdings) -> Self:
        """The same model on newer data; everything that has not changed is used again."""
        same = holdings.data is self.holdings.data
        made = replace(self, holdings=holdings)
        if same:
            made.data = self.data
        if holdings.data.experts is self.holdings.data.experts:
            made.is_behind = self.is_behind
        if not made.is_behind:  # nothing that the rankers read has changed: what was prepared is as of now
            made.prepared_at = holdings.revision
        if self._register is not None and not same:
            made._register = self._register.renewed(made.data, made._current())
        return made

    @property
    def revision(self) -> int:
        """That of the data that rules read."""
        return self.holdings.revision

    @cached_property
    def is_behind(self) -> bool:
        """Whether scores are not as of `revision` yet."""
        now = self.holdings.data.experts
        return now is not self.prepared and not _read_by_rankers(now).equals(_read_by_rankers(self.prepared))

    @cached_property
    def data(self) -> Dataset:
        """The data, with the experts that the ranker has prepared."""
        return replace(self.holdings.data, experts=self.prepared)

    @cached_property
    def data_fingerprint(self) -> str:
        """As `service.store.holdings.fingerprint`; over both revisions where the snapshot is behind."""
        revisions = (self.revision, self.prepared_at) if self.is_behind else (self.revision,)
        return fingerprint(self.holdings.store, *revisions)

    def register(self, on: pd.Timestamp) -> Register:
        """The register seen on the day, kept until another day is asked for."""
        if self._register is None or self._register.on != on:
            self._register = Register(self.data, self.programme, on, self._current())
        return self._register

    def read(self, asked: Mapping[str, Any], *, on: pd.Timestamp) -> Consultation:
        """The consultation that was loosely written. Raises `DataError` with every fault of it."""
        return parse_consultation(asked, self.data, as_of=on)

    def rank(
        self,
        asked: Consultation | Mapping[str, Any],
        *,
        k: int,
        lang: Lang,
        on: pd.Timestamp,
        risk: Risk = "neutral",
    ) -> Shortlist:
        """The shortlist for a consultation, which may be loosely written: then as `read`.

        Raises `InvalidValueError` for a risk that the model cannot order by.
        """
        return shortlist_on(
            self._ranker(risk),
            self.register(on),
            asked if isinstance(asked, Consultation) else self.read(asked, on=on),
            model_card=self.model.card,
            data_fingerprint=self.data_fingerprint,
            k=k,
            lang=lang,
        )

    def _ranker(self, risk: Risk) -> Ranker:
        if risk not in self._rankers:
            self._rankers[risk] = self.model.ranker.with_risk(risk)
        return self._rankers[risk]

    def _current(self) -> pd.DataFrame | None:
        """The store's rows of the experts that are prepared."""
        now = self.holdings.data.experts
        if now is self.prepared or not self.is_behind:
            return now
        rows = now.set_index("expert_id").reindex(self.prepared["expert_id"])
        gone = ~self.prepared["expert_id"].isin(now["expert_id"]).to_numpy()
        current = rows.reset_index()[list(now)]
        current[gone] = self.prepared[gone].assign(status=GONE)
        return current


def _read_by_rankers(experts: pd.DataFrame) -> pd.DataFrame:
    return experts.drop(columns=OF_RULES_ALONE)
