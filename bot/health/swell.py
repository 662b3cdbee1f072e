"""Swell: how much longer a week's requests wait where more is planned than usual, or more than can be done.

A steady state says nothing of one week near or above full utilization: it is months away, or there is none. So the
steady curve (`health.theory.queueing`) is sheared until, far above full utilization, it follows the queue of a fluid,
which grows by what comes in beyond the hours there are (coordinate transformation: Kimber & Hollis 1979, Traffic
queues and delays at road junctions, TRRL LR909). What a peak left behind is worked off first.

The curve tells what a plan adds to the wait. Multiplied by it, the wait of a desk that is slow to begin for reasons of
its own would grow with the load though it does not come from it; on simulated desks (`benchmarks/planned.py`) that was
worse.
"""

import math
from dataclasses import dataclass

import numpy as np

from bot.health.facts import Floats
from bot.health.peaks import Peak
from bot.health.picture import DAY, WEEK, Picture
from bot.health.results import Estimate
from bot.health.seen.utilization import ENOUGH_JOBS, Belief
from bot.health.theory.queueing import wait_ggc

USUAL_DAYS = 28
"""Days without a peak that tell the usual load."""

ASSUMED = Estimate(0.75, 0.6, 0.9)
"""Utilization where it is not known: desks are run like that mostly."""

LEAST_WAIT = 0.05
"""Hours; a shorter wait counts as this (as in `bot.health.forecast`). In a large team the usual wait is next to
nothing, so that any plan would be thousands of times as much."""

GRID = 400
"""Points of the curve, closer together towards full utilization."""


@dataclass(frozen=True, slots=True)
class Swell:
    """A desk in the seven days to come.

    Attributes:
        load: Utilization there by what is usually asked, with its 80% range; unseen work left out.
        unseen: Unseen work, a share of capacity.
        people: On duty, above 0.
        service: Hours a request takes, above 0.
        ca2: Squared coefficient of variation of arrivals, above 0.
        cs2: That of service times.
        hours: Working hours, above 0.
        standing: Wait, in hours, of whoever comes first, for what the latest peak left behind.
    """

    load: Estimate
    unseen: float
    people: float
    service: float
    ca2: float
    cs2: float
    hours: float
    standing: float = 0.0

    def adds(self, demand: float) -> Estimate:
        """Hours that such a demand (1: the usual) adds to the mean wait, with the range that the load gives it.

        0 for the usual demand with nothing left behind; more demand never adds less.
        """
        value, low, high = (
            self.wait(rho * demand + self.unseen, self.standing) - self.wait(rho + self.unseen)
            for rho in (self.load.value, self.load.low, self.load.high)
        )
        return Estimate(value, min(low, value), max(high, value))

    def times(self, demand: float) -> float:
        """By which factor it lengthens the wait; 1 where both are next to nothing."""
        usual, then = (self.wait(self.load.value * more + self.unseen) for more in (1.0, demand))
        return max(then, LEAST_WAIT) / max(usual, LEAST_WAIT)

    def grows(self, demand: float) -> bool:
        """Whether so much is asked that, more likely than not, the queue grows through the week."""
        return self.load.value * demand + self.unseen >= 1

    def wait(self, rho: float, standing: float = 0.0) -> float:
        """Mean wait over the week, hours, above 0; it never falls as utilization or what stands there rises."""
        share: Floats = np.sqrt(np.linspace(0, 1, GRID, endpoint=False))
        steady = wait_ggc(share, self.people, self.service, self.ca2, self.cs2)
        longest = max(float(steady[-1]), standing + self.hours * (rho + 1))
        wait = np.unique(np.concatenate((steady[steady > 0], np.geomspace(float(steady[-1]), 2 * longest, GRID))))
        growing = 1 + 2 * (wait - standing) / self.hours
        emptied = 1 - standing**2 / (2 * wait * self.hours)  # what stood there is gone before the week is over
        fluid = np.where(wait >= standing / 2, growing, emptied)
        return float(np.interp(rho, np.interp(wait, steady, share, right=1.0) + fluid - 1, wait))


def swell(picture: Picture, left: bool) -> Swell | None:
    """The desk as it will be from now on; None where nobody is there or nothing was ever asked.

    Args:
        picture: The team.
        left: A peak lies in the last seven days: what waits now is what it left behind.
    """
    desk, now = picture.desk, picture.desk.now
    hours = float(desk.clock.between(now, now + WEEK))
    there = float(desk.roster.hours([now, now + WEEK])[0])
    end = _usual_until(picture)
    load = desk.loads(np.array([end - USUAL_DAYS * DAY, end]), picture.work)[0]
    if min(hours, there, load.jobs, load.capacity) <= 0:
        return None
    belief: Belief | None = picture.believe(load) if load.jobs >= ENOUGH_JOBS else None
    known = ASSUMED if belief is None or belief.seen().value <= 0 else belief.seen()
    people = there / hours
    fewer = load.people / people  # as many ask in an hour; others are there to answer
    service = known.value * load.capacity / load.jobs
    wait, waiting = desk.waits
    queued = np.count_nonzero(waiting & (wait <= desk.longest)) if left else 0
    return Swell(
        Estimate(known.value * fewer, known.low * fewer, known.high * fewer),
        0.0 if belief is None else belief.unseen,
        people,
        service,
        picture.arrival_scv,
        picture.service_scv,
        hours,
        queued * service / people,
    )


def _usual_until(picture: Picture) -> float:
    """The end of the latest four weeks without a peak, Unix seconds; now, where none is or was lately."""
    end = picture.desk.now

    def begins(peak: Peak) -> float:
        return peak.edges(picture.team.tz)[0]

    for peak in sorted(picture.peaks, key=begins, reverse=True):
        begin, until = peak.edges(picture.team.tz)
        if begin < end and until > end - USUAL_DAYS * DAY:
            end = begin
    return end


def together(base: float, errors: tuple[float, float], added: Estimate) -> Estimate:
    """A wait and what a plan adds to it; what is not known of the one and of the other adds up as squares of factors.

    Args:
        base: The wait without it, hours, above 0.
        errors: Ends of its 80% range, as logarithms around it: the first 0 or less, the second 0 or more.
        added: Hours on top.
    """
    value, least, most = (base + max(hours, 0.0) for hours in (added.value, added.low, added.high))
    down = math.hypot(errors[0], math.log(value / least))
    return Estimate(value, value * math.exp(-down), value * math.exp(math.hypot(errors[1], math.log(most / value))))
