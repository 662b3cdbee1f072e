"""Flow through the queue: arrivals, closings, waits, variability, and whether the data hold together.

`Desk` puts a team's requests on its working clock once; everything else is sums over it.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bot.health.facts import Bools, Floats, Ints
from bot.health.results import Flow, Spread, Unknown, or_why
from bot.health.seen.capacity import Roster
from bot.health.seen.records import Requests
from bot.health.seen.threads import UNTHREADED, unthreaded
from bot.health.seen.utilization import ENOUGH_JOBS, Belief, Load
from bot.health.seen.work import Work
from bot.health.seen.worktime import DAY, WorkClock

AT_ONCE, OF_WORK, EVERYTHING = 1 / 12, 0.05, 0.9
"""A desk begins everything at once when `EVERYTHING` (a share) is begun within five minutes (in hours) and within
`OF_WORK` of the time that half of it is then in hand: nobody gets so quickly to work at a desk that is not idle."""

LEAST_SCV, MOST_SCV = 0.3, 4.0
"""Squared coefficients of variation outside these are taken as errors of measurement."""


@dataclass(frozen=True, eq=False)
class Desk:
    """Requests of one team on its working clock, as known at `now`.

    Attributes:
        requests: Derived and settled.
        clock: The desk's working clock.
        roster: People on duty over time.
        now: Unix seconds.
    """

    requests: Requests
    clock: WorkClock
    roster: Roster
    now: float

    @cached_property
    def waits(self) -> tuple[Floats, Bools]:
        """Wait of each job so far, in working hours (NaN unknown), and whether it still waits."""
        jobs = self.requests.jobs
        waiting = np.isnan(jobs.started) & jobs.open
        until = np.where(np.isnan(jobs.started), jobs.gave_up, jobs.started)  # who gave up waited so long at least
        until = np.where(waiting, self.clock.elapsed(self.now), self.clock.elapsed(until))
        return until - self.opened, waiting

    @cached_property
    def opened(self) -> Floats:
        """When each job was opened, on the clock."""
        return self.clock.elapsed(self.requests.jobs.opened)

    @cached_property
    def longest(self) -> float:
        """The wait that 99 in 100 answered jobs did not exceed; whoever waits longer was passed over."""
        wait, waiting = self.waits
        known = wait[~waiting & ~np.isnan(wait)]
        return float(np.quantile(known, 0.99)) if len(known) else np.inf

    @cached_property
    def at_once(self) -> bool:
        """Whether a 👀 or a first reply here says that a request was seen, not that work on it began.

        Its wait then tells nothing of the load, and who gave it may not be who works on it. Asked of all that is
        known, as a habit is; below 20 requests nobody can say.
        """
        jobs = self.requests.jobs
        wait, _ = self.waits
        held = self.clock.elapsed(jobs.done) - self.clock.elapsed(jobs.started)
        known, held = ~np.isnan(wait), held[~np.isnan(held)]
        if np.count_nonzero(known) < ENOUGH_JOBS or not len(held):
            return False
        quick = min(AT_ONCE, OF_WORK * float(np.median(held)))
        return bool(np.mean(wait[known] <= quick + 1e-9) >= EVERYTHING)

    def heard(self, start: float) -> float:
        """From when on this desk was heard, of the time from `start` to now (Unix seconds).

        That is the opening of the day that brought the first request, where it comes after `start`; a day at least.
        """
        came = self.requests.arrived[~np.isnan(self.requests.arrived)]
        if not len(came):
            return start
        first = float(came.min())
        before = int(np.searchsorted(self.clock.opens, first, "right")) - 1
        opened = max(float(self.clock.opens[before]), first - DAY) if before >= 0 else first
        return max(start, min(opened, self.now - DAY))

    @cached_property
    def unthreaded(self) -> bool:
        """Whether answers seem to stand in the channel (`bot.health.seen.threads`)."""
        return unthreaded(self.requests, self.now)

    @property
    def unanswered(self) -> bool:
        """Whether nobody was ever seen to begin a request: ages of open ones then say nothing about waits."""
        return bool(np.isnan(self.requests.jobs.started).all())

    def loads(self, edges: Floats, work: Work | None) -> list[Load]:
        """Sums over the windows between neighbouring edges (Unix seconds); see `sums`."""
        return [Load(*map(float, row)) for row in with_mean_wait(self.sums(edges, work))]

    def sums(self, edges: Floats, work: Work | None) -> Floats:
        """One row a window: jobs, counted, busy, capacity, open hours, Σ waits, number of waits.

        Waits belong to the window in which their job was opened. Jobs that still wait count with their age, those
        passed over do not: their wait tells of oversight, not of load.
        """
        jobs = self.requests.jobs
        hours = self.clock.elapsed(edges)
        wait, waiting = self.waits
        known = ~np.isnan(wait) & ~(waiting & (wait > self.longest))
        window = np.searchsorted(edges, jobs.opened, "right")
        return np.column_stack(
            (
                _summed(window, edges),
                np.zeros(len(edges) - 1) if work is None else count(work.finished, edges),
                np.zeros(len(edges) - 1) if work is None else work.between(hours),
                self.roster.hours(edges),
                np.diff(hours),
                _summed(window[known], edges, wait[known]),
                _summed(window[known], edges),
            )
        ).astype(np.float64)

    def open_at(self, times: Floats) -> Ints:
        """Requests that had come and were not closed at these times (Unix seconds)."""
        jobs = self.requests.jobs
        over = np.fmin(jobs.done, jobs.gave_up)
        known = ~np.isnan(jobs.opened) & (jobs.open | ~np.isnan(over))
        came = np.sort(jobs.opened[known])
        left = np.sort(over[known & ~jobs.open])
        return np.searchsorted(came, times, "right") - np.searchsorted(left, times, "right")


def with_mean_wait(sums: Floats) -> Floats:
    """Rows as `Load` takes them: the last two columns become their quotient, NaN where nobody waited."""
    mean = np.divide(sums[:, 5], sums[:, 6], out=np.full(len(sums), np.nan), where=sums[:, 6] > 0)
    return np.column_stack((sums[:, :5], mean))


def count(times: Floats, edges: Floats, weights: Floats | None = None) -> Floats:
    """How many times (or how much weight) fall into each window [edge, next edge); NaN falls nowhere."""
    return _summed(np.searchsorted(edges, times, "right"), edges, weights)  # NaN sorts behind every edge


def _summed(window: Ints, edges: Floats, weights: Floats | None = None) -> Floats:
    """How many numbers (or how much weight) stand for each window; 0 is before the first, len(edges) after the last."""
    return np.bincount(window, weights, len(edges) + 1)[1 : len(edges)].astype(np.float64)


RARE = "too few requests in the window"
UNANSWERED = "nobody was ever seen to begin a request"


def flow(desk: Desk, start: float, service: Floats | None, belief: Belief | Unknown) -> Flow:
    """Flow from `start` (Unix seconds) to the desk's now, a week of it over the days in which the desk was heard.

    In a desk's first week, what came so far is that of a week. Open requests count in waits and cycles with their age
    so far, so that slow ones are not missed; the age of one passed over counts as the longest wait seen.

    Args:
        desk: The requests.
        start: Where the window begins.
        service: Person-hours held for each closed job of the window (for their variability), None unknown.
        belief: Utilization of the window, for the hours a job takes.
    """
    r, clock = desk.requests, desk.clock
    weeks = max(float(desk.now) - desk.heard(start), 7 * DAY) / (7 * DAY)
    inside = r.arrived >= start
    arrived = r.arrived[inside]
    first_done = r.first_done[r.first_done >= start]
    came = clock.elapsed(r.arrived)
    age = clock.elapsed(desk.now) - came
    wait = clock.elapsed(r.started) - came
    wait = np.where(np.isnan(wait) & r.open, np.fmin(age, desk.longest), wait)[inside]
    cycle = np.where(r.open, age, clock.elapsed(r.done) - came)[inside]
    why = belief.reason if isinstance(belief, Unknown) else RARE
    unclosed = desk.unanswered and bool(np.isnan(r.done).all())
    found = Flow(
        arrivals_per_week=len(arrived) / weeks,
        done_per_week=len(first_done) / weeks,
        open=int(np.count_nonzero(r.open & ~np.isnan(r.arrived))),
        wait=Unknown(UNANSWERED) if desk.unanswered else or_why(spread(wait), "no waits in the window"),
        cycle=or_why(None if unclosed else spread(cycle), "no closed requests in the window"),
        arrival_scv=or_why(arrival_scv(arrived, clock), RARE),
        service_scv=or_why(None if service is None else service_scv(service), why),
        service_hours=belief if isinstance(belief, Unknown) else belief.service,
        trend=or_why(_trend(arrived, start, desk.now), RARE),
    )
    if not desk.unthreaded:
        return found
    elsewhere = Unknown(UNTHREADED)
    return replace(found, done_per_week=elsewhere, open=elsewhere, wait=found.wait and elsewhere, cycle=elsewhere)


def spread(hours: Floats) -> Spread | None:
    """Median, 90th percentile and mean of known times; None without any."""
    known = hours[~np.isnan(hours)]
    if not len(known):
        return None
    p50, p90 = np.quantile(known, (0.5, 0.9))
    return Spread(float(p50), float(p90), float(known.mean()), len(known))


def arrival_scv(arrived: Floats, clock: WorkClock) -> float | None:
    """ca² of arrivals within working hours, on the working clock; None below 20.

    Those of the night become available together at the next opening; they are left out, as they would make every
    desk look bursty. For Poisson arrivals this is 1 whatever the hours.
    """
    times = np.sort(arrived[clock.is_open(arrived)])
    if len(times) < 20:
        return None
    gaps = np.diff(clock.elapsed(times))
    return _scv(gaps)


def service_scv(service: Floats) -> float | None:
    """cs² of the hours for which jobs were held, those without any left out; None below 20."""
    held = service[service > 0]
    return _scv(held) if len(held) >= 20 else None


def _scv(values: Floats) -> float | None:
    mean = float(values.mean())
    return float(np.clip(values.var() / mean**2, LEAST_SCV, MOST_SCV)) if mean > 0 else None


def _trend(arrived: Floats, start: float, now: float) -> float | None:
    """Arrivals of the window's second half ÷ its first, minus 1; None below 10 in the first."""
    middle = (start + now) / 2
    before = np.count_nonzero(arrived < middle)
    return float((len(arrived) - before) / before - 1) if before >= 10 else None


def little_ratio(desk: Desk, start: float) -> float | Unknown:
    """Time-average open ÷ (arrival rate × mean time in system), from `start` to now.

    By Little's law about 1; away from it, closings or arrivals are missing. The edges are corrected as in Kim &
    Whitt (2013, Naval Research Logistics 60): time spent in the window by those already there at its start is left
    out, time after its end is still to come for those that are open and is left out on both sides.
    Not known below 20 closings, and where requests stay longer than half the window.
    """
    jobs, clock = desk.requests.jobs, desk.clock
    inside = jobs.opened >= start
    until = np.where(jobs.open, clock.elapsed(desk.now), clock.elapsed(np.fmin(jobs.done, jobs.gave_up)))
    spent = until - desk.opened
    closed = spent[inside & ~jobs.open]
    closed = closed[~np.isnan(closed)]
    seen = float(clock.between(start, desk.now))
    if len(closed) < 20 or not 0 < closed.mean() <= seen / 2:
        return Unknown(RARE)
    every = spent[inside]
    return float(np.nansum(every) / (np.count_nonzero(inside) * closed.mean()))
