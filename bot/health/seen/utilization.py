"""Utilization: the work asked for ÷ the hours there are, with its range.

From signals (bases `claims`, `replies`) two figures that err in different ways are averaged: ρ_work, from the hours
worked, which reads too high where claims rest; and ρ_wait, the utilization at which the queue's formula gives the
wait that was seen, which reads too high where the desk is slow to begin. On simulated teams with known load the
mean of both was off less than either.
"""

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from scipy.special import ndtr

from bot.health.facts import Floats
from bot.health.results import UNTOLD, Basis, Estimate, Unknown, Utilization
from bot.health.theory.posterior import RhoPosterior, rho_posterior
from bot.health.theory.queueing import rho_for_wait

ENOUGH_JOBS = 20
"""Fewer in a window say nothing about utilization."""

WAIT_ARRIVAL_SCV = 1.3
"""ca² in ρ_wait: arrivals at help desks come a little more clustered than at random."""

PARKED = 0.1
"""ρ_work above ρ_wait by more than this is claims held while nothing is done."""

SLOW = 0.2
"""ρ_wait above ρ_work by more than this is a desk that is slow to begin, not one that is full."""

APART = (0.05, 0.3)
"""ρ_work and ρ_wait differ by up to the first by chance; by what they differ beyond it, up to the second, both are
doubted."""

MOST_WORKED = 3.0
"""Times the hours on duty that may be seen worked: more is a roster which does not say who was there."""

HIGHEST = 3.0
"""A range that reaches beyond is not told: no desk lives at three times its hours, so it says that little is known."""

BEYOND = Unknown(f"its range would reach beyond {HIGHEST:.0%}: too little was seen, or not everybody is on the roster")

LOOKED_AT = 10
"""Requests that are looked at in one go; before that many were, the look is half done."""

_USUALLY_NONE = (0.5, 9.5)
"""Beta prior of the share of requests that are none: one in twenty, worth one look at `LOOKED_AT`."""

MORE_WORKED = 1.5
"""More than so many times is strange, and believed only of a load that a desk can live at."""

_NORMAL_90 = 1.2815515655446004


