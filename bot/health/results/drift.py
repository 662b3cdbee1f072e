"""What explains a load: since when it builds up, what it consists of, where it leads."""

from dataclasses import dataclass
from datetime import date

from bot.health.results.figures import Estimate


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
