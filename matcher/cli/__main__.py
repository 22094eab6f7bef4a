"""`python -m matcher.cli`, for places where the entry point is not on the path."""

from matcher.cli import main

main()
