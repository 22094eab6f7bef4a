"""What a hard rule is: a name, its words, how to relax it, and a check over the whole register."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matcher.consultation import Consultation
from matcher.eligibility.programme import RuleName
from matcher.eligibility.register import Register
from matcher.lang import Lang

Words = Mapping[Lang, str]


@dataclass(frozen=True)
class Finding:
    """Whom a rule leaves out, shape (n,), and the reason for the expert at a position, in a language."""

    hit: npt.NDArray[np.bool_]
    detail: Callable[[int, Lang], str]


@dataclass(frozen=True, eq=False)
class Rule:
    """A hard rule over the whole register. `relax` may name the programme's fields in braces.

    `reads` says what of a consultation decides the finding, None where that is who asks: the client or the hub.
    """

    name: RuleName
    label: Words
    relax: Words
    check: Callable[[Register, Consultation], Finding]
    reads: Callable[[Consultation], Hashable] = lambda _consultation: ()

    def finding(self, register: Register, consultation: Consultation) -> Finding:
        """What `check` finds, kept for the next consultation that is alike in what it reads."""
        key = self.reads(consultation)
        if key is None:
            return self.check(register, consultation)
        return register.keep((self.name, key), lambda: self.check(register, consultation))
