"""From a pasted text to what a form asks for: issue categories, industry, prefecture and municipality."""

from matcher.proposal.mentions import Named
from matcher.proposal.proposer import Proposal, Proposer

__all__ = ["Named", "Proposal", "Proposer"]
