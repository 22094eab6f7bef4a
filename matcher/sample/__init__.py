"""A synthetic world to learn and measure on, calibrated on published figures, with the truth beside it."""

from matcher.sample.folder import read_choices, read_truth, write
from matcher.sample.world import World, generate

__all__ = ["World", "generate", "read_choices", "read_truth", "write"]