@dataclass(frozen=True, slots=True)
class Load:
    """Sums over one window.

    Attributes:
        jobs: Arrivals and reopenings.
        counted: Jobs closed whose work was seen.
        busy: Person-hours worked for them.
        capacity: Person-hours on duty.
        open_hours: Working hours of the desk.
        mean_wait: Mean wait, working hours; NaN unknown.
    """

    jobs: float
    counted: float
    busy: float
    capacity: float
    open_hours: float
    mean_wait: float

    @property
    def people(self) -> float:
        """People on duty on average while the desk was open; 0 where there was nobody."""
        return self.capacity / self.open_hours if self.open_hours > 0 else 0.0

    @property
    def impossible(self) -> bool:
        """Whether far more hours were worked than anybody on the roster had.

        Or somewhat more, or for a job more than the desk was open, while all jobs would take more than anybody lives
        at. A flood is possible: it leaves the hours that a job takes, and those worked, as they were.
        """
        strange = self.busy > MORE_WORKED * self.capacity or self.service > self.open_hours
        beyond = self.busy * self.jobs > HIGHEST * self.capacity * self.counted
        return self.busy > MOST_WORKED * self.capacity or (strange and beyond)

    @property
    def service(self) -> float:
        """Hours worked for a job; NaN where no work was seen."""
        return self.busy / self.counted if self.counted > 0 and self.busy > 0 else math.nan


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed about the utilization of seen work: a distribution.

    Attributes:
        basis: What it rests on.
        work: ρ_work, None on basis `stated`.
        wait: ρ_wait, None where no wait was seen.
        service: Mean service time, hours.
        unseen: Middle of the unseen load, a share of capacity.
        posterior: Of the seen work, on bases `claims` and `replies`.
        median: Of the seen work, on basis `stated`.
        spread: Standard deviation of its logarithm there.
    """

    basis: Basis
    work: float | None
    wait: float | None
    service: float
    unseen: float
    posterior: RhoPosterior | None = None
    median: float = 0.0
    spread: float = 0.0

    def seen(self) -> Estimate:
        """The seen work alone, with its 80% interval."""
        if self.posterior is not None:
            return self.posterior.estimate()
        away = math.exp(_NORMAL_90 * self.spread)
        return Estimate(self.median, self.median / away, self.median * away)

    def above(self, line: float) -> float:
        """P(seen work + middle of the unseen load > line)."""
        left = line - self.unseen
        if self.posterior is not None:
            return self.posterior.above(left)
        if left <= 0 or self.median <= 0:
            return float(left < self.median)
        return float(ndtr((math.log(self.median) - math.log(left)) / self.spread))

    def all_work(self) -> Estimate:
        """Seen and unseen work together; the range takes the unseen load as half to one and a half its middle."""
        seen = self.seen()
        return Estimate(seen.value + self.unseen, seen.low + self.unseen / 2, seen.high + self.unseen * 1.5)

    def told(self) -> Estimate | Unknown:
        """`all_work` as it may be shown: not where its range, or ρ_work in it, leaves 0–`HIGHEST` and tells nothing."""
        whole = self.all_work()
        possible = self.work is None or self.work <= HIGHEST
        return whole if possible and 0 <= whole.low <= whole.high <= HIGHEST else BEYOND  # NaN is BEYOND too

    @property
    def parked(self) -> bool:
        """Whether claims are held while nothing is done."""
        if self.basis is not Basis.CLAIMS or self.work is None or self.wait is None:
            return False
        return self.wait + PARKED < self.work <= HIGHEST  # what is beyond is asked for, not held

    @property
    def slow(self) -> bool:
        """Whether requests wait so long that the work seen does not explain it."""
        return self.work is not None and self.wait is not None and self.wait - self.work > SLOW

    def utilization(self) -> Utilization | Unknown:
        """As people and reports read it."""
        whole = self.told()
        if isinstance(whole, Unknown):
            return whole
        work, wait = (UNTOLD if rho is None else rho for rho in (self.work, self.wait))
        return Utilization(whole.value, whole.low, whole.high, self.basis, self.seen(), work, wait, self.parked)


def doubt(wrong: tuple[int, int] | None) -> float:
    """Relative standard deviation of the number of jobs, from requests that somebody looked at.

    `wrong` = (x, n) says that x of n were none. Their number may be off by the share that are none, and both ways,
    for where some are none, others may have been missed: it is the root mean square of that share as believed after
    the look. With no wrong one among them nothing is doubted: looking must not make a figure less sure.

    A half-done look says little of the share: one of two may be the only one of ten. What was not looked at of the
    first ten counts as right until somebody says otherwise, and the belief begins at what is usual (one in twenty,
    worth ten looks). So one wrong of two doubts as much as one of ten, about a tenth; and looking on at right ones
    never doubts more.
    """
    if wrong is None or wrong[0] == 0:
        return 0.0
    x, n = wrong[0], max(wrong[1], LOOKED_AT)
    a, b = x + _USUALLY_NONE[0], n - x + _USUALLY_NONE[1]
    return math.sqrt(a * (a + 1) / ((a + b) * (a + b + 1)))  # √E[share²] of Beta(a, b)


def believe(
    load: Load,
    basis: Basis,
    *,
    service_scv: float,
    dispersion: float,
    unseen: float = 0.0,
    doubted: float = 0.0,
) -> Belief | None:
    """Utilization of a window from hours worked and waits seen; None where too little was seen.

    Work seen is scaled from the jobs it was for to all jobs, which repairs missing claims and ✅. ρ_work and ρ_wait
    are averaged, apart by no more than `PARKED` or `SLOW`. The interval is the posterior of ρ_work, moved to that
    mean as its median, and wider by what the two differ beyond `APART`, and by what is doubted of the jobs
    (a relative standard deviation). None also where the load is `Load.impossible`.
    """
    if load.jobs < ENOUGH_JOBS or load.counted < ENOUGH_JOBS or load.capacity <= 0 or load.busy <= 0:
        return None
    if load.impossible:
        return None
    work = load.service * load.jobs / load.capacity
    wait = _rho_for_wait(load.mean_wait, load.service, load.people, service_scv)
    usable = not math.isnan(wait) and load.people > 0
    value = _mean(work, wait) if usable else work
    posterior = rho_posterior(
        arrivals=load.jobs,
        completions=load.counted,
        busy=load.busy * value / work,
        capacity=load.capacity,
        service_scv=service_scv,
        dispersion=dispersion,
    )
    apart = float(np.clip(abs(work - wait), *APART) - APART[0]) / 2 / value if usable else 0.0
    wider = 2 / (2 / posterior.service_df + apart**2)  # the variance of log F is about 2/df₁ + 2/df₂
    fewer = 2 / (2 / posterior.arrivals_df + doubted**2)
    posterior = replace(posterior, service_df=wider, arrivals_df=fewer)
    posterior = replace(posterior, scale=posterior.scale * value / posterior.quantile(0.5))
    return Belief(basis, work, wait if usable else None, load.service, unseen, posterior)


@lru_cache(maxsize=4096)
def _rho_for_wait(wait: float, service: float, people: float, service_scv: float) -> float:
    """Most of what is asked in a backtest was asked the day before."""
    return rho_for_wait(wait, service, people, WAIT_ARRIVAL_SCV, service_scv)


def _mean(work: float, wait: float) -> float:
    """The mean of both, except for what parked work adds to the one and a slow start to the other."""
    if work > wait:
        return wait + min(work - wait, PARKED) / 2
    return work + min(wait - work, SLOW) / 2


def believe_stated(load: Load, minutes: float, given: bool, unseen: float = 0.0, doubted: float = 0.0) -> Belief | None:
    """Utilization from stated hands-on minutes: lognormal, 80% within ÷1.5…×1.5, or ÷2…×2 when from a preset.

    `doubted` widens it as in `believe`.
    """
    if load.jobs < ENOUGH_JOBS or load.capacity <= 0 or not minutes > 0:
        return None
    spread = math.hypot(math.log(1.5 if given else 2.0) / _NORMAL_90, doubted)
    median = load.jobs * minutes / 60 / load.capacity
    return Belief(Basis.STATED, None, None, minutes / 60, unseen, median=median, spread=spread)


def dispersion(jobs: Floats, capacity: Floats) -> float:
    """Index of dispersion D of weekly jobs: their variance ÷ their mean, from differences of successive weeks.

    Differences leave slow growth out; counts are compared per available hour. 1 is Poisson. Within 1–10; 1.5 while
    fewer than six weeks are known (help desks range from 1.2 to over 2).
    """
    usable = capacity > 0
    jobs, capacity = jobs[usable], capacity[usable]
    if len(jobs) < 6 or jobs.sum() == 0:
        return 1.5
    rate = jobs / capacity
    expected = jobs.sum() / capacity.sum() * (1 / capacity[1:] + 1 / capacity[:-1])
    return float(np.clip(np.mean(np.diff(rate) ** 2 / expected), 1.0, 10.0))
