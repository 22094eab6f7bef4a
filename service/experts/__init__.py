"""Experts for those who do not know them: a search, and a dossier of evidence in place of acquaintance."""
