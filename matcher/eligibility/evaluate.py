"""All rules on one consultation: who may be ranked, who may not and why, what to warn of, what to relax."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from matcher.consultation import Consultation
from matcher.dataset import Dataset
from matcher.eligibility.client_checks import CLIENT_CHECKS
from matcher.eligibility.exclusion import Details, Exclusion
from matcher.eligibility.programme import Programme
from matcher.eligibility.register import Register
from matcher.eligibility.rule import Finding, Rule
from matcher.eligibility.rules import RULES
from matcher.lang import Lang


@dataclass(frozen=True, eq=False)
class Eligibility:
    """`mask` is true where an expert may be ranked, shape (n,), in the order of `register.data.experts`.

    Everything in words is made only when asked for, so that ranking many consultations pays for the mask alone.
    """

    register: Register
    consultation: Consultation
    findings: Mapping[Rule, Finding]
    mask: npt.NDArray[np.bool_]
    lang: Lang

    @cached_property
    def exclusions(self) -> tuple[Exclusion, ...]:
        """The rules that took somebody out, in the order of their declaration."""
        return tuple(self._exclusion(rule, finding) for rule, finding in self.findings.items() if finding.hit.any())

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What is to be known of the client before anybody is sent. Raises `UnknownValueError` (category)."""
        applied = [check for check in CLIENT_CHECKS if self.register.programme.applies(check.name)]
        found = [check.check(self.register, self.consultation) for check in applied]
        return tuple(words[self.lang] for words in found if words is not None)

    @cached_property
    def relax(self) -> tuple[str, ...]:
        """Where nobody is eligible: for each rule that bit, how many come back without it, and how. Else empty."""
        if self.mask.any():
            return ()
        if not len(self.register):
            return ({"ja": "専門家が 1 人も登録されていません", "en": "the register holds no expert"}[self.lang],)
        hits = np.sum([finding.hit for finding in self.findings.values()], axis=0)
        return tuple(
            self._relaxation(rule, int((finding.hit & (hits == 1)).sum()))
            for rule, finding in self.findings.items()
            if finding.hit.any()
        )

    def _exclusion(self, rule: Rule, finding: Finding) -> Exclusion:
        key = rule.reads(self.consultation)
        if key is None:
            return self._excluded(rule, finding)
        return self.register.keep((rule.name, "exclusion", key, self.lang), lambda: self._excluded(rule, finding))

    def _excluded(self, rule: Rule, finding: Finding) -> Exclusion:
        by_id = self.register.by_id
        positions = by_id[finding.hit[by_id]]
        ids = tuple(self.register.names[positions].tolist())
        details = Details(ids, positions, finding.detail, self.lang)
        return Exclusion(str(rule.name), rule.label[self.lang], len(ids), ids, details)

    def _relaxation(self, rule: Rule, back: int) -> str:
        how = rule.relax[self.lang].format(**asdict(self.register.programme))
        if self.lang == "ja":
            return f"「{rule.label['ja']}」だけを緩めると {back} 人が対象になります: {how}"
        return f"without “{rule.label['en']}” alone {back} would be eligible: {how}"


def evaluate_on(register: Register, consultation: Consultation, *, lang: Lang = "ja") -> Eligibility:
    """The rules on one consultation over a register that is kept for many."""
    applied = [rule for rule in RULES if register.programme.applies(rule.name)]
    findings = {rule: rule.finding(register, consultation) for rule in applied}
    out = np.zeros(len(register), dtype=bool)
    for finding in findings.values():
        out |= finding.hit
    return Eligibility(register, consultation, findings, ~out, lang)


def evaluate(
    consultation: Consultation, data: Dataset, programme: Programme, on: pd.Timestamp, *, lang: Lang = "ja"
) -> Eligibility:
    """The rules on one consultation on the day `on`; only visible dispatches are read."""
    return evaluate_on(Register(data, programme, on), consultation, lang=lang)
