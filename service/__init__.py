"""The small API over the matcher."""
