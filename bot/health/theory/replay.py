"""Replay: how long requests would wait, found by letting many copies of the desk live through the same weeks.

Formulas for queues know no nights, no absences and only two moments of the work. A replay takes the arrivals as they
really came, with what piled up overnight waiting at the opening, lognormal work and the people who were there, and
follows each request by the recursion of Kiefer & Wolfowitz (1955, Trans. Amer. Math. Soc. 78): whoever is free first
takes the next request. All copies step together, one request at a time, so that numpy does the work.

Times are hours on the working clock. Somebody's absence is a job like any other, which comes when the absence begins
and takes one of the people for as long; it takes exactly these hours from the desk, a little later where all are busy.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from bot.health.facts import Bools, Floats, Ints

DAYS = 7
SORTED_UP_TO = 24
"""Up to so many people keeping them in order is quicker than looking for the first."""


def waits(arrivals: ArrayLike, service: ArrayLike, people: int) -> Floats:
    """Waits of requests served first come first served by whoever is free first, all free at the beginning.

    Args:
        arrivals: Times, ascending; (n,) the same for all copies, or (n, copies).
        service: Hands-on times in the same unit, (n, copies).
        people: Whole number, 1 or more.

    Returns:
        Waits, (n, copies).

    Raises:
        ValueError: Nobody to serve, or shapes that do not fit.
    """
    came, work = np.asarray(arrivals, np.float64), np.ascontiguousarray(service, np.float64)
    if people < 1:
        raise ValueError(f"{people} people cannot serve anybody")
    if work.ndim != 2 or came.shape[:1] != work.shape[:1] or came.ndim not in (1, 2):
        raise ValueError(f"arrivals of shape {came.shape} do not fit service of shape {work.shape}")
    came = np.ascontiguousarray(came[:, None] if came.ndim == 1 else came)
    free: Floats = np.zeros((people, work.shape[1])) + min(0.0, float(came[:1].min(initial=0.0)))
    step = _in_order if people <= SORTED_UP_TO else _whoever_is_first
    return step(came, work, free)


def _in_order(came: Floats, work: Floats, free: Floats) -> Floats:
    """The recursion with the moments at which people are free kept ascending."""
    begun = np.empty_like(work)
    rows = list(free)
    later = np.empty(work.shape[1])
    for i in range(len(work)):
        start = np.maximum(rows[0], came[i], out=begun[i])
        end = np.add(start, work[i], out=rows[0])
        for k in range(1, len(rows)):  # carry the new end up to its place
            np.maximum(end, rows[k], out=later)
            np.minimum(end, rows[k], out=rows[k - 1])
            rows[k], later = later, rows[k]
            end = rows[k]
    return np.subtract(begun, came, out=begun)


def _whoever_is_first(came: Floats, work: Floats, free: Floats) -> Floats:
    """The recursion with a search for the person who is free first."""
    begun = np.empty_like(work)
    flat, width = free.reshape(-1), work.shape[1]
    column = np.arange(width)
    for i in range(len(work)):
        place = free.argmin(axis=0) * width + column
        start = np.maximum(flat[place], came[i], out=begun[i])
        flat[place] = start + work[i]
    return np.subtract(begun, came, out=begun)


def lognormal(mean: float, scv: float, shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
    """Lognormal times of this mean and squared coefficient of variation; all equal where it is 0."""
    if scv <= 0:
        return np.full(shape, float(mean))
    spread = math.log1p(scv)
    return rng.lognormal(math.log(mean) - spread / 2, math.sqrt(spread), shape)


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A desk that can be replayed: a week of opening, people there, and weeks of arrivals to draw days from.

    Attributes:
        length: Working hours of each day to replay, (days,).
        capacity: Person-hours on each of them, (days,).
        offset: Hours from its day's opening to each past arrival, by day.
        first: Where the arrivals of each past day begin in `offset`, (past weeks, 7).
        count: How many came on each past day, (past weeks, 7).
        service: Mean hands-on hours of one request.
        service_scv: Its squared coefficient of variation.
        demand: Arrivals, as a multiple of the past.
        bundle: Requests replayed as one, so that a busy desk takes no longer than a small one.
    """

    length: Floats
    capacity: Floats
    offset: Floats
    first: Ints
    count: Ints
    service: float
    service_scv: float
    demand: float = 1.0
    bundle: float = 1.0

    @property
    def weekly(self) -> float:
        """Requests in a week, before bundling."""
        return float(self.count.sum()) / len(self.count) * self.demand * self.bundle

    @property
    def utilization(self) -> float:
        """Offered load ÷ capacity."""
        weeks = len(self.length) / DAYS
        return self.weekly * weeks * self.service / float(self.capacity.sum())

    @property
    def people(self) -> int:
        """People there at the fullest moment, part of one counted whole."""
        open_ = self.length > 0
        return max(1, math.ceil(float((self.capacity[open_] / self.length[open_]).max(initial=0.0)) - 1e-6))

    def bundled(self, most: float) -> "Plan":
        """The same with so many requests made one that no more than `most` come in a week; work is kept."""
        many = max(1, math.ceil(self.weekly / most))
        if many == 1:
            return self
        kept = np.arange(many // 2, len(self.offset), many)  # every n-th, whichever day it came on
        edges = np.searchsorted(kept, np.append(self.first.ravel(), len(self.offset)))
        first, count = edges[:-1].reshape(self.first.shape), np.diff(edges).reshape(self.first.shape)
        exact = len(self.offset) / max(1, len(kept))
        return replace(self, offset=self.offset[kept], first=first, count=count, bundle=self.bundle * exact)

    def over(self, weeks: int) -> "Plan":
        """The same for so many weeks, each like the first."""
        return replace(self, length=np.tile(self.length[:DAYS], weeks), capacity=np.tile(self.capacity[:DAYS], weeks))


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Copies of the same weeks, ready for `waits`; all arrays are (n, copies).

    Attributes:
        at: When it comes.
        service: What it takes.
        day: The day it comes on.
        counted: A request; else an absence, or nothing.
    """

    at: Floats
    service: Floats
    day: Ints
    counted: Bools


def batch(plan: Plan, copies: int, rng: np.random.Generator, *, work: Floats | None = None) -> Batch:
    """Draw copies of the weeks of a plan.

    Each day's arrivals are those of a past day of the same weekday, drawn anew for each copy. A demand of 1.2 adds one
    in five of the arrivals of another such day, one of 0.8 leaves one in five out, so that the pattern of the day and
    its bursts stay.

    Args:
        plan: The desk.
        copies: How many.
        rng: Draws.
        work: A factor for each copy's hands-on times, (copies,); None: 1.
    """
    opening = np.concatenate(([0.0], np.cumsum(plan.length)))
    drawn = [_days(plan, copies, keep, opening, rng) for keep in _shares(plan.demand)]
    copy, at, day = (np.concatenate(column) for column in zip(*drawn, strict=True))
    hours = lognormal(plan.service * plan.bundle, plan.service_scv, at.shape, rng)
    if work is not None:
        hours = hours * work[copy]
    start, away, on = absences(plan.length, plan.capacity, plan.people)
    every = np.repeat(np.arange(copies), len(start))
    return _packed(
        np.concatenate((every, copy)),
        np.concatenate((np.tile(start, copies), at)),
        np.concatenate((np.tile(away, copies), hours)),
        np.concatenate((np.tile(on, copies), day)),
        np.concatenate((np.zeros(len(every), np.bool_), np.ones(len(copy), np.bool_))),
        copies,
    )


def absences(length: Floats, capacity: Floats, people: int) -> tuple[Floats, Floats, Ints]:
    """What is missing each day to `people` being there all day, as jobs: (when they begin, hours, day)."""
    opening = np.concatenate(([0.0], np.cumsum(length)))[:-1]
    missing = np.maximum(people * length - capacity, 0.0)
    whole = np.floor(np.divide(missing, length, out=np.zeros_like(missing), where=length > 0) + 1e-9).astype(np.int64)
    rest = missing - whole * length
    parts = rest > 1e-6
    day = np.concatenate((np.repeat(np.arange(len(length)), whole), np.flatnonzero(parts)))
    return opening[day], np.concatenate((np.repeat(length, whole), rest[parts])), day


def _shares(demand: float) -> list[float]:
    """A multiple as whole copies and a part: 2.3 → 1, 1, 0.3."""
    whole = int(demand)
    part = demand - whole
    return [1.0] * whole + ([part] if part > 1e-12 or not whole else [])


def _days(plan: Plan, copies: int, keep: float, opening: Floats, rng: np.random.Generator) -> tuple[Ints, Floats, Ints]:
    """One past day for each day to replay and each copy, with a share of its arrivals: (copy, when, day)."""
    days = len(plan.length)
    week = rng.integers(0, len(plan.count), (copies, days))
    weekday = np.broadcast_to(np.arange(days) % DAYS, week.shape)
    number = plan.count[week, weekday].ravel()
    source = np.repeat(plan.first[week, weekday].ravel(), number)
    place = np.arange(len(source)) - np.repeat(np.cumsum(number) - number, number)
    cell = np.repeat(np.arange(copies * days), number)
    offset = plan.offset[source + place]
    if keep < 1:
        kept = rng.random(len(cell)) < keep
        cell, offset = cell[kept], offset[kept]
    day = cell % days
    return cell // days, opening[day] + np.minimum(offset, plan.length[day]), day


def _packed(copy: Ints, at: Floats, service: Floats, day: Ints, counted: Bools, copies: int) -> Batch:
    """Rows as columns, one a copy, each in the order of arrival; shorter ones end with nothing."""
    order = np.lexsort((at, copy))
    copy, at, service, day, counted = copy[order], at[order], service[order], day[order], counted[order]
    number = np.bincount(copy, minlength=copies)
    row = np.arange(len(copy)) - (np.cumsum(number) - number)[copy]
    most = int(number.max(initial=0))
    last = float(at.max(initial=0.0))
    shape = (most, copies)
    made = Batch(np.full(shape, last), np.zeros(shape), np.zeros(shape, np.int64), np.zeros(shape, np.bool_))
    for column, values in ((made.at, at), (made.service, service), (made.day, day), (made.counted, counted)):
        column[row, copy] = values
    return made
