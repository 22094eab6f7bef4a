"""A programme's limits as configuration: the shipped `programme.toml`, or a user's own file over it."""

import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Self

from matcher.columns import DISPATCH_STATUS
from matcher.errors import InvalidValueError, MatcherError, UnknownValueError
from matcher.reference.files import reference_path


class RuleName(StrEnum):
    """Every rule that a programme may switch off; the last two warn and exclude nobody."""

    STATUS = "status"
    CONFLICT = "conflict"
    REGION = "region"
    CAPACITY = "capacity"
    FREE_VISITS = "free_visits"
    REGISTRATION = "registration"


@dataclass(frozen=True)
class Programme:
    """The limits that the rules read; one field a key of the file.

    `default_capacity_per_month` is None where the programme sets none: then an unknown capacity never excludes.
    """

    distance_limit_km: float
    fiscal_year_start_month: int
    free_visits: int
    free_visits_by_area: Mapping[str, int]
    statuses_using_capacity: frozenset[str]
    rules: Mapping[str, bool]
    default_capacity_per_month: int | None = None

    @classmethod
    def default(cls) -> Self:
        """The shipped limits."""
        return cls(**_shipped())

    @classmethod
    def read(cls, path: Path | None, *, areas: Collection[str] | None = None) -> Self:
        """The shipped limits with the file's own over them; `path` None is `default`.

        `areas` are the taxonomy's; given, the file may name no other. Raises `InvalidValueError` (a value),
        `UnknownValueError` (a key, a rule, an area) or `MatcherError` (no such file, not TOML).
        """
        if path is None:
            return cls.default()
        own = _settings(path)
        for area in own.get("free_visits_by_area", {}):
            if areas is not None and area not in areas:
                raise UnknownValueError(f"area in {path.name}: free_visits_by_area", area, ", ".join(areas))
        for name in ("rules", "free_visits_by_area"):
            own[name] = {**_shipped()[name], **own.get(name, {})}
        return cls(**{**_shipped(), **own})

    def applies(self, rule: RuleName) -> bool:
        """Whether the rule is switched on."""
        return self.rules[rule]

    def visits_allowed(self, area: str) -> int:
        """Free visits of a client in a fiscal year, for a consultation in this area."""
        return self.free_visits_by_area.get(area, self.free_visits)


_Check = Callable[[str, Any], Any]


def _whole(low: int, high: int) -> _Check:
    def check(what: str, value: Any) -> int:
        if type(value) is not int or not low <= value <= high:
            raise InvalidValueError(what, value, f"a whole number from {low} to {high}")
        return value

    return check


def _kilometres(what: str, value: Any) -> float:
    if type(value) not in (int, float) or not 0 <= value <= 20_000:
        raise InvalidValueError(what, value, "kilometres from 0 to 20000")
    return float(value)


def _statuses(what: str, value: Any) -> frozenset[str]:
    if not isinstance(value, list) or not set(map(str, value)) <= set(DISPATCH_STATUS):
        raise InvalidValueError(what, value, f"a list of {', '.join(DISPATCH_STATUS)}")
    return frozenset(map(str, value))


def _visits_by_area(what: str, value: Any) -> dict[str, int]:
    return {area: _whole(0, 1000)(f"{what}.{area}", visits) for area, visits in _table(what, value).items()}


def _switches(what: str, value: Any) -> dict[str, bool]:
    for name, switch in _table(what, value).items():
        if name not in list(RuleName):
            raise UnknownValueError(f"rule in {what}", name, ", ".join(RuleName))
        if type(switch) is not bool:
            raise InvalidValueError(f"{what}.{name}", switch, "true or false")
    return dict(value)


def _table(what: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidValueError(what, value, f"a table, as under [{what.split()[-1]}]")
    return value


SETTINGS: dict[str, _Check] = {
    "distance_limit_km": _kilometres,
    "fiscal_year_start_month": _whole(1, 12),
    "free_visits": _whole(0, 1000),
    "free_visits_by_area": _visits_by_area,
    "statuses_using_capacity": _statuses,
    "rules": _switches,
    "default_capacity_per_month": _whole(0, 1000),
}


@cache
def _shipped() -> dict[str, Any]:
    return _settings(reference_path("programme.toml"))


def _settings(path: Path) -> dict[str, Any]:
    cells = _toml(path)
    for name in cells:
        if name not in SETTINGS:
            raise UnknownValueError(f"key in {path.name}", name, ", ".join(SETTINGS))
    return {name: SETTINGS[name](f"{path.name}: {name}", value) for name, value in cells.items()}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise MatcherError(f"programme file {str(path)!r} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise MatcherError(f"programme file {path.name} is not TOML in UTF-8: {error}") from None
