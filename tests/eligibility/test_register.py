"""A register that is renewed says what a new one would, whatever has changed, and works out no more than it must."""

from dataclasses import replace
from functools import cache, cached_property

import numpy as np
import pandas as pd
import pytest

from matcher.consultation import Consultation
from matcher.dataset import Dataset
from matcher.eligibility import Programme, Register, evaluate_on
from matcher.eligibility.register import _RESTS_ON
from matcher.sample import generate

ON = pd.Timestamp("2026-03-31")


@cache
def a_dataset() -> Dataset:
    return generate(experts=60, consultations=400, seed=3).data


def a_client() -> str:
    return str(a_dataset().consultations["client_id"].dropna().iloc[-1])


def consultations(data: Dataset) -> list[Consultation]:
    return [Consultation.from_row(row) for row in a_dataset().consultations.tail(20).to_dict("records")]


def asked(register: Register) -> list[tuple]:
    """What the rules say of some consultations, in words."""
    found = [evaluate_on(register, consultation) for consultation in consultations(register.data)]
    return [
        (one.mask.tolist(), one.warnings, one.relax, [(rule, dict(rule.details)) for rule in one.exclusions])
        for one in found
    ]


def suspended(experts):
    return experts.assign(status=np.where(np.arange(len(experts)) % 3 == 0, "suspended", experts["status"]))


CHANGES = {
    "experts": suspended,
    "conflicts": lambda rows: rows.assign(client_id=a_client(), until=pd.NaT),
    "clients": lambda rows: rows.assign(registered=1 - rows["registered"]),
    "dispatches": lambda rows: rows.assign(decided_on=ON, status="accepted"),
    "consultations": lambda rows: rows.assign(client_id=a_client()),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_renewed_register_says_what_a_new_one_would(name):
    register = Register(a_dataset(), Programme.default(), ON)
    before = asked(register)
    data = replace(a_dataset(), **{name: CHANGES[name](a_dataset().table(name))})
    renewed, new = register.renewed(data), Register(data, Programme.default(), ON)
    assert asked(renewed) == asked(new) != before
    assert asked(register) == before


def test_newer_cells_of_the_same_experts_are_what_the_rules_read():
    register = Register(a_dataset(), Programme.default(), ON)
    asked(register)
    newer = suspended(a_dataset().experts)
    renewed = register.renewed(a_dataset(), newer)
    assert renewed.data.experts is a_dataset().experts
    assert asked(renewed) == asked(Register(replace(a_dataset(), experts=newer), Programme.default(), ON))


def test_facts_of_frames_that_are_the_same_are_taken_over():
    register = Register(a_dataset(), Programme.default(), ON)
    asked(register)
    renewed = register.renewed(replace(a_dataset(), dispatches=a_dataset().dispatches.copy()))
    assert renewed.ids is register.ids
    assert renewed.registration is register.registration
    assert renewed.used is not register.used


def test_it_is_said_of_each_fact_what_it_rests_on():
    facts = {name for name, value in vars(Register).items() if isinstance(value, cached_property)}
    assert facts - {"_kept"} == {name for name in _RESTS_ON if name in vars(Register)} == set(_RESTS_ON)
