"""The phrase banks under `data/sample_words/`, as flat tables that draws can index."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from matcher.reference.files import reference_path
from matcher.reference.industries import division_of
from matcher.reference.taxonomy import builtin_categories
from matcher.sample.drawing import Bools, Floats, Ints


@dataclass(frozen=True, eq=False)
class Bank:
    """Phrases in groups: `phrases[k]` belongs to group `group[k]` (sorted)."""

    phrases: tuple[str, ...]
    group: Ints

    @classmethod
    def of(cls, groups: list[list[str]]) -> "Bank":
        """From one list of phrases a group."""
        sizes = [len(phrases) for phrases in groups]
        return cls(tuple(p for phrases in groups for p in phrases), np.repeat(np.arange(len(groups)), sizes))


@dataclass(frozen=True, eq=False)
class Topics:
    """Sub-topics of the built-in categories, in the taxonomy's order; `category` indexes `codes` (sorted).

    `fits` is sub-topic x industry: whether firms of the industry have the problem at all.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    shares: Floats
    area: Ints
    topics: tuple[str, ...]
    category: Ints
    fits: Bools
    banks: Mapping[str, Bank]


@dataclass(frozen=True, eq=False)
class Industries:
    """JSIC groups in which the clients are, with their phrases."""

    codes: tuple[str, ...]
    divisions: tuple[str, ...]
    weights: Floats
    banks: Mapping[str, Bank]


@dataclass(frozen=True, eq=False)
class Professions:
    """Experts' trades; `affinity` is trade x category (relative), `known` trade x industry (0 or 1)."""

    names: tuple[str, ...]
    weights: Floats
    affinity: Floats
    known: Floats
    banks: Mapping[str, Bank]


@cache
def topics() -> Topics:
    """All sub-topics with their banks: terms, trouble, tried, wish, expert, result."""
    categories = builtin_categories()
    leaves = categories[categories["parent"].notna()]
    words: dict[str, Any] = {}
    for path in sorted(reference_path("sample_words/topics").glob("*.toml")):
        words |= tomllib.loads(path.read_text(encoding="utf-8"))
    pairs = [(k, topic, words[code][topic]) for k, code in enumerate(leaves["code"]) for topic in words[code]]
    shares = leaves["share"].astype(float).to_numpy()
    kinds = ("terms", "trouble", "tried", "wish", "expert", "result")
    return Topics(
        codes=tuple(leaves["code"]),
        names=tuple(leaves["name_ja"]),
        shares=shares / shares.sum(),
        area=pd.factorize(leaves["parent"])[0].astype(np.intp),
        topics=tuple(f"{leaves['code'].iloc[k]}/{topic}" for k, topic, _ in pairs),
        category=np.array([k for k, _, _ in pairs], dtype=np.intp),
        fits=np.array([_fits(table.get("only")) for _, _, table in pairs]),
        banks={kind: Bank.of([table[kind] for _, _, table in pairs]) for kind in kinds},
    )


@cache
def industries() -> Industries:
    """The clients' industries with their banks: business, product, circumstance, work."""
    tables = load("industries")
    kinds = ("business", "product", "circumstance", "work")
    return Industries(
        codes=tuple(tables),
        divisions=tuple(division_of(code) for code in tables),
        weights=np.array([table["weight"] for table in tables.values()]),
        banks={kind: Bank.of([table[kind] for table in tables.values()]) for kind in kinds},
    )


@cache
def professions() -> Professions:
    """The experts' trades with their banks: titles, career."""
    tables = load("professions")
    codes = topics().codes
    known = [[float(code in table["industries"]) for code in industries().codes] for table in tables.values()]
    return Professions(
        names=tuple(tables),
        weights=np.array([float(table["weight"]) for table in tables.values()]),
        affinity=np.array([list(_affinities(table["areas"], codes)) for table in tables.values()]),
        known=np.array(known),
        banks={kind: Bank.of([table[kind] for table in tables.values()]) for kind in ("titles", "career")},
    )


@cache
def load(name: str) -> dict[str, Any]:
    """One TOML file of the folder, as it is. Shared, do not change."""
    return tomllib.loads(reference_path(f"sample_words/{name}.toml").read_text(encoding="utf-8"))


@cache
def load_names(name: str) -> pd.DataFrame:
    """One CSV file of the folder, all cells `str`. Shared, do not change."""
    return pd.read_csv(reference_path(f"sample_words/{name}.csv"), dtype="str", encoding="utf-8")


def _fits(only: list[str] | None) -> list[bool]:
    """For each industry whether its group or division is among `only`; all of them where that is None."""
    pairs = zip(industries().codes, industries().divisions, strict=True)
    return [only is None or group in only or division in only for group, division in pairs]


def _affinities(areas: Mapping[str, float], codes: tuple[str, ...]) -> Iterator[float]:
    for code in codes:
        yield float(areas.get(code, areas.get(code.split(".")[0], 0.0)))
