"""Moved to `service.serving`."""

from service.serving.day import today_in_japan as today_in_japan
from service.serving.snapshot import Snapshot as Snapshot
