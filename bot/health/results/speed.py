"""Speed beside its guards: throughput, the quality that it must not be paid with, and the loop that feeds itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.health.results.figures import NOT_ASKED, Rate, Ratio, Unknown

UNSEEN = Unknown("no claims or replies show how long requests are worked on")


@dataclass(frozen=True, slots=True)
class Throughput:
    """Requests finished a week, now and before.

    Attributes:
        now: In the latest weeks.
        before: In as many weeks before them.
        ratio: Now ÷ before.
        size: Hands-on time of a request, now ÷ before.
        split: Requests became smaller by as much as their number rose: no more work was finished.
    """

    now: float
    before: float
    ratio: Ratio
    size: Ratio | Unknown = UNSEEN
    split: bool = False

    @property
    def rose(self) -> bool:
        """Whether more was finished, and not only in smaller pieces."""
        return self.ratio.rose and not self.split


@dataclass(frozen=True, slots=True)
class Guard:
    """One measure of quality that speed must not be paid with, over 20 requests or more on each side.

    Attributes:
        now: In the latest weeks.
        before: In the weeks before them.
        p_worse: P(worse now), after Holm's correction for the guards looked at.
        p_single: The same for this guard alone.
        fisher: Fisher's exact p of "no worse", as a check of the same question.
        worse: `p_worse` is at least .95.
    """

    now: Rate
    before: Rate
    p_worse: float
    p_single: float
    fisher: float
    worse: bool = False


Guards = Mapping[str, Guard | Unknown]
"""By measure: `reopen`, `escalation` (worse when higher), `satisfaction` (worse when lower)."""


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
class Compared:
    """Weeks that are held against each other.

    Attributes:
        weeks: So many on each side.
        before: Monday of the first week before.
        now: Monday on which the latest weeks begin.
        until: Monday on which they are over; later weeks are too young for what comes back.
    """

    weeks: int
    before: date
    now: date
    until: date


@dataclass(frozen=True, slots=True)
class Guarded:
    """Speed beside its guards: the latest weeks against as many before them.

    Attributes:
        compared: Which weeks.
        throughput: Of 20 finished requests or more on each side.
        guards: One for each measure of quality.
        loop: Whether the load feeds itself.
    """

    compared: Compared | Unknown = NOT_ASKED
    throughput: Throughput | Unknown = NOT_ASKED
    guards: Guards | Unknown = NOT_ASKED
    loop: Loop | Unknown = NOT_ASKED

    @classmethod
    def unknown(cls, reason: str) -> "Guarded":
        """Nothing of it is known, for one reason."""
        why = Unknown(reason)
        return cls(why, why, why, why)

    @property
    def worse(self) -> Mapping[str, Guard]:
        """Guards that got worse, by measure."""
        return {name: guard for name, guard in (self.guards or {}).items() if guard and guard.worse}

    @property
    def false_efficiency(self) -> bool | Unknown:
        """Whether more was finished and a guard got worse."""
        if isinstance(self.throughput, Unknown):
            return self.throughput
        if not any((self.guards or {}).values()):
            return Unknown("no guard can be compared, or throughput cannot")
        return self.throughput.rose and bool(self.worse)


NOT_COMPARED = Guarded()
