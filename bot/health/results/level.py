"""How a team stands: the level, the numbers behind it, and its weeks."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from bot.health.results.figures import Estimate, Unknown


class Level(IntEnum):
    """How the team stands; ordered, so that a rise is a larger number."""

    UNKNOWN = 0
    HEALTHY = 1
    WATCH = 2
    DANGER = 3

    @property
    def word(self) -> str:
        """The name people and reports read."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Reason:
    """One number behind a level.

    Attributes:
        signal: `utilization`, `wait`, `open`, `arrivals`, `service`, `capacity`, `reopen` or `chase`.
        value: Now.
        line: The line it is held against, or its earlier value; None where there is none.
        unit: `share`, `hours`, `requests`, `requests/week` or `hours/week`.
        level: The level this number alone speaks for.
    """

    signal: str
    value: float
    line: float | None
    unit: str
    level: Level


@dataclass(frozen=True, slots=True)
class Week:
    """One complete week (Monday–Sunday, team time), judged on the four weeks that end with it.

    Attributes:
        start: Its Monday.
        arrivals: Requests that arrived in it.
        done: Requests first done in it.
        capacity_hours: Person-hours on duty in it.
        mean_wait: Mean waiting time of the requests that arrived in it, working hours.
        utilization: Over the four weeks ending with it (two at least).
        danger_line: ρ* for these weeks.
        p_over: P(ρ > ρ*).
        level: The level that was told at its end; that looked back on where none was.
    """

    start: date
    arrivals: int
    done: int | Unknown
    capacity_hours: float | Unknown
    mean_wait: float | Unknown
    utilization: Estimate | Unknown
    danger_line: float | Unknown
    p_over: float | Unknown
    level: Level


class Ground(StrEnum):
    """What a level can rest on."""

    LOAD = "load"  # can we keep up? no
    WAITS = "waits"  # do people wait? yes
    BACKLOG = "backlog"  # so much waits that it is danger whatever the load
    DRIFT = "drift"  # more is asked, or fewer answer, than in calm weeks


@dataclass(frozen=True, slots=True)
class Source:
    """What made a level.

    Attributes:
        grounds: What it rests on; none for `healthy`, and for `watch` that danger left behind.
        shown: The number that shows it, as it is now; None where there is none that may be told.
        better: Working days running without what keeps the level; after `bot.health.verdict.standing.DOWN` of them it
            is left.
    """

    grounds: tuple[Ground, ...] = ()
    shown: Reason | None = None
    better: int = 0


class Alerting(StrEnum):
    """How early a team wants to be told of drift; earlier is also more often in vain."""

    EARLIER = "earlier"
    USUAL = "usual"
    QUIETER = "quieter"
