"""Whether events may flow to a request URL: the hourly cap, and switching off an app that keeps failing.

Source: https://docs.slack.dev/apis/events-api/#rate-limiting and #failure-conditions
"""

from collections import deque
from collections.abc import Callable

HOUR = 3600.0
FAILING = 0.95


class Subscription:
    """Counts events and outcomes of the last hour, on real time.

    Args:
        cap: Events an hour that are delivered (Slack: 30,000 for a workspace and app).
        exempt: Attempts an hour under which failures never switch the subscription off (Slack: 1,000).
        timer: Seconds that only go forward, such as `time.monotonic`.
    """

    def __init__(self, cap: int, exempt: int, timer: Callable[[], float]) -> None:
        self.cap = cap
        self.exempt = exempt
        self._timer = timer
        self._admitted: deque[float] = deque()
        self._outcomes: deque[tuple[float, bool]] = deque()
        self._failed = 0
        self._told = float("-inf")
        self.enabled = True

    def admit(self) -> bool:
        """Count one event; False when it is over the cap or the subscription is off."""
        now = self._timer()
        while self._admitted and self._admitted[0] <= now - HOUR:
            self._admitted.popleft()
        if not self.enabled or len(self._admitted) >= self.cap:
            return False
        self._admitted.append(now)
        return True

    def owes_notice(self) -> bool:
        """Whether `app_rate_limited` is due: the cap holds events back, and no notice went out this minute."""
        now = self._timer()
        if not self.enabled or now - self._told < 60.0:
            return False
        self._told = now
        return True

    def note(self, ok: bool) -> None:
        """Count one attempt's outcome; more than 95 of 100 failing in an hour end the subscription."""
        now = self._timer()
        self._outcomes.append((now, ok))
        self._failed += not ok
        while self._outcomes[0][0] <= now - HOUR:
            self._failed -= not self._outcomes.popleft()[1]
        total = len(self._outcomes)
        if total >= self.exempt and self._failed > FAILING * total:
            self.enabled = False

    def restart(self) -> None:
        """Switch on again with a clean record, as when its owner saves the request URL anew."""
        self._outcomes.clear()
        self._failed = 0
        self.enabled = True
