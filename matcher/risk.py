"""How much a shortlist dares: order by the expected success, or by the lower end of its interval."""

from typing import Literal

Risk = Literal["neutral", "cautious"]
RISKS: tuple[Risk, ...] = ("neutral", "cautious")
