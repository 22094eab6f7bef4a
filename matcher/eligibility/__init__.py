"""Eligibility: who may be ranked for a consultation at all, by declared rules, before any score."""

from matcher.eligibility.evaluate import Eligibility, evaluate, evaluate_on
from matcher.eligibility.exclusion import Exclusion
from matcher.eligibility.programme import Programme, RuleName
from matcher.eligibility.register import Register
from matcher.eligibility.rules import RULES

__all__ = ["RULES", "Eligibility", "Exclusion", "Programme", "Register", "RuleName", "evaluate", "evaluate_on"]
