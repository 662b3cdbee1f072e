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
class WeekAhead(Estimate):
    """The mean wait of the seven days to come, hours.

    Attributes:
        planned: Share of requests that known peaks bring on top in these days; 0 without any.
        grows: That is more than can be done, so the wait grows through these days.
    """

    planned: float = 0.0
    grows: bool = False


@dataclass(frozen=True, slots=True)
class Missed:
    """A week whose wait fell outside of what was expected of it.

    Attributes:
        said: As forecast at its beginning.
        took: Its mean wait for a first answer, hours.
    """

    said: WeekAhead
    took: float


@dataclass(frozen=True, slots=True)
class Span:
    """What lies between two assumptions; neither end is more likely than the other."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Focus:
    """How much a team of five or more is interrupted: of the whole team, never of a person.

    Attributes:
        since: First day counted, team time.
        days: Working days counted.
        interruptions: In a person's working day on average, mentions within five minutes being one.
        quiet: Share of core hours in stretches of an hour or more without one: low, where each interrupts
            everybody; high, where each interrupts one person.
        lost_hours: Person-hours a week that the team needs to find back: low, at a minute for each; high, at 23.
    """

    since: date
    days: int
    interruptions: Estimate
    quiet: Span
    lost_hours: Span


@dataclass(frozen=True, slots=True)
class Growth:
    """How coordination grows with the volume: the slope of its logarithm on that of the volume, with a 95% interval.

    Attributes:
        slope: 1 is in step; above it coordination grows faster than the work.
        low: Lower end.
        high: Upper end.
        robust: Theil and Sen's slope, which single weeks do not bend.
        weeks: Weeks compared.
    """

    slope: float
    low: float
    high: float
    robust: float
    weeks: int


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of `n` with its Wilson 95% interval."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Coordination:
    """What organises work, as shares of the messages and hand-offs of a window; the parts add up to the whole.

    Attributes:
        share: All of it.
        chases: Status questions.
        handoffs: Requests handed on, to somebody else of the desk or to another one.
        bounces: … back to somebody, or to a desk, that had it before.
        clarifications: Messages of rounds of asking back before work is taken; None where nobody claims requests.
    """

    share: Rate
    chases: Rate
    handoffs: Rate
    bounces: Rate
    clarifications: Rate | None


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
class Unseen:
    """Work that cannot be seen here: meetings, direct messages, other duties.

    Attributes:
        share: Of capacity, with its 80% range.
        basis: `stated` by the lead, or `fitted` to waits that are longer than the seen work explains.
        seen: Utilization by the work seen alone, over the weeks fitted; over the window where stated.
        weeks: Complete weeks that it was fitted to; 0 where stated.
    """

    share: Estimate
    basis: str
    seen: float
    weeks: int = 0

    @property
    def whole(self) -> Estimate:
        """Utilization by the work seen and this work together."""
        return Estimate(self.seen + self.share.value, self.seen + self.share.low, self.seen + self.share.high)


@dataclass(frozen=True, slots=True)
class Capacity:
    """What the team can give, and how much of it is asked for."""

    people: int
    hours_per_week: float | None = None
    utilization: Utilization | None = None
    danger_line: float | None = None
    p_over_line: float | None = None
    predicted_wait_hours: float | None = None  # None also where the load exceeds capacity: no steady state
    unseen: Unseen | None = None


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
class Began:
    """When the load of now began to build up.

    Attributes:
        week: Monday of the most likely week.
        low: Monday of the first week of the 80% range.
        high: Monday of its last week.
        sure: P(it began within the weeks looked at).
    """

    week: date
    low: date
    high: date
    sure: float


@dataclass(frozen=True, slots=True)
class Cause:
    """One of the factors of the load.

    Attributes:
        name: `mix` (another blend of queues), `demand` (requests per open hour), `service` (hours a request takes,
            within its queue), `hours` (people on duty) or `rework` (jobs that came back).
        share: Its share of the change of log load; over all causes they sum to 1. Below 0 it took load away.
        change: What it alone did to the load, as a share of the load before: 0.3 is 30% more.
        queue: Storage's number of the queue that it mostly lies in; None: it lies in no single one.
    """

    name: str
    share: Estimate
    change: Estimate
    queue: int | None = None


@dataclass(frozen=True, slots=True)
class Causes:
    """What the change in load consists of.

    Attributes:
        of: Mix first where it is a main cause, then by share, largest first.
        change: Of the load, as a share of the load before.
        weeks_before: Weeks that are held against.
        weeks_now: The latest weeks.
        present: People seen at work per hour on the roster in the latest weeks, as a share of the first weeks', where
            that is so much less that hours on duty are counted by it; None: the roster holds.
    """

    of: tuple[Cause, ...]
    change: Estimate
    weeks_before: int
    weeks_now: int
    present: Estimate | None = None


@dataclass(frozen=True, slots=True)
class Likely:
    """The factor of the load that most likely changed, known before the whole load has clearly risen.

    Attributes:
        name: As in `Cause`, without `mix`.
        p: P(it is this one); what is left is for the others, and for chance.
        present: As in `Causes`.
    """

    name: str
    p: float
    present: Estimate | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What happens to the wait if the load goes on as it does.

    Attributes:
        doubles: Day by which the mean wait is as likely as not twice its usual one, of before the load climbed; the
            day of the check where it is so already; None: not within the weeks ahead.
        p: P(it is by the end of the weeks ahead).
        until: That end.
        per_week: Change of utilization a week.
        already: P(it is so now).
    """

    doubles: date | None
    p: float
    until: date
    per_week: Estimate
    already: float = 0.0


