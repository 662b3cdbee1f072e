"""What is to come: hours short in each week of a known peak, and the wait, before it begins.

Requests come at the rate of the last four weeks, so many an hour of working time, and by the plan's share more on its
days; each takes the hands-on time that the utilization of those weeks was worked out from. Against that stand the
hours of the people who will be there: roster, days away and public holidays of those very weeks. The range holds what
is not known: the rate, the hands-on time, the unseen load (half to one and a half times its middle), and chance, with
the variance that weeks of this team show (mean × dispersion).

The wait is replayed (`health.theory.replay`): four weeks as the last ones, then the weeks of the peak as they stand in
the calendar, many times with other draws.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from bot.health.facts import Bools, Floats
from bot.health.peaks import Peak, midnight
from bot.health.picture import DAY, Picture
from bot.health.plans import plan
from bot.health.results import Estimate
from bot.health.seen.capacity import Roster, team_clock
from bot.health.seen.utilization import Belief
from bot.health.theory.replay import DAYS, Batch, Plan, batch, lognormal, waits

WINDOW_DAYS = 28
"""Days of today's demand."""

DRAWS, COPIES, BUSIEST = 4_000, 200, 250.0
SETTLING_WEEKS, MEASURED_WEEKS = 4, 4

OFF_BY = 0.07
"""Relative error of utilization beyond its own range, which near the limit is felt in the wait: on 40 simulated desks
the waits predicted without it held only 70% of what came; with it, 77% of 600 others (`benchmarks/planned.py`)."""

_NORMAL_90 = 1.2815515655446004


@dataclass(frozen=True, slots=True)
class Short:
    """One calendar week of a peak.

    Attributes:
        monday: Its first day.
        hours: Work asked for less hours there, with its 80% range; below 0: hours left over.
        there: Person-hours of those who will be there.
    """

    monday: date
    hours: Estimate
    there: float

    @property
    def week(self) -> int:
        """Its number in the calendar (ISO 8601)."""
        return self.monday.isocalendar().week


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a peak will be like.

    Attributes:
        weeks: The calendar weeks it touches, earliest first.
        wait: Mean wait of what comes during it, working hours, with its 80% range.
    """

    weeks: tuple[Short, ...]
    wait: Estimate


def believed(picture: Picture) -> Belief | None:
    """Utilization of the last four weeks; None where too little was seen."""
    return picture.believe(picture.load(picture.desk.now - WINDOW_DAYS * DAY))


def foresee(picture: Picture, peak: Peak, rng: np.random.Generator) -> Ahead | None:
    """What a peak that is to come will be like; None where too little was seen of the last four weeks.

    Args:
        picture: The team now, its roster holding the days away that are known.
        peak: In days to come.
        rng: Draws.
    """
    belief = believed(picture)
    usual = None if belief is None else plan(picture, belief.all_work().value)
    if belief is None or usual is None:
        return None
    calendar = _Calendar.of(picture, peak)
    if calendar.usual_hours <= 0:
        return None
    return Ahead(_short(picture, belief, calendar, peak, rng), _wait(picture, belief, usual, calendar, peak, rng))


def smaller(picture: Picture, share: float, rng: np.random.Generator) -> tuple[Estimate | None, float | None]:
    """The mean wait of four weeks, a month after the hours there became a share of what they were.

    Args:
        picture: The team just before.
        share: Hours after ÷ hours before, above 0.
        rng: Draws.

    Returns:
        The wait in working hours with its 80% range, None where the queue would grow without end; and then the
        requests a week by which it would grow. Both None where too little was seen.
    """
    belief = believed(picture)
    usual = None if belief is None else plan(picture, belief.all_work().value)
    if belief is None or usual is None:
        return None, None
    # work nobody sees here keeps its hours, so it takes a larger share of those that are left
    ahead = replace(usual, capacity=usual.capacity * share)
    if ahead.utilization >= 1:
        weekly = float(ahead.capacity[:DAYS].sum())
        return None, (ahead.utilization - 1) * weekly / ahead.service
    long = ahead.over(SETTLING_WEEKS + MEASURED_WEEKS).bundled(BUSIEST)
    drawn = batch(long, COPIES, rng, work=_doubt(belief, rng))
    return _mean_wait(long, drawn, drawn.counted & (drawn.day >= DAYS * SETTLING_WEEKS)), None


@dataclass(frozen=True, slots=True, eq=False)
class _Calendar:
    """The days from the Monday of a peak's first week to the Sunday of its last.

    Attributes:
        first: That Monday.
        length: Working hours of each day, (days,).
        capacity: Person-hours there, (days,).
        planned: Whether it is a day of the peak, (days,).
        usual_hours: Working hours of the last four weeks.
    """

    first: date
    length: Floats
    capacity: Floats
    planned: Bools
    usual_hours: float

    @classmethod
    def of(cls, picture: Picture, peak: Peak) -> "_Calendar":
        team, now = picture.team, picture.desk.now
        first = peak.since - timedelta(days=peak.since.weekday())
        days = ((peak.until - first).days // DAYS + 1) * DAYS
        edges = np.array([midnight(team.tz, first + timedelta(days=n)) for n in range(days + 1)])
        past = now - WINDOW_DAYS * DAY
        clock = team_clock(team, past - DAY, float(edges[-1]) + DAY)
        planned = np.array([peak.since <= first + timedelta(days=n) <= peak.until for n in range(days)], np.bool_)
        return cls(
            first,
            np.diff(clock.elapsed(edges)),
            Roster.of(team, float(edges[0]) - DAY, float(edges[-1]) + DAY).hours(edges),
            planned,
            float(clock.between(past, now)),
        )

    def weekly(self, values: Floats) -> Floats:
        """Sums of each week, (weeks,)."""
        return np.asarray(values.reshape(-1, DAYS).sum(axis=1))


def _short(
    picture: Picture, belief: Belief, calendar: _Calendar, peak: Peak, rng: np.random.Generator
) -> tuple[Short, ...]:
    load = picture.load(picture.desk.now - WINDOW_DAYS * DAY)
    spread = picture.dispersion
    rate = rng.gamma((load.jobs + 0.5) / spread, spread / calendar.usual_hours, DRAWS)
    seen = belief.seen()
    service = seen.value * load.capacity / load.jobs * np.exp(_sigma(seen) * rng.standard_normal(DRAWS))
    unseen = belief.unseen * rng.uniform(0.5, 1.5, DRAWS)
    open_hours = calendar.weekly(calendar.length * (1 + peak.demand * calendar.planned))
    there = calendar.weekly(calendar.capacity)
    found = []
    for i, (hours, capacity) in enumerate(zip(open_hours.tolist(), there.tolist(), strict=True)):
        jobs = rng.gamma(np.maximum(rate * hours, 1e-9) / spread, spread)
        chance = service * np.sqrt(jobs * picture.service_scv) * rng.standard_normal(DRAWS)
        short = jobs * service + chance + unseen * capacity - capacity
        low, middle, high = np.quantile(short, (0.1, 0.5, 0.9)).tolist()
        found.append(Short(calendar.first + timedelta(weeks=i), Estimate(middle, low, high), capacity))
    return tuple(found)


def _wait(
    picture: Picture, belief: Belief, usual: Plan, calendar: _Calendar, peak: Peak, rng: np.random.Generator
) -> Estimate:
    """The weeks replayed: draws at the usual rate for ordinary days, and at the peak's for its days."""
    settling = usual.over(SETTLING_WEEKS)
    whole = replace(
        usual,
        length=np.concatenate((settling.length, calendar.length)),
        capacity=np.concatenate((settling.capacity, calendar.capacity)),
    )
    many = max(1.0, replace(usual, demand=1 + peak.demand).weekly / BUSIEST)
    whole = whole.bundled(whole.weekly / many)
    work = _doubt(belief, rng)
    ordinary = batch(whole, COPIES, rng, work=work)
    more = batch(replace(whole, demand=1 + peak.demand), COPIES, rng, work=work)
    days = np.concatenate((np.zeros(len(settling.length), np.bool_), calendar.planned))
    closed = np.concatenate((np.zeros(len(settling.length), np.bool_), _closed(usual, calendar.length)))
    took = (~ordinary.counted | ~days[ordinary.day], more.counted & days[more.day])
    both = _joined((ordinary, more), took, closed)
    return _mean_wait(whole, both, both.counted & days[both.day])


