"""Conflict of interest: which experts are bound to the client or to the sending hub on the day, and how."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from matcher.consultation import Consultation
from matcher.eligibility.register import Register
from matcher.eligibility.rule import Finding, Words
from matcher.lang import Lang

KINDS: dict[str, Words] = {
    "advisory_contract": {"ja": "顧問契約", "en": "advisory contract"},
    "family": {"ja": "親族", "en": "family"},
    "affiliation": {"ja": "所属", "en": "affiliation"},
    "other": {"ja": "その他の利害関係", "en": "other interest"},
}
_UNKNOWN_KIND: Words = {"ja": "種類不明の利害関係", "en": "interest of unknown kind"}
_PARTIES: dict[str, Words] = {
    "client_id": {"ja": "相談者", "en": "the client"},
    "hub_id": {"ja": "派遣元の拠点", "en": "the sending hub"},
}


@dataclass(frozen=True)
class _Tie:
    party: Words
    kind: Words
    first: str = ""
    last: str = ""

    def worded(self, lang: Lang) -> str:
        words = f"{self.party[lang]}: {self.kind[lang]}"
        if not self.first and not self.last:
            return words
        return f"{words}（{self.first}〜{self.last}）" if lang == "ja" else f"{words} ({self.first} – {self.last})"


def conflicted(register: Register, consultation: Consultation) -> Finding:
    """Bound to the client or the sending hub on the day, by a row of conflicts or by the expert's affiliations."""
    ties: dict[int, list[_Tie]] = defaultdict(list)
    for position, tie in _ties(register, consultation):
        ties[position].append(tie)
    hit = np.zeros(len(register), dtype=bool)
    hit[list(ties)] = True
    return Finding(hit, lambda i, lang: _joined(ties[i], lang))


def _ties(register: Register, consultation: Consultation) -> Iterator[tuple[int, _Tie]]:
    for column, party in _PARTIES.items():
        organisation = getattr(consultation, column)
        if organisation is None:
            continue
        for row in register.conflicts_of.get((column, organisation), ()):
            kind = KINDS.get(str(row["kind"]), _UNKNOWN_KIND)
            yield row["position"], _Tie(party, kind, _iso(row["from"]), _iso(row["until"]))
        for position in register.affiliated.get(organisation, ()):
            yield int(position), _Tie(party, KINDS["affiliation"])


def _joined(ties: list[_Tie], lang: Lang) -> str:
    return ("、" if lang == "ja" else ", ").join(dict.fromkeys(tie.worded(lang) for tie in ties))


def _iso(day: Any) -> str:
    return "" if pd.isna(day) else str(day.date())
