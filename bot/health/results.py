"""What thinking returns: small frozen records of numbers, which the messages and the report read.

Shares are 0–1, times working hours unless a name says otherwise; None means not known, and
`Assessment.missing` says why. Every interval is 80% unless said otherwise.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum


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


class Basis(StrEnum):
    """What a utilization rests on, best first."""

    CLAIMS = "claims"
    REPLIES = "replies"
    STATED = "stated"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 80% interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of `n` with its Wilson 95% interval."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, 90th percentile and mean of times in working hours, over `n` requests, open ones counted."""

    p50: float
    p90: float
    mean: float
    n: int


@dataclass(frozen=True, slots=True)
class Utilization:
    """Offered load ÷ capacity.

    Attributes:
        value: The point estimate of all work: seen work plus the middle of the unseen load.
        low: Lower end of the 80% range, the unseen load's range included.
        high: Upper end.
        basis: What it rests on.
        seen: The seen work alone.
        work: ρ_work, from hours worked (basis claims or replies), else None.
        wait: ρ_wait, the utilization that explains the observed wait, else None.
        parked: Claims are held while nothing is done on them (ρ_work − ρ_wait > 0.1).
    """

    value: float
    low: float
    high: float
    basis: Basis
    seen: Estimate
    work: float | None = None
    wait: float | None = None
    parked: bool = False


@dataclass(frozen=True, slots=True)
class Week:
    """One complete week (Monday–Sunday, team time), judged on the four weeks that end with it.

    Attributes:
        start: Its Monday.
        arrivals: Requests that arrived in it.
        done: Requests first done in it.
        capacity_hours: Person-hours on duty in it.
        mean_wait: Mean waiting time of the requests that arrived in it, working hours.
        utilization: Over the four weeks ending with it (two at least); None where it cannot be known.
        danger_line: ρ* for these weeks.
        p_over: P(ρ > ρ*).
        p_near: P(ρ > ρ* − 0.1).
        level: The level at its end.
    """

    start: date
    arrivals: int
    done: int
    capacity_hours: float
    mean_wait: float | None
    utilization: Estimate | None
    danger_line: float | None
    p_over: float | None
    p_near: float | None
    level: Level


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
class Flow:
    """How requests move through the queue, over the window."""

    arrivals_per_week: float | None = None
    done_per_week: float | None = None
    open: int = 0
    wait: Spread | None = None
    cycle: Spread | None = None
    arrival_scv: float | None = None
    service_scv: float | None = None
    service_hours: float | None = None
    trend: float | None = None  # arrivals per week: the window's second half ÷ its first, minus 1


@dataclass(frozen=True, slots=True)
class Capacity:
    """What the team can give, and how much of it is asked for."""

    people: int
    hours_per_week: float | None = None
    utilization: Utilization | None = None
    danger_line: float | None = None
    p_over_line: float | None = None
    predicted_wait_hours: float | None = None  # None also where the load exceeds capacity: no steady state


@dataclass(frozen=True, slots=True)
class Resilience:
    """What is left for shocks."""

    slack_hours_per_week: Estimate | None = None
    surge_tolerance: float | None = None  # share of today's demand that may still be added; negative: already failing
    surge_requests_per_day: float | None = None
    recovery_days_one_away: float | None = None  # median working days after the return, of replays
    recovery_days_one_away_p80: float | None = None
    buffer_people: float | None = None  # people beyond today's for one request in five to wait; negative: to spare


@dataclass(frozen=True, slots=True)
class Assessment:
    """All that one check knows of a team.

    Attributes:
        as_of: Unix seconds.
        window_days: Days the figures look back on.
        level: How the team stands.
        since: The Monday of the first week of that level without a break, None when unknown.
        unknown_because: One clause saying why the level is unknown, else None.
        reasons: The numbers behind the level, weightiest first.
        weeks: The weekly history, oldest first, complete weeks only.
        reopen: Share of done requests that came back.
        escalation: Share of requests escalated.
        chase: Share of requests whose asker had to ask again.
        satisfaction: Share of yes among those who were asked whether their request was solved.
        little_ratio: Time-average open ÷ (arrival rate × mean time in system); about 1 when the data hold together.
        notes: Sentences on data quality, for people.
        missing: Report key → why it is None.
        suggestion: `add_cover`, `pause_intake`, `office_hours`, `park_openly`, `keep_slack` or `none`.
    """

    as_of: float
    window_days: int
    level: Level
    since: date | None
    unknown_because: str | None
    reasons: tuple[Reason, ...]
    flow: Flow
    capacity: Capacity
    resilience: Resilience
    weeks: tuple[Week, ...] = ()
    reopen: Rate | None = None
    escalation: Rate | None = None
    chase: Rate | None = None
    satisfaction: Rate | None = None
    little_ratio: float | None = None
    notes: tuple[str, ...] = ()
    missing: dict[str, str] = field(default_factory=dict)
    suggestion: str = "none"
