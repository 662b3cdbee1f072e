"""Hours worked, as far as signals show them. Sums over the whole team only; no figure about anybody leaves here.

Working-clock hours are used throughout, so nights between a claim and its ✅ do not count.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.health.facts import Bools, Floats, Ints
from bot.health.seen.capacity import Roster
from bot.health.seen.records import Requests
from bot.health.seen.worktime import WorkClock, united


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """The team's hours of work over time, and the jobs they were for.

    Attributes:
        at: Working-clock hours, ascending.
        done: Person-hours worked up to each of them.
        finished: Unix seconds at which each job whose work was seen was closed.
        service: Person-hours held for each of these jobs (not united: for their variability, and how queues differ).
        queue: Storage's number of the channel of each of these jobs.
    """

    at: Floats
    done: Floats
    finished: Floats
    service: Floats
    queue: Ints

    def between(self, edges: Floats) -> Floats:
        """Person-hours between neighbouring edges (working-clock hours, ascending)."""
        if not len(self.at):
            return np.zeros(max(len(edges) - 1, 0))
        return np.diff(np.interp(edges, self.at, self.done))


DISPATCHED = 0.6
"""Claims given by whoever gave the one before: above this share one person claims for the others."""


def from_claims(
    requests: Requests,
    clock: WorkClock,
    roster: Roster,
    now: float,
    elsewhere: Sequence[Requests] = (),
    *,
    at_once: bool = False,
) -> Work:
    """Claim to ✅, united for each actor so that what one person holds at once counts once.

    What somebody holds on several desks at once is split evenly among them: `elsewhere` are the requests of the
    other desks, one entry a desk, under the same pseudonyms.

    A claim that is still held counts up to now, but not longer than nine in ten finished ones took: most that last
    longer are ✅ nobody gave. Claims whose actor is unknown are united as far as people on duty allow (see
    `from_replies`); so are all claims of a desk that begins everything at once (`at_once`) where one person mostly
    gives them: the desk has such a request in hand, not whoever claimed it.
    """
    spans, jobs = requests.spans, requests.jobs
    start, end, known = _held(requests, clock, now)
    nobody = known if at_once and _dispatched(requests) else known & (spans.actor == 0)
    own = known & ~nobody
    busy = _Held.of(spans.actor[own], start[own], end[own])
    at, worked = _split(busy, elsewhere, clock, now) if elsewhere and own.any() else _sum(busy.start, busy.end)
    at, worked = _plus(at, worked, *_shared(start[nobody], end[nobody], clock, roster))
    closed = jobs.claimed & ~np.isnan(jobs.done)
    held = np.bincount(spans.job[known], (end - start)[known], minlength=len(jobs.opened))
    queue = requests.queue[jobs.request[closed]]
    return Work(at, worked, jobs.done[closed], held[closed].astype(np.float64), queue)


def from_replies(requests: Requests, clock: WorkClock, roster: Roster, quiet: float) -> Work:
    """First to last reply of each stretch; a rest longer than `quiet` working hours begins a new stretch.

    Nobody need be known: at each moment no more than the people on duty can be at work, so hours are
    ∫ min(N(t), c(t)) dt. Jobs with a single reply show no work, so they are not among those the hours were for.
    """
    said, jobs = requests.replies, requests.jobs
    at = clock.elapsed(said.at)
    new = np.ones(len(at), np.bool_)
    new[1:] = (said.job[1:] != said.job[:-1]) | (at[1:] - at[:-1] > quiet)
    start, end = at[new], at[np.append(new[1:], True)[: len(at)]]
    job = said.job[new]
    moments, worked = _shared(start, end, clock, roster)
    seen = np.bincount(said.job, minlength=len(jobs.opened)) > 1
    closed = seen & ~np.isnan(jobs.done)
    held = np.bincount(job, end - start, minlength=len(jobs.opened))
    queue = requests.queue[jobs.request[closed]]
    return Work(moments, worked, jobs.done[closed], held[closed].astype(np.float64), queue)


def _dispatched(requests: Requests) -> bool:
    """Whether most claims come from the same person as the one before, whoever that is."""
    spans = requests.spans
    actor = spans.actor[np.argsort(spans.start, kind="stable")]
    actor = actor[actor != 0]
    return len(actor) > 1 and bool(np.mean(actor[1:] == actor[:-1]) > DISPATCHED)


def _held(requests: Requests, clock: WorkClock, now: float) -> tuple[Floats, Floats, Bools]:
    """Start and end of each span in working-clock hours, and whether its length is known."""
    spans = requests.spans
    start = clock.elapsed(spans.start)
    end = np.where(spans.open, clock.elapsed(now), clock.elapsed(spans.end))
    finished = ~spans.open & ~np.isnan(end)
    if finished.any():
        longest = float(np.quantile((end - start)[finished], 0.9))
        end = np.where(spans.open, np.fmin(end, start + longest), end)
    return start, end, ~np.isnan(end) & (end > start)


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """United intervals, each with the actor who held something then."""

    actor: NDArray[np.uint64]
    start: Floats
    end: Floats

    @classmethod
    def of(cls, actor: NDArray[np.uint64], start: Floats, end: Floats) -> "_Held":
        start, end, number = _united_by(actor, start, end)
        return cls(np.unique(actor)[number], start, end)


def _split(busy: _Held, elsewhere: Sequence[Requests], clock: WorkClock, now: float) -> tuple[Floats, Floats]:
    """The sum of `busy`, each moment divided by the number of desks on which that actor holds something then.

    All actors lie one behind the other on one line, so that one sweep over it serves everybody.
    """
    others = []
    for requests in elsewhere:
        start, end, known = _held(requests, clock, now)
        shared = known & np.isin(requests.spans.actor, busy.actor) & (requests.spans.actor != 0)
        others.append(_Held.of(requests.spans.actor[shared], start[shared], end[shared]))
    if not any(len(other.start) for other in others):
        return _sum(busy.start, busy.end)
    actors = np.unique(busy.actor)
    width = max(float(held.end.max()) for held in (busy, *others) if len(held.end)) + 1
    lines = [(held.start + at, held.end + at) for held in (busy, *others) for at in (_place(held, actors) * width,)]
    cuts = np.unique(np.concatenate([edge for line in lines for edge in line]))
    middle = (cuts[1:] + cuts[:-1]) / 2
    mine, *theirs = [
        np.searchsorted(np.sort(start), middle) - np.searchsorted(np.sort(end), middle) for start, end in lines
    ]
    worked = mine > 0
    desks = 1 + np.sum(theirs, axis=0)[worked]
    apart = np.floor(middle[worked] / width) * width
    return _sum(cuts[:-1][worked] - apart, cuts[1:][worked] - apart, 1 / desks)


def _place(held: _Held, actors: NDArray[np.uint64]) -> Ints:
    return np.searchsorted(actors, held.actor)


def _united_by(actor: NDArray[np.uint64], start: Floats, end: Floats) -> tuple[Floats, Floats, Ints]:
    """Intervals of the same actor that overlap made one, with the number of their actor in sorted order."""
    if not len(start):
        return start, end, np.zeros(0, np.int64)
    order = np.lexsort((start, actor))
    actor, start, end = actor[order], start[order], end[order]
    number: Ints = np.zeros(len(actor), np.int64)
    number[1:] = np.cumsum(actor[1:] != actor[:-1])
    apart = number * (float(end.max()) + 1)  # each actor on a stretch of the line of their own
    a, b = united(start + apart, end + apart)
    whose: Ints = np.floor(a / (float(end.max()) + 1)).astype(np.int64)
    apart = whose * (float(end.max()) + 1)
    return a - apart, b - apart, whose


def _sum(start: Floats, end: Floats, weight: Floats | None = None) -> tuple[Floats, Floats]:
    """Total length of the intervals (each times its weight) up to each of their ends, as (moments, hours)."""
    moments, where = np.unique(np.concatenate((start, end)), return_inverse=True)
    weight = np.ones(len(start)) if weight is None else weight
    step = np.concatenate((weight, -weight))
    level = np.cumsum(np.bincount(where, step, minlength=len(moments)))
    hours = np.concatenate((np.zeros(1), np.cumsum(np.diff(moments) * level[:-1])))
    return moments, hours[: len(moments)]


def _shared(start: Floats, end: Floats, clock: WorkClock, roster: Roster) -> tuple[Floats, Floats]:
    """∫ min(N(t), c(t)) dt over intervals of unknown owners, as (moments, hours)."""
    if not len(start):
        return np.empty(0), np.empty(0)
    moments = np.unique(np.concatenate((start, end, clock.elapsed(roster.times))))
    middle = (moments[1:] + moments[:-1]) / 2
    open_then = np.searchsorted(np.sort(start), middle) - np.searchsorted(np.sort(end), middle)
    busy = np.minimum(open_then, roster.present(clock.at(middle))) * np.diff(moments)
    return moments, np.concatenate((np.zeros(1), np.cumsum(busy)))


def _plus(at: Floats, hours: Floats, more_at: Floats, more: Floats) -> tuple[Floats, Floats]:
    """The sum of two growing totals."""
    if not len(more_at) or not len(at):
        return (at, hours) if len(at) else (more_at, more)
    moments = np.union1d(at, more_at)
    return moments, np.interp(moments, at, hours) + np.interp(moments, more_at, more)
