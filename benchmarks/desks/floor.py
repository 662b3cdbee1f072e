"""The desk at work, event by event, on the axis of working hours.

First come, first served, by whoever has been idle longest. Somebody may claim several requests at once and work them
off one by one. Parked work waits for others while its owner goes on; it comes back to its owner, before anything new.
Whoever is away for days, or leaves, hands back what is unfinished, and somebody else claims it.
"""

import math
from collections import deque
from dataclasses import dataclass, field
from heapq import heappop, heappush

import numpy as np

from benchmarks.desks.people import DAY_HOURS, DAYS, START, WEEKS, Hours, to_hours
from benchmarks.desks.plan import Floats, Plan

# Chance that a full batch is claimed, not one request.
FULL_BATCH = 0.6
WEEK_HOURS = 40
READY, FREE, BACK, STOP, MORNING = range(5)


@dataclass(slots=True)
class Visit:
    """One time a request was worked on: the first, or after it came back."""

    request: int
    turn: int
    ready: float
    left: float
    split: float = 0.0  # share of the work done when it is parked, 0 when it is not
    start: float = math.nan
    done: float = math.nan
    person: int = -1
    claims: list[tuple[float, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Arrivals:
    """When requests come: Unix seconds, ascending, and their hours of work."""

    at: Floats
    work: Floats


def arrivals(plan: Plan, rng: np.random.Generator) -> Arrivals:
    """All requests of 26 weeks: busier and quieter days, nights, weekends, and bursts within an hour."""
    times = []
    for week in range(WEEKS):
        bursts = int(rng.poisson(plan.burst_per_week))
        calm = max(plan.lam[week] - plan.burst_per_week * plan.burst_size, 0.0)
        for day in range(7):
            mood = rng.gamma(1.0 / plan.day_cv**2, plan.day_cv**2)
            count = int(rng.poisson(calm * plan.habits.by_day[day] * mood))
            hours = rng.choice(24, size=count, p=plan.habits.by_hour) + rng.random(count)
            times.append(START + (7 * week + day) * 86_400.0 + hours * 3_600.0)
        for _ in range(bursts):
            begin = START + (7 * week + int(rng.integers(5))) * 86_400.0 + rng.uniform(9.0, 16.0) * 3_600.0
            times.append(begin + rng.uniform(0.0, rng.uniform(600.0, 5_400.0), plan.burst_size))
    at = np.sort(np.concatenate(times))
    means = plan.service[((at - START) // (7 * 86_400.0)).astype(int)]
    return Arrivals(at, means * lognormal(plan.cs2, len(at), rng))


def lognormal(cs2: float, size: int, rng: np.random.Generator) -> Floats:
    """Draws of mean one and squared coefficient of variation `cs2`."""
    spread = math.log1p(cs2)
    found: Floats = rng.lognormal(-spread / 2, math.sqrt(spread), size)
    return found


class Floor:
    """One run of a desk. `run` gives all visits, in the order in which they became ready."""

    def __init__(self, plan: Plan, came: Arrivals, rng: np.random.Generator) -> None:
        self.plan, self.rng = plan, rng
        # Unfinished work is handed back when its end would be put off by so many hours; a shade less, for rounding.
        self.put_off = plan.habits.put_off_days * DAY_HOURS - 0.01
        self.hours = [Hours(p) for p in plan.people]
        self.queue: deque[Visit] = deque()
        self.own: list[deque[Visit]] = [deque() for _ in plan.people]
        self.idle = [int(n) for n in rng.permutation(len(plan.people))]
        self.events: list[tuple[float, int, int, Visit | None, int]] = []
        self.visits: list[Visit] = []
        self.number = 0
        for request, (at, work) in enumerate(zip(came.at.tolist(), came.work.tolist(), strict=True)):
            self._come(Visit(request, 0, to_hours(at), work))
        for day in range(DAYS + max(len(h.days) for h in self.hours)):
            self._at(float(day * DAY_HOURS), MORNING)
        self.waiting = len(self.visits)

    def run(self) -> list[Visit]:
        """Until the last week is over and every request has been begun."""
        end = DAYS * DAY_HOURS
        while self.events and (self.waiting or self.events[0][0] < end):
            at, _, what, visit, person = heappop(self.events)
            if visit is not None:
                if what == READY:
                    self.queue.append(visit)
                elif what == BACK:
                    self._return(visit, person, at)
                elif what == FREE:
                    self._finish(visit, person, at)
                else:
                    self._hand_back(visit, person)
            self._dispatch(at)
        return self.visits

    def _at(self, at: float, what: int, visit: Visit | None = None, person: int = -1) -> None:
        self.number += 1
        heappush(self.events, (at, self.number, what, visit, person))

    def _come(self, visit: Visit) -> None:
        if self.plan.p_blocked and self.rng.random() < self.plan.p_blocked:
            visit.split = self.rng.uniform(0.2, 0.8)
        self.visits.append(visit)
        self._at(visit.ready, READY, visit)

    def _dispatch(self, at: float) -> None:
        """Give work to those who are idle and there."""
        for person in list(self.idle):
            if not (self.queue or any(self.own)):
                return
            if self.hours[person].there(at) and (self.own[person] or self.queue):
                self.idle.remove(person)
                self._begin(self._take(person, at), person, at)

    def _take(self, person: int, at: float) -> Visit:
        """The next piece of work, with what is claimed along with it."""
        own = self.own[person]
        if not own:
            most = self.plan.batch_claim if self.rng.random() < FULL_BATCH else 1
            for _ in range(min(most, len(self.queue))):
                visit = self.queue.popleft()
                visit.claims.append((at, person))
                own.append(visit)
        return own.popleft()

    def _begin(self, visit: Visit, person: int, at: float) -> None:
        if math.isnan(visit.start):
            visit.start = at
            self.waiting -= visit.turn == 0
        visit.person = person
        piece = visit.left * (visit.split or 1.0)
        end = self.hours[person].after(at, piece)
        if end - at - piece < self.put_off:
            self._at(end, FREE, visit, person)
            return
        stop = self.hours[person].leaves(at)
        visit.left -= stop - at
        self._at(stop, STOP, visit, person)

    def _finish(self, visit: Visit, person: int, at: float) -> None:
        self.idle.append(person)
        if visit.split:
            visit.left *= 1.0 - visit.split
            visit.split = 0.0
            self._at(at + self.rng.exponential(self.plan.habits.park_hours), BACK, visit, person)
            return
        visit.done = at
        week = min(int(at // WEEK_HOURS), WEEKS - 1)
        if self.rng.random() < self.plan.again[week]:
            work = 0.8 * float(self.plan.service[week] * lognormal(self.plan.cs2, 1, self.rng)[0])
            ready = at + self.rng.exponential(self.plan.habits.back_hours)
            self._come(Visit(visit.request, visit.turn + 1, ready, work))

    def _return(self, visit: Visit, person: int, at: float) -> None:
        """Parked work goes on with its owner, unless the owner is away for days."""
        if self.hours[person].back(at) - at < self.put_off:
            self.own[person].appendleft(visit)
        else:
            self.queue.appendleft(visit)

    def _hand_back(self, visit: Visit, person: int) -> None:
        self.idle.append(person)
        self.queue.extendleft(reversed([visit, *self.own[person]]))
        self.own[person].clear()
