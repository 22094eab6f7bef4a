"""Experts and consultations as arrays, made once for a frame, from which pairs draw."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.columns import CONSULTATIONS
from matcher.consultation import Consultation
from matcher.features.affinity import Affinity
from matcher.features.gist import Gist, Told
from matcher.features.manner import stated
from matcher.features.text import Vectors
from matcher.reference.distance import Places
from matcher.reference.industries import division_of, industries
from matcher.reference.taxonomy import Taxonomy

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

LATER_THAN_ALL = np.iinfo(np.int64).max // 2


def any_row(rows: npt.NDArray[Any]) -> Bools:
    """Whether a row holds anything at all, shape (n,)."""
    return np.asarray(rows.any(axis=1), dtype=np.bool_)


def cells(column: Iterable[Any]) -> list[Any]:
    """The cells as a list, None for unknown ones; lists stay as they are."""
    return [None if value is None or (value != value) is True or value is pd.NaT else value for value in column]


def days(dates: Iterable[Any], *, unknown: int) -> Ints:
    """Days since 1970-01-01; `unknown` where the date is."""
    number = np.array(list(dates), dtype="datetime64[D]") if not isinstance(dates, pd.Series) else dates.to_numpy()
    stamps = number.astype("datetime64[D]")
    return np.where(np.isnat(stamps), unknown, stamps.astype(np.int64))


def profiles(experts: Any) -> list[str]:
    """What experts say of themselves, a text each."""
    return texts(experts, ["introduction", "qualifications"])


def descriptions(consultations: Any) -> list[str]:
    """What clients say, a text each."""
    return texts(consultations, ["description"])


def texts(columns: Any, names: Sequence[str]) -> list[str]:
    """The columns' known cells, joined by spaces, a text each row; lists are joined, too."""
    parts = [
        [" ".join(cell) if isinstance(cell, tuple) else cell or "" for cell in cells(columns[name])] for name in names
    ]
    return [" ".join(filter(None, row)) for row in zip(*parts, strict=True)]


class Vocabulary:
    """Codes and their places in an array; `place` gives -1 for a code that is none of them."""

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = tuple(codes)
        self._place = {code: index for index, code in enumerate(self.codes)}

    def __len__(self) -> int:
        return len(self.codes)

    def place(self, codes: Iterable[Any]) -> Ints:
        """The place of each cell, -1 for unknown ones."""
        return np.array([self._place.get(code, -1) for code in codes], dtype=np.int64)

    def members(self, lists: Sequence[tuple[str, ...]]) -> Bools:
        """Which codes each list holds, shape (n, len(self)); codes that are none of ours are left out."""
        rows = np.repeat(np.arange(len(lists)), [len(cell) for cell in lists])
        places = self.place(code for cell in lists for code in cell)
        held = np.zeros((len(lists), len(self)), dtype=bool)
        held[rows[places >= 0], places[places >= 0]] = True
        return held


class Schema:
    """The codes that a model was made for: categories with their areas, industries with their divisions."""

    def __init__(self, categories: pd.DataFrame) -> None:
        self.taxonomy = Taxonomy(categories)
        self.categories = Vocabulary(sorted(self.taxonomy.codes))
        self.areas = Vocabulary(sorted(self.taxonomy.areas))
        self.area_of = self.areas.place(map(self.taxonomy.area, self.categories.codes))
        self.industries = Vocabulary(industries()["code"].tolist())
        self.divisions = Vocabulary([code for code in self.industries.codes if division_of(code) == code])
        self.division_of = self.divisions.place(map(division_of, self.industries.codes))

    def within(self, held: Bools, groups: Ints, count: int) -> Bools:
        """Membership of codes (n, codes) turned into membership of their groups (n, count)."""
        grouped = np.zeros((len(held), count), dtype=bool)
        for column, group in enumerate(groups):
            grouped[:, group] |= held[:, column]
        return grouped