@dataclass(frozen=True, slots=True)
class Ratio:
    """Now ÷ before, with its 95% interval and P(it is above 1)."""

    value: float
    low: float
    high: float
    p_greater: float

    @property
    def rose(self) -> bool:
        """Whether the whole interval lies above 1."""
        return self.low > 1

    @property
    def fell(self) -> bool:
        """Whether the whole interval lies below 1."""
        return self.high < 1


@dataclass(frozen=True, slots=True)
class Throughput:
    """Requests finished a week, now and before.

    Attributes:
        now: In the latest weeks.
        before: In as many weeks before them.
        ratio: Now ÷ before.
        size: Hands-on time of a request, now ÷ before; None where it is not seen.
        split: Requests became smaller by as much as their number rose: no more work was finished.
    """

    now: float
    before: float
    ratio: Ratio
    size: Ratio | None = None
    split: bool = False

    @property
    def rose(self) -> bool:
        """Whether more was finished, and not only in smaller pieces."""
        return self.ratio.rose and not self.split


@dataclass(frozen=True, slots=True)
class Guard:
    """One measure of quality that speed must not be paid with.

    Attributes:
        measure: `reopen`, `escalation` (worse when higher) or `satisfaction` (worse when lower).
        now: In the latest weeks; None with fewer than 20.
        before: In the weeks before them; None with fewer than 20.
        p_worse: P(worse now), after Holm's correction for the guards looked at.
        p_single: The same for this guard alone.
        fisher: Fisher's exact p of "no worse", as a check of the same question.
        worse: `p_worse` is at least .95.
        reason: Why nothing is said, one clause; else empty.
    """

    measure: str
    now: Rate | None = None
    before: Rate | None = None
    p_worse: float | None = None
    p_single: float | None = None
    fisher: float | None = None
    worse: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Loop:
    """Whether the load feeds itself: slower answers, more asking again, more jobs for the same requests.

    Attributes:
        wait_before: Typical weekly mean wait before, hours.
        wait_now: The same now.
        chase_before: Share of requests whose asker had to ask again, before.
        chase_now: The same now.
        jobs_before: Jobs (with what came back) for one request that arrived, before.
        jobs_now: The same now.
        p: P(rose) of the wait, the chase share and the jobs for a request.
        there: All three rose, each with P ≥ .95.
    """

    wait_before: float
    wait_now: float
    chase_before: Rate
    chase_now: Rate
    jobs_before: float
    jobs_now: float
    p: tuple[float, float, float]
    there: bool


@dataclass(frozen=True, slots=True)
class Guarded:
    """Speed beside its guards: the latest weeks against as many before them.

    Attributes:
        start: Monday of the first week before; None where there are too few weeks.
        middle: Monday on which the latest weeks begin.
        end: Monday on which they are over; later weeks are too young for what comes back.
        weeks: So many on each side.
        throughput: None where fewer than 20 were finished on a side.
        guards: One for each measure of quality.
        loop: None where too little is known.
        reason: Why nothing, or no throughput, is said, one clause; else empty.
        loop_reason: Why nothing is said of the loop, one clause; else empty.
    """

    start: date | None = None
    middle: date | None = None
    end: date | None = None
    weeks: int = 0
    throughput: Throughput | None = None
    guards: tuple[Guard, ...] = ()
    loop: Loop | None = None
    reason: str = ""
    loop_reason: str = ""

    @property
    def worse(self) -> tuple[Guard, ...]:
        """Guards that got worse."""
        return tuple(guard for guard in self.guards if guard.worse)

    @property
    def false_efficiency(self) -> bool | None:
        """More was finished and a guard got worse; None where that cannot be known."""
        if self.throughput is None or all(guard.p_worse is None for guard in self.guards):
            return None
        return self.throughput.rose and bool(self.worse)


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
        guarded: Speed beside its guards, over longer than the window; None where it was not asked for.
        little_ratio: Time-average open ÷ (arrival rate × mean time in system); about 1 when the data hold together.
        notes: Sentences on data quality, for people.
        missing: Report key → why it is None.
        suggestion: `add_cover`, `pause_intake`, `office_hours`, `park_openly`, `look_back`, `keep_slack` or `none`.
        began: When the load of a team in `watch` or `danger` began to build up, None when not known.
        causes: What the change in load since then consists of, None when not known.
        likely: Which factor most likely changed, None when none is likelier than not.
        outlook: What becomes of the wait if it goes on so, None when nothing drifts or it is not known.
        focus: How much the team is interrupted, None when not known.
        coordination: What coordinates work instead of doing it, None when not known.
        growth: How that grows with the volume, None when the weeks cannot say.
        forecast: Mean wait for a first answer of what is asked in the seven days to come, None when not known.
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
    guarded: Guarded | None = None
    little_ratio: float | None = None
    notes: tuple[str, ...] = ()
    missing: dict[str, str] = field(default_factory=dict)
    suggestion: str = "none"
    began: Began | None = None
    causes: Causes | None = None
    likely: Likely | None = None
    outlook: Outlook | None = None
    focus: Focus | None = None
    coordination: Coordination | None = None
    growth: Growth | None = None
    forecast: WeekAhead | None = None
