"""How often somebody may ask. Counted in each worker by itself: with n workers, up to n times as much passes."""

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from service.problems import Refused


class Rates:
    """At most `per_minute` of something a minute for each name; 0: no limit. A sliding window, in memory."""

    def __init__(self, per_minute: int) -> None:
        self._item = RateLimitItemPerMinute(per_minute) if per_minute else None
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def count(self, *names: str) -> None:
        """Counts one for each name. Raises 429 with `Retry-After` where one has had its share."""
        for name in names:
            if self._item is not None and not self._limiter.hit(self._item, name):
                reset = self._limiter.get_window_stats(self._item, name).reset_time
                raise Refused(429, headers={"Retry-After": str(max(1, math.ceil(reset - time.time())))})
