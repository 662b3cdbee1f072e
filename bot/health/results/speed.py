"""Speed beside its guards: throughput, the quality that it must not be paid with, and the loop that feeds itself."""

from dataclasses import dataclass
from datetime import date

from bot.health.results.figures import Rate, Ratio


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
