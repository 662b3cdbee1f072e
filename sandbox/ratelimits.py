"""Rate limits: a bucket per method, and for posting one per channel as well.

Tiers are calls per minute: 1, 20, 50, 100. Source: https://docs.slack.dev/apis/web-api/rate-limits/
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.config import SlackError

TIER_1, TIER_2, TIER_3, TIER_4 = 1.0, 20.0, 50.0, 100.0
POSTING = 300.0  # "several hundred per minute" for a whole workspace
CHANNEL_PER_SECOND, CHANNEL_BURST = 1.0, 5.0
FAST = 100.0


@dataclass
class _Bucket:
    tokens: float
    at: float


class RateLimits:
    """Token buckets on real time.

    Args:
        mode: `slack` or `fast`.
        overrides: Calls per minute by method.
        timer: Seconds that only go forward, such as `time.monotonic`.
    """

    def __init__(self, mode: str, overrides: dict[str, float], timer: Callable[[], float]) -> None:
        self._timer = timer
        self._buckets: dict[tuple[str, str], _Bucket] = {}
        self.overrides = dict(overrides)
        self.mode = "slack"
        self.set_mode(mode)

    def set_mode(self, mode: str) -> None:
        """Choose `slack` or `fast`; buckets start full again."""
        if mode not in ("slack", "fast"):
            raise SlackError("invalid_arguments", detail=f"rate_limits {mode!r} must be 'slack' or 'fast'")
        self.mode = mode
        self._buckets.clear()

    def override(self, method: str, per_minute: float) -> None:
        """Set one method's calls per minute, over the mode."""
        self.overrides[method] = per_minute
        self._buckets.pop((method, ""), None)

    def release(self, method: str) -> None:
        """Take back what `override` set."""
        if self.overrides.pop(method, None) is not None:
            self._buckets.pop((method, ""), None)

    def spend(self, method: str, per_minute: float, channel: str | None) -> int | None:
        """Take one call.

        Returns:
            None when it is allowed, else the whole seconds of `Retry-After`.
        """
        factor = FAST if self.mode == "fast" else 1.0
        rate = self.overrides.get(method, per_minute * factor)
        buckets = [(method, "", rate, rate / 60.0)]
        if channel is not None and method not in self.overrides:
            buckets.append((method, channel, CHANNEL_BURST * factor, CHANNEL_PER_SECOND * factor))
        now = self._timer()
        taken: list[_Bucket] = []
        for name, key, capacity, per_second in buckets:
            bucket = self._buckets.setdefault((name, key), _Bucket(capacity, now))
            bucket.tokens = min(capacity, bucket.tokens + (now - bucket.at) * per_second)
            bucket.at = now
            if bucket.tokens < 1.0:
                return max(1, math.ceil((1.0 - bucket.tokens) / per_second))
            taken.append(bucket)
        for bucket in taken:
            bucket.tokens -= 1.0
        return None
