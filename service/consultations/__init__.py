"""Consultations and the clients who asked: what a hub enters, reads and corrects."""