@dataclass(frozen=True)
class ExpertTable:
    """n experts: `claims` (n, categories), `industries` (n, codes), `profile` text vectors, days; NaN = unknown.

    `closeness` and `expectation` (n, categories): see `matcher.features.affinity`; `topics` and `sentence` (n, J):
    see `matcher.features.topics`. `manner` is 1 for push, -1 for propose, in between as the profile `said` reads.
    """

    ids: npt.NDArray[np.object_]
    places: Places
    prefecture: npt.NDArray[np.object_]
    serves: list[frozenset[str]]
    remote: Floats
    claims: Bools
    claims_area: Bools
    industries: Bools
    divisions: Bools
    years: Floats
    style: npt.NDArray[np.object_]
    registered: Ints
    profile: Vectors
    said: list[str]
    topics: Vectors
    sentence: npt.NDArray[np.uint8]
    manner: Floats
    closeness: Floats
    expectation: Floats

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def serving(self) -> tuple[Vocabulary, Bools]:
        """The prefectures that anybody states to serve, and who serves which (n, prefectures)."""
        codes = Vocabulary(sorted(frozenset().union(*self.serves)) or [""])
        return codes, codes.members([tuple(stated) for stated in self.serves])

    @cached_property
    def has_profile(self) -> Bools:
        """Whose profile says anything known (n,)."""
        return any_row(self.profile)

    @cached_property
    def has_claims(self) -> Bools:
        """Who states any category (n,)."""
        return any_row(self.claims)

    @cached_property
    def has_industries(self) -> Bools:
        """Who states any industry (n,)."""
        return any_row(self.industries)

    @classmethod
    def of(cls, frame: pd.DataFrame, schema: Schema, gist: Gist, affinity: Affinity) -> "ExpertTable":
        """From a typed experts frame, what its `profiles` show, and what is known of such profiles."""
        claims = schema.categories.members(frame["categories"].tolist())
        held = schema.industries.members(frame["industries"].tolist())
        said = profiles(frame)
        shown = gist.shown(said)
        style = stated(frame["style"].tolist())
        return cls(
            ids=frame["expert_id"].to_numpy(dtype=object),
            places=Places.of(frame),
            prefecture=_objects(frame["prefecture_code"]),
            serves=[frozenset(cell) for cell in frame["service_prefectures"]],
            remote=frame["remote"].to_numpy(dtype=np.float64),
            claims=claims,
            claims_area=schema.within(claims, schema.area_of, len(schema.areas)),
            industries=held,
            divisions=schema.within(held, schema.division_of, len(schema.divisions)),
            years=frame["years_experience"].to_numpy(dtype=np.float64),
            style=frame["style"].to_numpy(dtype=object),
            registered=days(frame["registered_on"], unknown=0),
            profile=shown.profile,
            said=said,
            topics=shown.topics,
            sentence=shown.sentence,
            manner=np.where(np.isnan(style), shown.manner, style),
            closeness=affinity.closeness(shown.profile),
            expectation=affinity.expectation(shown.profile, frame["qualifications"].tolist()),
        )


@dataclass(frozen=True)
class ConsultationTable:
    """m consultations: `kinds` (m, categories) own and secondary categories, text vectors, days.

    `topic` within the category, -1 = unknown; `wanted` manner from -1 (propose) to 1 (push), 0 = not said.
    """

    ids: npt.NDArray[np.object_]
    clients: npt.NDArray[np.object_]
    places: Places
    prefecture: npt.NDArray[np.object_]
    category: Ints
    area: Ints
    kinds: Bools
    industry: Ints
    division: Ints
    mode: npt.NDArray[np.object_]
    text: Vectors
    topic: Ints
    wanted: Floats
    has_text: Bools
    day: Ints

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def known_ids(self) -> npt.NDArray[np.str_]:
        """The ids as text, unknown ones empty."""
        return _strings(self.ids)

    @cached_property
    def known_clients(self) -> npt.NDArray[np.str_]:
        """The clients as text, unknown ones empty."""
        return _strings(self.clients)

    @classmethod
    def of(cls, frame: pd.DataFrame, schema: Schema, told: Told) -> "ConsultationTable":
        """From a typed consultations frame and what its `descriptions` tell.

        Raises `UnknownValueError` for a category that the schema lacks.
        """
        columns = {name: frame[name] for name in CONSULTATIONS.names}
        return cls._of(columns, schema, _places(columns, schema), told)

    @classmethod
    def single(cls, consultation: Consultation, schema: Schema, gist: Gist) -> "ConsultationTable":
        """A table of one row, without the detour over a frame."""
        columns = {name: [getattr(consultation, name)] for name in CONSULTATIONS.names}
        category = _places(columns, schema)
        (text,) = descriptions(columns)
        return cls._of(columns, schema, category, gist.told_alone(text, int(category[0])))

    @classmethod
    def _of(cls, columns: dict[str, Any], schema: Schema, category: Ints, told: Told) -> "ConsultationTable":
        kinds = schema.categories.members(list(columns["secondary_categories"]))
        kinds[np.arange(len(category)), category] = True
        industry = schema.industries.place(columns["industry"])
        places = Places.of(columns)
        return cls(
            ids=_objects(columns["consultation_id"]),
            clients=_objects(columns["client_id"]),
            places=places,
            prefecture=places.prefecture,
            category=category,
            area=schema.area_of[category],
            kinds=kinds,
            industry=industry,
            division=np.where(industry >= 0, schema.division_of[industry], -1),
            mode=_objects(columns["mode"]),
            text=told.text,
            topic=told.topic,
            wanted=told.wanted,
            has_text=any_row(told.text),
            day=days(columns["received_on"], unknown=LATER_THAN_ALL),
        )


def _places(columns: dict[str, Any], schema: Schema) -> Ints:
    category = schema.categories.place(columns["category"])
    for place, code in zip(category, columns["category"], strict=True):
        if place < 0:
            schema.taxonomy.require(code)
    return category


def _objects(column: Iterable[Any]) -> npt.NDArray[np.object_]:
    return np.array(cells(column), dtype=object)


def _strings(column: npt.NDArray[Any]) -> npt.NDArray[np.str_]:
    return np.where(pd.isna(column), "", column).astype(str)
