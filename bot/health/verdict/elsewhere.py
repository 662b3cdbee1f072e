"""Requests that may be answered elsewhere: set apart as days go by, so that what nobody closes raises no level."""

import math

import numpy as np

from bot.health.days import Days
from bot.health.facts import Bools


class Elsewhere:
    """Which requests are set apart as days go by."""

    def __init__(self, seen: Days) -> None:
        self._seen = seen
        self._set = np.zeros(len(seen.apart.opened), np.bool_)
        self._rate, self._healthy, self._since = 0.0, 0.0, 0.0
        opened, until = seen.apart.opened[:, None], seen.apart.until[:, None]
        active: Bools = (opened <= seen.clock[1:]) & (until > seen.clock[:-1])
        self._any = np.asarray(active.any(axis=0))

    def end(self, day: int, healthy: bool) -> tuple[float, float]:
        """Hours waited on that day, and how many wait at its end, of those not set apart.

        Above healthy none is newly set apart. As many as usual would be in so many hours, and what chance adds, do not
        count even so: or else those never closed would pile up until no level falls again.
        """
        if not len(self._set):
            return 0.0, 0.0
        start, end = self._seen.clock[day], self._seen.clock[day + 1]
        apart = self._seen.apart
        fresh = ~self._set & (apart.since > start)
        waited = apart.waited(start, end, fresh, healthy) if self._any[day] else 0.0
        if healthy:
            self._set |= apart.since <= end
            self._healthy += end - start
            self._rate, self._since = float(self._set.sum()) / max(self._healthy, 1.0), end
        if not self._any[day]:
            return 0.0, 0.0
        old = ~self._set & (apart.since <= start)
        usual = self._rate * (end - self._since)
        beyond = max(apart.waiting(end, old) - usual - 2 * math.sqrt(usual), 0.0)
        return waited + beyond * (end - start), apart.waiting(end, fresh & ~self._set) + beyond
