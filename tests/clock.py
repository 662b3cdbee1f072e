"""The clocks of the tests: one that stands until it is moved, and one that runs."""

import time
from dataclasses import dataclass


@dataclass
class Clock:
    """A clock that stands until it is moved; Unix seconds."""

    now: float

    def __call__(self) -> float:
        return self.now


@dataclass
class RunningClock:
    """The true time, moved on at will; for a bot that lives while the test looks on."""

    ahead: float = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead
