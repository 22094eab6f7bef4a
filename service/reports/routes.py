"""Reports of hubs: exposure, outcomes, follow-up. A coordinator gets the own hub's alone."""

from datetime import date
from typing import Annotated, Any

from fastapi import Query

from service.http.guard import Allowed, Stored, guarded_router
from service.http.trail import Audited
from service.reports import figures
from service.reports.schema import ExposureReport, FollowUpReport, OutcomesReport
from service.routes import Held
from service.store import reports
from service.store.engine import Store
from service.store.reports import Period

router = guarded_router("reports")
FiscalYear = Annotated[
    int | None, Query(ge=2000, le=2100, description="年度。無ければ今年度 (a fiscal year, else the current one)")
]


@router.get("/v1/reports/exposure", response_model=ExposureReport)
def report_exposure(held: Held, access: Allowed, store: Stored, trail: Audited, fiscal_year: FiscalYear = None) -> Any:
    """台帳の利用: 拠点ごとの提示と派遣、未派遣の割合、偏り (use of the register, by hub)."""
    today = held.today().date()
    year, period = _period(fiscal_year, held.programme.fiscal_year_start_month, today)
    with store.read() as tx:
        hubs = reports.hub_names(tx, access.hub)
        asked, shown = reports.asked(tx, period, access.hub), reports.shown(tx, period, access.hub)
        sent = reports.sent(tx, period, access.hub)
        made = figures.exposure(hubs, asked, shown, sent, reports.active_experts(tx))
    return _told(store, trail, "exposure", made, today, year)


@router.get("/v1/reports/outcomes", response_model=OutcomesReport)
def report_outcomes(held: Held, access: Allowed, store: Stored, trail: Audited, fiscal_year: FiscalYear = None) -> Any:
    """派遣の成果: 解決、満足度、期限内の報告 (outcomes, by hub)."""
    today = held.today().date()
    year, period = _period(fiscal_year, held.programme.fiscal_year_start_month, today)
    with store.read() as tx:
        made = figures.outcomes(reports.hub_names(tx, access.hub), reports.sent(tx, period, access.hub))
    return _told(store, trail, "outcomes", made, today, year)


@router.get("/v1/reports/follow-up", response_model=FollowUpReport)
def report_follow_up(held: Held, access: Allowed, store: Stored, trail: Audited, fiscal_year: FiscalYear = None) -> Any:
    """結果の確認: 終わって 30 日を過ぎても分からないもの (what nobody knows 30 days after it was over, by hub)."""
    today = held.today().date()
    year, period = _period(fiscal_year, held.programme.fiscal_year_start_month, today)
    with store.read() as tx:
        hubs, sent = reports.hub_names(tx, access.hub), reports.sent(tx, period, access.hub)
        made = figures.follow_up(hubs, sent, today)
    return _told(store, trail, "follow-up", made, today, year)


def _period(fiscal_year: int | None, first_month: int, today: date) -> tuple[int, Period]:
    """Never all times: less the years, that would tell of a year's single client."""
    year = today.year - (today.month < first_month) if fiscal_year is None else fiscal_year
    return year, Period(date(year, first_month, 1), date(year + 1, first_month, 1))


def _told(store: Store, trail: Audited, name: str, made: Any, as_of: date, fiscal_year: int) -> Any:
    with store.write() as tx:
        trail(tx, "report read", f"report:{name}", {"fiscal_year": fiscal_year})
    return made | {"as_of": as_of, "fiscal_year": fiscal_year}
