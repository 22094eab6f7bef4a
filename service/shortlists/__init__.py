"""Shortlists that are kept: what was shown, from what it was made, and what was decided on it."""
