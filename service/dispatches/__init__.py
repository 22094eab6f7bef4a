"""Dispatches: how they go on, what came of them, and of which nobody knows yet."""
