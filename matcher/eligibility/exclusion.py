"""What a rule took out, as it is shown."""

from dataclasses import dataclass, field


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
    details: dict[str, str] = field(default_factory=dict)
