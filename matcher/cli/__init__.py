"""The command line: one file a command, each a thin layer over the library. All else is imported when it runs."""

from matcher.cli.app import app, main

__all__ = ["app", "main"]
