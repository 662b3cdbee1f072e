"""What takes a team away from the work: interruptions, and what coordinates instead of doing."""

from dataclasses import dataclass
from datetime import date

from bot.health.results.figures import Estimate, Rate, Span, Unknown


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
class Coordination:
    """What organises work, as shares of the messages and hand-offs of a window; the parts add up to the whole.

    Attributes:
        share: All of it.
        chases: Status questions.
        handoffs: Requests handed on, to somebody else of the desk or to another one.
        bounces: … back to somebody, or to a desk, that had it before.
        clarifications: Messages of rounds of asking back before work is taken; not known where nobody claims requests.
    """

    share: Rate
    chases: Rate
    handoffs: Rate
    bounces: Rate
    clarifications: Rate | Unknown
