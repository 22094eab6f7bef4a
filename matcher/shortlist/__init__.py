"""The shortlist that a coordinator reads: built by `shortlist`, written out by `matcher.render`."""

from matcher.eligibility.exclusion import Exclusion
from matcher.shortlist.build import shortlist, shortlist_on
from matcher.shortlist.model import Item, Reason, Shortlist

__all__ = ["Exclusion", "Item", "Reason", "Shortlist", "shortlist", "shortlist_on"]
