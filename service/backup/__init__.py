"""Backups: everything that the service remembers in one archive, the same for both databases, checked when restored."""
