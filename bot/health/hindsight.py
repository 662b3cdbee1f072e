"""What a backtest found: how each day stood with what was known on it, and what would have been told."""

import datetime as dt
from dataclasses import dataclass

from bot.health.results import Assessment, Level, Reason


@dataclass(frozen=True, slots=True)
class Day:
    """How the team stood when a day's work ended.

    Attributes:
        date: Team time.
        level: Looked back on, with what was known on that day.
        utilization: Likewise; None unknown.
        p_over_line: Likewise.
        told: The level that was told on that day; None where nothing was.
    """

    date: dt.date
    level: Level
    utilization: float | None
    p_over_line: float | None
    told: Level | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """A change of level that would have been told.

    Attributes:
        date: The day, team time.
        level: The level then.
        before: The one that was told last.
        found: All that was known then.
    """

    date: dt.date
    level: Level
    before: Level
    found: Assessment

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why, weightiest first."""
        return self.found.reasons

    @property
    def rise(self) -> bool:
        """Whether it warns; a fall is an all-clear."""
        return self.level > self.before

    @property
    def monday(self) -> dt.date:
        """The Monday of its week."""
        return self.date - dt.timedelta(days=self.date.weekday())


@dataclass(frozen=True, slots=True)
class Backtest:
    """What Headroom would have said.

    Attributes:
        days: Every calendar day; on days without working time the level of the day before stands.
        alerts: Rises and falls, as they would have been posted, oldest first.
        notes: Sentences about what was read.
        last: What was known at the end of the last working day; None where there was none.
    """

    days: tuple[Day, ...]
    alerts: tuple[Alert, ...]
    notes: tuple[str, ...] = ()
    last: Assessment | None = None

    @property
    def rises(self) -> tuple[Alert, ...]:
        """The warnings among the alerts."""
        return tuple(alert for alert in self.alerts if alert.rise)

    @property
    def weeks(self) -> int:
        """Calendar weeks begun in it."""
        return -(-len(self.days) // 7)