def _closed(usual: Plan, length: Floats) -> Bools:
    """Days that are usually open and then are not: nobody asks on a public holiday."""
    weekday = np.arange(len(length)) % DAYS
    return np.asarray((length <= 0) & (usual.length[weekday] > 0), np.bool_)


def _joined(batches: Sequence[Batch], took: Sequence[Bools], closed: Bools) -> Batch:
    """Rows taken from several batches as one, in order of arrival; the others ask for no work and do not count."""
    at = np.concatenate([b.at for b in batches])
    day = np.concatenate([b.day for b in batches])
    counted = np.concatenate([b.counted for b in batches])
    kept = np.concatenate(list(took)) & ~(counted & closed[day])
    service = np.where(kept, np.concatenate([b.service for b in batches]), 0.0)
    order = np.argsort(at, axis=0, kind="stable")
    return Batch(
        np.take_along_axis(at, order, 0),
        np.take_along_axis(service, order, 0),
        np.take_along_axis(day, order, 0),
        np.take_along_axis(counted & kept, order, 0),
    )


def _mean_wait(ahead: Plan, drawn: Batch, measured: Bools) -> Estimate:
    """Mean wait of the rows measured in each copy: its median and 80% range over the copies."""
    found = np.maximum(waits(drawn.at, drawn.service, ahead.people), 0.0)
    number = measured.sum(axis=0)
    mean = (found * measured).sum(axis=0)[number > 0] / number[number > 0]
    if not len(mean):
        return Estimate(0.0, 0.0, 0.0)
    low, middle, high = np.quantile(mean, (0.1, 0.5, 0.9)).tolist()
    return Estimate(middle, low, high)


def _sigma(estimate: Estimate) -> float:
    """Standard deviation of the logarithm that an 80% range stands for."""
    return math.log(estimate.high / estimate.low) / 2 / _NORMAL_90 if estimate.low > 0 else 1.0


def _doubt(belief: Belief, rng: np.random.Generator) -> Floats:
    """For each copy a factor of its hands-on times: what is not known of the load."""
    sigma = math.hypot(_sigma(belief.all_work()), OFF_BY)
    return lognormal(1.0, math.expm1(sigma**2), (COPIES,), rng)
