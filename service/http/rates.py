"""How often somebody may ask. Counted in each worker by itself: with n workers, up to n times as much passes."""

import math
import time
from collections.abc import Callable
from threading import Lock

from service.problems import Refused

_MINUTE = 60.0
_MOST_NAMES = 100_000


class Rates:
    """At most `per_minute` of something at once for each name, and one more each time its part of a minute is over.

    0: no limit. The generic cell rate algorithm (ITU-T I.371): one number for a name, the moment at which all that
    was counted is paid off. Not a library's: the in-memory storage of `limits` starts a thread every 10 ms (60 us a
    request).
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._interval = _MINUTE / per_minute if per_minute else 0.0
        self._clock = clock
        self._paid_off: dict[str, float] = {}
        self._lock = Lock()

    def count(self, *names: str) -> None:
        """Counts one for each name. Raises 429 with `Retry-After` where one has had its share."""
        if not self._interval:
            return
        now = self._clock()
        with self._lock:
            for name in names:
                self._count(name, now)

    def _count(self, name: str, now: float) -> None:
        paid_off = max(self._paid_off.get(name, now), now) + self._interval
        early = paid_off - now - _MINUTE
        if early > 1e-6:  # a sum of many intervals is not exactly a minute
            raise Refused(429, headers={"Retry-After": str(max(1, math.ceil(early)))})
        if len(self._paid_off) >= _MOST_NAMES:
            self._paid_off = {other: until for other, until in self._paid_off.items() if until > now}
        self._paid_off[name] = paid_off
