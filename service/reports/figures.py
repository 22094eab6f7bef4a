"""What the reports say, of rows of one hub or of all."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import numpy as np

from service.experts.record import share
from service.reports.withholding import Row, told
from service.store.reports import Asked, Sent, Shown

Hubs = Mapping[str, str | None]
Figures = Mapping[str, tuple[Sequence[Any], Callable[[Sequence[Any]], Any]]]  # by name: its rows, and what of them
# Fixed, and periods are whole years: by a day more or less a single case would show.
DUE_DAYS, LATE_DAYS = 30, 90
_TOP = 0.1


def exposure(
    hubs: Hubs, asked: Sequence[Asked], shown: Sequence[Shown], sent: Sequence[Sent], active: Collection[str]
) -> dict[str, Any]:
    """How much of the register is used, and by whom: consultations, experts shown and sent."""
    figures: Figures = {
        "consultations": (asked, len),
        "clients": (asked, lambda rows: len({row.client_id for row in rows} - {None})),
        "experts_shown": (shown, lambda rows: len({row.expert_id for row in rows})),
        "sends": (sent, len),
        "experts_sent": (sent, lambda rows: len({row.expert_id for row in rows})),
    }
    made = _table(hubs, figures)
    used, _ = told({"": sent}, lambda rows: _use(rows, active))
    seen, _ = told({"": shown}, lambda rows: len({row.expert_id for row in rows} & set(active)))
    return made | {"register_use": {"active": len(active), "shown": seen, **(used or dict.fromkeys(_use([], active)))}}


def outcomes(hubs: Hubs, sent: Sequence[Sent]) -> dict[str, Any]:
    """What came of dispatches, where it is known."""
    return _table(
        hubs,
        {
            "sends": (sent, len),
            "completed": ([row for row in sent if row.status == "completed"], len),
            "resolved": _share(sent, "resolved"),
            "on_time": _share(sent, "report_on_time"),
            "satisfaction": (_known(sent, "satisfaction"), _mean),
        },
    )


def follow_up(hubs: Hubs, sent: Sequence[Sent], today: date) -> dict[str, Any]:
    """Of how many dispatches that are over nobody has said yet what came of them."""
    due = [row for row in sent if row.resolved is None and _is_over(row, today, DUE_DAYS)]
    late = [row for row in due if _is_over(row, today, DUE_DAYS + LATE_DAYS)]
    over = [*due, *_known(sent, "resolved")]
    figures: Figures = {
        "due": (due, len),
        "late": (late, len),
        "known": (over, lambda rows: _as_share(sum(row.resolved is not None for row in rows), len(rows))),
    }
    return _table(hubs, figures)


def _table(hubs: Hubs, figures: Figures) -> dict[str, Any]:
    """One row for each hub and one for all."""
    whole: dict[str, Any] = {}
    rows: dict[str, dict[str, Any]] = {hub_id: {"hub_id": hub_id, "name": name} for hub_id, name in hubs.items()}
    for name, (found, figure) in figures.items():
        groups: dict[str, list[Any]] = {hub_id: [] for hub_id in hubs}
        for row in found:
            groups.setdefault(row.hub_id or "", []).append(row)
        whole[name], parts = told(groups, figure)
        for hub_id, value in parts.items():
            rows.setdefault(hub_id, {"hub_id": hub_id or None, "name": None})[name] = value
    for row in rows.values():
        for name, (_, figure) in figures.items():
            row.setdefault(name, figure([]))
    return {"whole": whole, "hubs": list(rows.values())}


def _use(sent: Iterable[Sent], active: Collection[str]) -> dict[str, Any]:
    """Of the active experts how many were sent, and how unevenly: Gini's coefficient, and the top tenth's share."""
    counts = Counter(row.expert_id for row in sent)
    each = np.sort(np.array([counts[one] for one in active], dtype=np.float64))
    used, total, size = int(np.count_nonzero(each)), float(each.sum()), len(each)
    place = np.arange(1, size + 1)
    top = each[size - int(np.ceil(size * _TOP)) :].sum()
    return {
        "sent": used,
        "never_sent": size - used,
        "never_sent_share": _rounded((size - used) / size) if size else None,
        "gini": _rounded(float(2 * (place * each).sum() / (size * total) - (size + 1) / size)) if total else None,
        "top_tenth_share": _rounded(float(top / total)) if total else None,
    }


def _share(rows: Iterable[Row], of: str) -> tuple[list[Row], Callable[[Sequence[Row]], Any]]:
    return _known(rows, of), lambda known: _as_share(sum(getattr(row, of) for row in known), len(known))


def _as_share(yes: int, known: int) -> dict[str, Any] | None:
    made = share(yes, known)
    return None if made is None else asdict(made)


def _known(rows: Iterable[Row], of: str) -> list[Row]:
    return [row for row in rows if getattr(row, of) is not None]


def _mean(rows: Sequence[Sent]) -> float | None:
    return _rounded(sum(row.satisfaction or 0 for row in rows) / len(rows)) if rows else None


def _is_over(row: Sent, today: date, days: int) -> bool:
    """Accepted or completed, and as many days ago."""
    day = row.completed_on or row.decided_on
    return row.status in ("accepted", "completed") and day is not None and day <= today - timedelta(days=days)


def _rounded(value: float) -> float:
    return round(value, 4)
