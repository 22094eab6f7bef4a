"""Counts for Prometheus. With several workers set `PROMETHEUS_MULTIPROC_DIR` to an empty folder before they start."""

import os

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

MEDIA_TYPE = CONTENT_TYPE_LATEST
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0)


class Metrics:
    """What is counted: requests with their time by route and status, and requests in progress.

    The client library decides when it is imported whether counts are shared among processes, by the variable.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._seconds = Histogram(
            "matcher_request_seconds",
            "Requests and their time, by route and status.",
            ("route", "status"),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.in_progress = Gauge(
            "matcher_requests_in_progress",
            "Requests being answered.",
            registry=self.registry,
            multiprocess_mode="livesum",
        )

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Counts one request; `route` is a route's name, so that there are few."""
        self._seconds.labels(route, str(status)).observe(seconds)

    def text(self) -> bytes:
        """The counts of all workers, where they share a folder, else of this process."""
        registry = self.registry
        if os.environ.get(FOLDER):
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
