"""The programme's rules at the moment of a decision, read in its own transaction by the matcher's own rules."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import sqlalchemy as sa

from matcher.consultation import Consultation
from matcher.dataset import Dataset
from matcher.eligibility import Programme, Register, RuleName, evaluate_on
from matcher.eligibility.client_checks import CLIENT_CHECKS, visits_used_up
from matcher.errors import MatcherError
from matcher.lang import LANGS, Lang
from service.store.dataset import read_frame
from service.store.engine import Tx
from service.store.errors import MissingError
from service.store.schema import clients, conflicts, consultations, dispatches, experts

Words = Mapping[Lang, str]


@dataclass(frozen=True)
class Refusal:
    """A rule that stands against sending the expert, and how it does, in both languages."""

    rule: str
    label: Words
    detail: Words


class RulesError(MatcherError):
    """The programme's rules do not allow it; `refusals` says which."""

    def __init__(self, refusals: list[Refusal]) -> None:
        self.refusals = tuple(refusals)
        named = "; ".join(f"{refusal.label['en']}: {refusal.detail['en']}" for refusal in refusals)
        super().__init__(f"the programme does not allow this dispatch ({named}); accepted: another expert, or nobody")


def check(
    tx: Tx, consultation_id: str, expert_id: str, programme: Programme, on: pd.Timestamp, *, but: str | None = None
) -> None:
    """Raises `RulesError` where a rule stands against sending the expert on the day; call `tx.hold()` before.

    Stricter than a ranking in two points, because a decision binds: an offer that is still open holds one of the
    client's free visits, and a client who is known not to be registered is sent nobody. What is unknown refuses
    nobody. The dispatch `but` is not counted. Raises `MissingError` for an unknown consultation or expert.
    """
    data = _concerned(tx, consultation_id, expert_id, but)
    asked = data.consultations["consultation_id"] == consultation_id
    if not asked.any() or data.experts.empty:
        raise MissingError("consultation" if len(data.experts) else "expert")
    consultation = Consultation.from_row(data.consultations[asked].iloc[0].to_dict())
    register = Register(data, programme, on)
    refusals = [*_of_expert(register, consultation), *_of_client(register, consultation)]
    if refusals:
        raise RulesError(refusals)


def _concerned(tx: Tx, consultation_id: str, expert_id: str, but: str | None) -> Dataset:
    """All that the rules read: the expert, the client, and the dispatches of both."""
    client = sa.select(consultations.c.client_id).where(consultations.c.consultation_id == consultation_id)
    theirs = (consultations.c.consultation_id == consultation_id) | (
        consultations.c.client_id == client.scalar_subquery()
    )
    of_client = dispatches.c.consultation_id.in_(sa.select(consultations.c.consultation_id).where(theirs))
    counted = sa.or_(dispatches.c.expert_id == expert_id, of_client)
    where = {
        "categories": sa.true(),
        "experts": experts.c.expert_id == expert_id,
        "conflicts": conflicts.c.expert_id == expert_id,
        "clients": clients.c.client_id == client.scalar_subquery(),
        "consultations": theirs,
        "dispatches": counted if but is None else counted & (dispatches.c.dispatch_id != but),
    }
    frames = {name: read_frame(tx, name, condition) for name, condition in where.items()}
    open_offers = (frames["dispatches"]["status"] == "offered") & frames["dispatches"]["visits"].isna()
    frames["dispatches"]["visits"] = frames["dispatches"]["visits"].mask(open_offers, 1.0)
    return Dataset.from_tables(frames)


def _of_expert(register: Register, consultation: Consultation) -> list[Refusal]:
    by_lang = {lang: evaluate_on(register, consultation, lang=lang).exclusions for lang in LANGS}
    return [
        Refusal(
            ja.rule,
            {"ja": ja.label, "en": en.label},
            {"ja": "、".join(ja.details.values()), "en": ", ".join(en.details.values())},
        )
        for ja, en in zip(by_lang["ja"], by_lang["en"], strict=True)
    ]


def _of_client(register: Register, consultation: Consultation) -> list[Refusal]:
    if consultation.client_id is None:
        return []
    used_up = visits_used_up(register, consultation)
    found = {} if used_up is None else {RuleName.FREE_VISITS: used_up}
    if (register.data.clients["registered"] == 0).any():
        found[RuleName.REGISTRATION] = _NOT_REGISTERED
    labels = {check.name: check.label for check in CLIENT_CHECKS}
    applied = [name for name in found if register.programme.applies(name)]
    return [Refusal(name, labels[name], found[name]) for name in applied]


_NOT_REGISTERED: Words = {
    "ja": "相談者は制度に登録されていません（登録は利用の条件）",
    "en": "the client is not registered (registration is a condition of the programme)",
}
