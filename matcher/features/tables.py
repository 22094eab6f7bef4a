"""Experts and consultations as arrays, made once for a frame, from which pairs draw."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.errors import UnknownValueError
from matcher.features.text import TextSpace, Vectors
from matcher.reference.distance import locate
from matcher.reference.industries import division_of, industries
from matcher.reference.taxonomy import Taxonomy

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

LATER_THAN_ALL = np.iinfo(np.int64).max // 2


def days(dates: pd.Series, *, unknown: int) -> Ints:
    """Days since 1970-01-01; `unknown` where the date is."""
    number = dates.to_numpy().astype("datetime64[D]").astype(np.int64)
    return np.where(dates.isna(), unknown, number)


def texts(frame: pd.DataFrame, columns: Sequence[str]) -> list[str]:
    """The columns' known cells, joined by spaces, a text each row; lists are joined, too."""
    parts = [
        [" ".join(cell) for cell in frame[name]]
        if frame[name].dtype == object
        else frame[name].fillna("").tolist()
        for name in columns
    ]
    return [" ".join(filter(None, row)) for row in zip(*parts, strict=True)]


class Vocabulary:
    """Codes and their places in an array; `place` gives -1 for a code that is none of them."""

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = tuple(codes)
        self._place = {code: index for index, code in enumerate(self.codes)}

    def __len__(self) -> int:
        return len(self.codes)

    def place(self, codes: pd.Series) -> Ints:
        """The place of each cell, -1 for unknown ones."""
        return codes.map(self._place).fillna(-1).to_numpy(dtype=np.int64)

    def members(self, lists: pd.Series) -> Bools:
        """Which codes each list holds, shape (n, len(self)); codes that are none of ours are left out."""
        lengths = lists.map(len).to_numpy(dtype=np.int64)
        rows = np.repeat(np.arange(len(lists)), lengths)
        places = np.array([self._place.get(code, -1) for cell in lists for code in cell], dtype=np.int64)
        held = np.zeros((len(lists), len(self)), dtype=bool)
        held[rows[places >= 0], places[places >= 0]] = True
        return held


class Schema:
    """The codes that a model was made for: categories with their areas, industries with their divisions."""

    def __init__(self, categories: pd.DataFrame) -> None:
        self.taxonomy = Taxonomy(categories)
        self.categories = Vocabulary(self.taxonomy.codes)
        self.areas = Vocabulary(self.taxonomy.areas)
        self.area_of = self.areas.place(
            pd.Series([self.taxonomy.area(code) for code in self.categories.codes], dtype="str")
        )
        self.industries = Vocabulary(industries()["code"].tolist())
        self.divisions = Vocabulary([code for code in self.industries.codes if division_of(code) == code])
        self.division_of = self.divisions.place(pd.Series([division_of(code) for code in self.industries.codes]))

    def within(self, held: Bools, groups: Ints, count: int) -> Bools:
        """Membership of codes (n, codes) turned into membership of their groups (n, count)."""
        grouped = np.zeros((len(held), count), dtype=bool)
        for column, group in enumerate(groups):
            grouped[:, group] |= held[:, column]
        return grouped


@dataclass(frozen=True)
class ExpertTable:
    """n experts: `claims` (n, categories), `industries` (n, codes), `profile` text vectors, days; NaN = unknown."""

    ids: npt.NDArray[np.object_]
    places: pd.DataFrame
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

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def of(cls, frame: pd.DataFrame, schema: Schema, space: TextSpace) -> "ExpertTable":
        """From a typed experts frame."""
        claims = schema.categories.members(frame["categories"])
        held = schema.industries.members(frame["industries"])
        return cls(
            ids=frame["expert_id"].to_numpy(dtype=object),
            places=locate(frame).reset_index(drop=True),
            prefecture=frame["prefecture_code"].to_numpy(dtype=object),
            serves=[frozenset(cell) for cell in frame["service_prefectures"]],
            remote=frame["remote"].to_numpy(dtype=np.float64),
            claims=claims,
            claims_area=schema.within(claims, schema.area_of, len(schema.areas)),
            industries=held,
            divisions=schema.within(held, schema.division_of, len(schema.divisions)),
            years=frame["years_experience"].to_numpy(dtype=np.float64),
            style=frame["style"].to_numpy(dtype=object),
            registered=days(frame["registered_on"], unknown=0),
            profile=space.vectors(texts(frame, ["introduction", "qualifications"])),
        )


@dataclass(frozen=True)
class ConsultationTable:
    """m consultations: `kinds` (m, categories) weights of own and secondary categories, text vectors, days."""

    ids: npt.NDArray[np.object_]
    clients: npt.NDArray[np.object_]
    places: pd.DataFrame
    prefecture: npt.NDArray[np.object_]
    category: Ints
    area: Ints
    kinds: Bools
    industry: Ints
    division: Ints
    mode: npt.NDArray[np.object_]
    text: Vectors
    has_text: Bools
    day: Ints

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def of(cls, frame: pd.DataFrame, schema: Schema, space: TextSpace) -> "ConsultationTable":
        """From a typed consultations frame. Raises `UnknownValueError` for a category that the schema lacks."""
        category = schema.categories.place(frame["category"])
        if (category < 0).any():
            schema.taxonomy.require(str(frame["category"][category < 0].iloc[0]))
            raise UnknownValueError("category", frame["category"].iloc[0], "a category of the model's taxonomy")
        kinds = schema.categories.members(frame["secondary_categories"])
        kinds[np.arange(len(frame)), category] = True
        industry = schema.industries.place(frame["industry"])
        text = space.vectors(texts(frame, ["description"]))
        return cls(
            ids=frame["consultation_id"].to_numpy(dtype=object),
            clients=frame["client_id"].to_numpy(dtype=object),
            places=locate(frame).reset_index(drop=True),
            prefecture=frame["prefecture_code"].to_numpy(dtype=object),
            category=category,
            area=schema.area_of[category],
            kinds=kinds,
            industry=industry,
            division=np.where(industry >= 0, schema.division_of[industry], -1),
            mode=frame["mode"].to_numpy(dtype=object),
            text=text,
            has_text=text.any(axis=1),
            day=days(frame["received_on"], unknown=LATER_THAN_ALL),
        )
