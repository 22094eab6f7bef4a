"""An expert's record as it may be told: no figure or date that rests on fewer than three clients."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from scipy.special import betaincinv

from matcher.features.history import CASE_STATUSES
from service.reports.withholding import is_told, told
from service.store.cases import Case

Key = TypeVar("Key", bound=str | None)
_CENTRAL = 0.9


@dataclass(frozen=True)
class Share:
    """`yes` of `known`, and the central 90 % of the share's posterior under Jeffreys' prior, Beta(1/2, 1/2)."""

    known: int
    yes: int
    share: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Tally:
    """Cases as they may be told. `cases` None: there are some, of too few clients to tell more.

    The shares are None where nothing is known, or what is known is of too few clients (`withheld`).
    """

    cases: int | None
    clients: int | None = None
    last_month: str | None = None
    resolved: Share | None = None
    on_time: Share | None = None
    withheld: bool = False


def share(yes: int, known: int) -> Share | None:
    """The share with its interval; None of nothing.

    >>> share(3, 4)
    Share(known=4, yes=3, share=0.75, lower=0.3493, upper=0.954)
    """
    if not known:
        return None
    tails = ((1 - _CENTRAL) / 2, (1 + _CENTRAL) / 2)
    low, high = (float(betaincinv(yes + 0.5, known - yes + 0.5, tail)) for tail in tails)
    lower, upper = (0.0 if yes == 0 else round(low, 4)), (1.0 if yes == known else round(high, 4))
    return Share(known, yes, round(yes / known, 4), lower, upper)


def counted(found: Iterable[Case]) -> list[Case]:
    """Those that count as cases: a declined or cancelled dispatch tells nothing of the work."""
    return [case for case in found if case.status is None or case.status in CASE_STATUSES]


def tally(part: Collection[Case]) -> Tally:
    """The part's figures, where they are not of too few clients."""
    if not part:
        return Tally(0)
    if not is_told(part):
        return Tally(None, withheld=True)
    resolved, on_time = _share(part, "resolved"), _share(part, "report_on_time")
    days = [case.decided_on for case in part if case.decided_on]
    last = f"{max(days):%Y-%m}" if days else None
    withheld = (resolved is None and _known(part, "resolved")) or (on_time is None and _known(part, "report_on_time"))
    return Tally(len(part), clients(part), last, resolved, on_time, bool(withheld))


def tallies(found: Collection[Case], key: Callable[[Case], str]) -> tuple[Tally, dict[str, Tally]]:
    """The whole, and its parts by their key; of the whole nothing that tells what a part hides."""
    groups = _grouped(found, key)
    parts = {name: tally(part) for name, part in groups.items()}
    if not _may_be_subtracted([case for name, part in groups.items() if parts[name].cases is None for case in part]):
        return Tally(None, withheld=True), parts
    total = tally(found)
    for field, of in (("resolved", "resolved"), ("on_time", "report_on_time")):
        hidden = [case for name, part in groups.items() if getattr(parts[name], field) is None for case in part]
        if not _may_be_subtracted(_known(hidden, of)):
            total = replace(total, withheld=True, **{field: None})
    return total, parts


def numbers(found: Collection[Case], *keys: Callable[[Case], str | None]) -> list[dict[str | None, int | None] | None]:
    """How many cases each part has, for each way to part them; None is withheld.

    All ways are withheld where one of them hides too few clients: the others' sums, less its parts, would tell of them.
    """
    parted = [told(_grouped(found, key), len) for key in keys]
    return [None if any(whole is None for whole, _ in parted) else parts for _, parts in parted]


def clients(found: Iterable[Case]) -> int:
    """How many clients; an unknown one counts as none."""
    return len({case.client_id for case in found if case.client_id is not None})


def _grouped(found: Iterable[Case], key: Callable[[Case], Key]) -> dict[Key, list[Case]]:
    groups: dict[Key, list[Case]] = {}
    for case in found:
        groups.setdefault(key(case), []).append(case)
    return groups


def _share(part: Iterable[Case], of: str) -> Share | None:
    known = _known(part, of)
    return share(sum(getattr(case, of) for case in known), len(known)) if is_told(known) else None


def _known(part: Iterable[Case], of: str) -> list[Case]:
    return [case for case in part if getattr(case, of) is not None]


def _may_be_subtracted(hidden: Collection[Case]) -> bool:
    return not hidden or is_told(hidden)
