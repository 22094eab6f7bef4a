"""The hard rules, declared once: who is left out before any score, in which words, and how to let them back in."""

import numpy as np

from matcher.consultation import Consultation
from matcher.eligibility.conflict import conflicted
from matcher.eligibility.programme import RuleName
from matcher.eligibility.register import PLACE, Register
from matcher.eligibility.rule import Finding, Rule, Words
from matcher.lang import Lang
from matcher.reference.prefectures import prefecture_name

STATUS: dict[str, Words] = {
    "suspended": {"ja": "休止中", "en": "suspended"},
    "retired": {"ja": "引退", "en": "retired"},
}


def inactive(register: Register, _consultation: Consultation) -> Finding:
    """Retired or suspended; a blank status is active."""
    status = register.status
    codes, words = status.codes, [STATUS.get(str(name), {}) for name in status.categories]
    return Finding(status.isin(list(STATUS)), lambda i, lang: words[codes[i]][lang])


def out_of_region(register: Register, consultation: Consultation) -> Finding:
    """On-site wanted, the region not among those the expert says to serve, and the distance over the limit.

    An unknown mode, region, service area or position leaves nobody out; mode `either` neither.
    """
    code, limit = consultation.prefecture_code, register.programme.distance_limit_km
    if consultation.mode != "onsite" or code is None:
        return Finding(np.zeros(len(register), dtype=bool), lambda _i, _lang: "")
    away, _ = register.distances(consultation)
    hit = register.states_service & (away > limit)
    hit[register.serving.get(code, [])] = False
    return Finding(hit, lambda i, lang: _too_far(float(away[i]), limit, code, lang))


def used_up(register: Register, _consultation: Consultation) -> Finding:
    """As many dispatches this month as the expert can take; an unknown capacity leaves nobody out."""
    capacity, used = register.capacity, register.used
    return Finding(used >= capacity, lambda i, lang: _load(int(used[i]), int(capacity[i]), lang))


RULES: tuple[Rule, ...] = (
    Rule(
        RuleName.STATUS,
        {"ja": "休止・引退", "en": "suspended or retired"},
        {
            "ja": "本人に復帰の意思を確かめ、台帳の status を active に直す",
            "en": "ask whether they return, and set their status to active",
        },
        inactive,
    ),
    Rule(
        RuleName.CONFLICT,
        {"ja": "利益相反", "en": "conflict of interest"},
        {
            "ja": "利害関係は免除できない。すでに終わった関係なら終了日を記録する、または別の拠点から派遣する",
            "en": "an interest cannot be waived; record the end of one that is over, or send from another hub",
        },
        conflicted,
        lambda _consultation: None,
    ),
    Rule(
        RuleName.REGION,
        {"ja": "対応地域外で遠い", "en": "outside the service region and far"},
        {
            "ja": "オンラインも可にする、または距離の上限（いま {distance_limit_km:g} km）を上げる",
            "en": "allow online advice, or raise the distance limit (now {distance_limit_km:g} km)",
        },
        out_of_region,
        lambda asked: (asked.mode, *(getattr(asked, name) for name in PLACE)),
    ),
    Rule(
        RuleName.CAPACITY,
        {"ja": "今月の受入枠なし", "en": "no capacity left this month"},
        {
            "ja": "来月の派遣にする、または受入可能件数を本人に確かめる",
            "en": "dispatch next month, or ask the expert for more capacity",
        },
        used_up,
    ),
)


def _too_far(away: float, limit: float, code: str, lang: Lang) -> str:
    prefecture = prefecture_name(code, lang)
    if lang == "ja":
        return f"対応地域に{prefecture}がなく、約 {away:.0f} km（上限 {limit:g} km）"
    return f"does not serve {prefecture}, about {away:.0f} km away (limit {limit:g} km)"


def _load(used: int, capacity: int, lang: Lang) -> str:
    if lang == "ja":
        return f"今月 {used} 件（受入可能 {capacity} 件）"
    return f"{used} this month (takes {capacity})"
