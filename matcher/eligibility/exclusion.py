"""What a rule took out, as it is shown."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from matcher.lang import Lang


@dataclass(frozen=True)
class Exclusion:
    """One rule and the experts whom it took out before any score, ids ascending.

    An expert hit by several rules stands under each of them, so counts may sum to more than the experts left out.
    `details` is the reason in words, by expert id.
    """

    rule: str
    label: str
    count: int
    expert_ids: tuple[str, ...]
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Details(Mapping[str, str]):
    """The reasons in words, each made when it is read: most shortlists name nobody of those left out."""

    expert_ids: tuple[str, ...]
    positions: npt.NDArray[np.intp]
    detail: Callable[[int, Lang], str]
    lang: Lang

    def __getitem__(self, expert_id: str) -> str:
        if expert_id not in self._made:
            self._made[expert_id] = self.detail(self._position[expert_id], self.lang)
        return self._made[expert_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self.expert_ids)

    def __len__(self) -> int:
        return len(self.expert_ids)

    @cached_property
    def _made(self) -> dict[str, str]:
        return {}

    @cached_property
    def _position(self) -> dict[str, int]:
        return dict(zip(self.expert_ids, self.positions.tolist(), strict=True))
