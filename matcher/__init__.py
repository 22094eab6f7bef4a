"""Ranks registered experts for a consultation and says why."""
