"""What answers are made from: one register, one model, one programme, loaded together and replaced together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import pandas as pd

from matcher.dataset import Dataset
from matcher.eligibility import Programme, Register
from matcher.errors import MatcherError
from matcher.lang import Lang
from matcher.rankers.model_file import Model, load_model
from matcher.reading import parse_consultation, read_dataset
from matcher.reference.taxonomy import Taxonomy
from matcher.shortlist import Shortlist, shortlist_on
from service.settings import Settings


def today_in_japan() -> pd.Timestamp:
    """The day's midnight, without a time zone, as all dates of the contract are."""
    return pd.Timestamp.now(tz="Asia/Tokyo").tz_localize(None).normalize()


@dataclass(eq=False)
class Snapshot:
    """Data, model and rules; only the register of the day is renewed, when the day changes."""

    data: Dataset
    model: Model
    programme: Programme
    data_fingerprint: str
    _register: Register | None = field(default=None, init=False, repr=False)

    @classmethod
    def of(cls, data: Dataset, model: Model, programme: Programme, *, on: pd.Timestamp) -> Self:
        """Ready to answer: one ranking is made, so that the first request finds everything prepared.

        Raises `MatcherError` when the model cannot rank this data.
        """
        made = cls(data, model, programme, data.fingerprint())
        made.rank({"category": made.register(on).taxonomy.codes[0]}, k=1, lang="ja", on=on)
        return made

    @classmethod
    def load(cls, settings: Settings, *, on: pd.Timestamp) -> Self:
        """Reads the files that `settings` name. Raises `MatcherError` for each that cannot be used."""
        if settings.data is None or settings.model is None:
            raise MatcherError("no data is set; accepted: MATCHER_DATA and MATCHER_MODEL, or `matcher-service serve`")
        data = read_dataset(settings.data, as_of=on)
        programme = Programme.read(settings.programme, areas=Taxonomy(data.categories).areas)
        return cls.of(data, load_model(settings.model), programme, on=on)

    def register(self, on: pd.Timestamp) -> Register:
        """The register seen on the day, kept until another day is asked for."""
        if self._register is None or self._register.on != on:
            self._register = Register(self.data, self.programme, on)
        return self._register

    def rank(self, asked: Mapping[str, Any], *, k: int, lang: Lang, on: pd.Timestamp) -> Shortlist:
        """The shortlist for a loosely written consultation. Raises `DataError` with every fault of it."""
        return shortlist_on(
            self.model.ranker,
            self.register(on),
            parse_consultation(asked, self.data, as_of=on),
            model_card=self.model.card,
            data_fingerprint=self.data_fingerprint,
            k=k,
            lang=lang,
        )
