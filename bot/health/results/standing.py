"""How one day stood: the figures that decide, what they were held against, and the level they gave."""

import math
from dataclasses import dataclass

from bot.health.results.level import Ground, Level

LEAST_JOBS = 20
"""Fewer jobs of calm days tell nothing."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A team in calm: sums over its calm days.

    Attributes:
        basis: What its hours of work rest on, a word of `Basis`; empty where nothing tells them.
        at_once: Whether nearly all is begun as it comes, so that how long jobs last is looked at as well.
        days: How many with somebody on duty.
        hours: Person-hours on duty.
        jobs: Requests and reopenings.
        again: Of them reopenings; NaN where too few of the days tell it.
        busy: Person-hours worked; 0 where none are seen.
        acted: People who acted, day by day.
        acted_hours: Person-hours on duty on those days.
        roster: People on the roster, day by day.
        waited: Hours that jobs waited to be begun.
        lasted: Hours until they were closed.
        wait: Mean wait of a job, hours.
        service: Hours of work of a job; 0 unknown.
        many: A day with more chases than this has many.
        chased: Share of days that have.
        backlog: Hours of everybody on duty that what waits at a day's end takes, as usual.
        load: Utilization; NaN unknown.
        line: The danger line; NaN unknown.
        variance: Of a count of jobs and of the hours worked for each, as a multiple of that of chance alone.
    """

    basis: str
    at_once: bool
    days: int
    hours: float
    jobs: float
    again: float
    busy: float
    acted: float
    acted_hours: float
    roster: float
    waited: float
    lasted: float
    wait: float
    service: float
    many: float
    chased: float
    backlog: float
    load: float
    line: float
    variance: float

    @property
    def usual(self) -> float:
        """Requests that wait at a time for each person on duty.

        Where the first weeks were over the line they were no calm: then what the line itself bears, a wait as long as
        the work (`bot.health.danger`).
        """
        seen = self.waited / self.hours
        return min(seen, self.service * self.jobs / self.hours) if self.load >= self.line else seen

    def error(self, days: float) -> float:
        """Standard deviation (log) of what is asked or worked in so many days on duty, against this; from chance."""
        expected = self.jobs * days / self.days if self.days else 0.0
        return math.sqrt(self.variance * (1 / expected + 1 / self.jobs)) if expected > 0 else math.inf

    @property
    def enough(self) -> bool:
        """Whether anything can be held against it."""
        return self.jobs >= LEAST_JOBS and self.hours > 0


SHORTER, CALM = 0.5, 0.9
"""Of the way from what is bearable back to what is usual, or to half of it: waits shorter by the first are no longer
clearly longer than usual; shorter by the second over the last two weeks they are those of calm weeks."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One day's figures; 0 where nothing is known.

    Attributes:
        coming: Pressure over the last two weeks: people missing, people who left, load, reopenings, days with many
            chases.
        pressure: The same over four weeks.
        load: Utilization now; NaN unknown.
        over: By how much it exceeds the danger line; −∞ unknown.
        grown: Utilization as a multiple of the calm weeks'; NaN unknown.
        wait: What a request waits now, hours; NaN unknown.
        waits: The same as a multiple of what is bearable: the target, else twice the calm weeks'.
        usual: Where that lies in calm weeks: half, but with a target wherever the team's own waits are.
        lately: The same over the last two weeks.
        lasting: The smaller of that and the same over the two weeks before.
        backlog: Hours of everybody on duty that what is open takes.
        line: From how many on that alone is danger.
        parts: What `coming` is the sum of: `active`, `roster`, `load`, `reopen`, `chase`, in that order.
    """

    coming: float
    pressure: float
    load: float
    over: float
    grown: float
    wait: float
    waits: float
    usual: float
    lately: float
    lasting: float
    backlog: float
    line: float
    parts: tuple[float, ...] = ()

    @property
    def still(self) -> bool:
        """Whether people wait clearly longer than usual: halfway to what is bearable, and lately not as in calm."""
        room = min(max(1.0 - self.usual, 0.0), 0.5)
        return self.waits >= 1.0 - SHORTER * room and self.lately >= 1.0 - CALM * room

    @property
    def causes(self) -> tuple[str, ...]:
        """Which parts make up a quarter or more of what is coming, weightiest first."""
        parts = sorted(zip(self.parts, PARTS, strict=False), key=lambda part: -part[0])
        whole = sum(value for value, _ in parts if value > 0)
        return tuple(name for value, name in parts if value >= whole / 4 > 0)


PARTS = ("active", "roster", "load", "reopen", "chase")


@dataclass(frozen=True, slots=True)
class Day:
    """What one day's end says.

    Attributes:
        level: `unknown` where something named is missing.
        grounds: What it rests on; none for `healthy`.
        evidence: The figures behind it.
        calm: What they were held against.
        better: Working days running without what keeps the level.
        lacks: Why the level is unknown, one clause; empty where it is known.
    """

    level: Level
    grounds: tuple[Ground, ...]
    evidence: Evidence
    calm: Reference
    better: int = 0
    lacks: str = ""
