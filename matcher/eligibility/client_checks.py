"""What to warn of on the consultation itself: the client's free visits and registration. Nobody is left out."""

from collections.abc import Callable
from dataclasses import dataclass

from matcher.consultation import Consultation
from matcher.eligibility.programme import RuleName
from matcher.eligibility.register import Register
from matcher.eligibility.rule import Words


@dataclass(frozen=True)
class ClientCheck:
    """A check on the client of a consultation; `check` returns the warning in both languages, None where fine."""

    name: RuleName
    label: Words
    check: Callable[[Register, Consultation], Words | None]


def visits_used_up(register: Register, consultation: Consultation) -> Words | None:
    """The client's visits of the fiscal year, in all areas, have reached what this consultation's area allows.

    Raises `UnknownValueError` for an unknown category.
    """
    allowed = register.programme.visits_allowed(register.taxonomy.area(consultation.category))
    if consultation.client_id is None:
        return _unknown("無料派遣の残り回数", "free visits left")
    visits = register.visits(consultation.client_id)
    if visits.total < allowed:
        return None
    year = register.fiscal_year_start.year
    ja = f"相談者の {year} 年度の無料派遣（{allowed} 回）は使い切りです: 記録上 {visits.total} 回"
    en = f"the client's free visits of fiscal year {year} ({allowed}) are used up: {visits.total} on record"
    if visits.assumed:
        ja += f"（うち回数不明の派遣 {visits.assumed:.0f} 件は 1 回と数えました）"
        en += f" ({visits.assumed:.0f} of them dispatches without a count, taken as one visit each)"
    return {"ja": ja, "en": en}


def not_registered(register: Register, consultation: Consultation) -> Words | None:
    """The client is not registered with the programme, or nobody knows whether it is."""
    if consultation.client_id is None:
        return _unknown("登録", "registration")
    registered = register.registration.get(consultation.client_id)
    if registered is None:
        return {
            "ja": "相談者が制度に登録済みかは不明です（登録は利用の条件）",
            "en": "whether the client is registered is unknown (registration is a condition of the programme)",
        }
    if registered == 1:
        return None
    return {
        "ja": "相談者は制度に登録されていません（登録は利用の条件）",
        "en": "the client is not registered (registration is a condition of the programme)",
    }


CLIENT_CHECKS: tuple[ClientCheck, ...] = (
    ClientCheck(RuleName.FREE_VISITS, {"ja": "無料派遣の残り", "en": "free visits left"}, visits_used_up),
    ClientCheck(RuleName.REGISTRATION, {"ja": "相談者の登録", "en": "client's registration"}, not_registered),
)


def _unknown(ja: str, en: str) -> Words:
    return {
        "ja": f"相談者が指定されていないため、{ja}は確認していません",
        "en": f"no client is given, so {en} could not be checked",
    }
