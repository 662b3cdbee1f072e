"""What each day adds up to: the columns that every figure of the verdict is a sum of over some days.

Each value is a function of what had happened by the end of its day, so that one pass over a history gives every day as
it was known then, as far as nobody corrected a fact afterwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from bot.health import peaks
from bot.health.facts import Bools, Facts, Floats
from bot.health.intervals import late, lived, present, remaining
from bot.health.quality import heard_from
from bot.health.results import Basis
from bot.health.seen.capacity import on_roster
from bot.health.seen.flow import Desk, count
from bot.health.seen.records import Requests
from bot.health.seen.work import Work, from_claims
from bot.health.seen.worktime import Hours, shifts, time_zone
from bot.signal import Kind
from bot.team import Team

_EVERY_DAY = Hours(tuple((day, 0, 1440) for day in range(7)))

AT_ONCE, MINUTES = 0.8, 5 / 60
"""Where this share of the first jobs is begun within so many working hours, waits alone tell nothing: how long jobs
last is looked at as well."""

PASSED_OVER = 20
"""So many that came later were begun before one that waits longer than 99 in 100 did: it may be answered elsewhere."""

FIRST = 42
"""Days that tell what is usual, before anything else is known."""

FORGOTTEN = 2.0
"""Claims held so many times longer than nine in ten are ✅ that nobody gave."""


@dataclass(frozen=True, slots=True, eq=False)
class Apart:
    """Requests that may be answered elsewhere, one row each; working-clock hours.

    Attributes:
        opened: When they were asked.
        since: From when on they may be set apart.
        until: When they were begun or closed; infinite while they wait.
    """

    opened: Floats
    since: Floats
    until: Floats

    def waited(self, start: float, end: float, which: Bools, apart: bool) -> float:
        """Hours that those in the mask waited between two moments; if they are set apart, until they were."""
        until = np.minimum(self.until, self.since) if apart else self.until
        spent = np.minimum(until, end) - np.maximum(self.opened, start)
        return float(np.maximum(spent, 0.0)[which].sum())

    def waiting(self, end: float, which: Bools) -> int:
        """How many of those in the mask wait at a moment."""
        return int(np.count_nonzero((self.opened <= end) & (self.until > end) & which))


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """One value a day, oldest first; sums over days are what is judged.

    Attributes:
        edges: Unix seconds; day i lies between edge i and i + 1.
        clock: The edges in working-clock hours.
        there: Whether somebody was on duty, and the day is not in a known peak that brought no more than was planned.
        open_hours: The desk's working hours.
        hours: Person-hours on duty.
        jobs: Requests and reopenings that came.
        again: Of them reopenings; NaN on days of which reactions were read back, as nobody knows what came back then.
        counted: Closed jobs whose work was seen.
        busy: Person-hours asked for: worked, and the work of so many jobs as wait more at the day's end than at its
            beginning, so that what is put off is asked for all the same; zeros where no work is seen.
        waited: Hours that jobs waited to be begun, without those that may be answered elsewhere.
        lasted: Hours until they were closed, likewise.
        waits: Jobs of the day that were seen to be begun, and how long they waited, hours: (days, 2).
        late: Of all jobs so far, likewise: how many had waited longer than the target by the day's end, how many of
            those were begun before it, and how many were begun in time by its end and before it; zeros without a
            target: (days, 4).
        left: Jobs that wait at the day's end, without the same.
        unclosed: Jobs that are not closed at the day's end, likewise.
        remains: Hours of work that remain of begun ones at the day's end.
        chases: How often askers asked again.
        acting: How many people of the desk were seen to act.
        roster: People on the roster, at work or away.
        apart: Those that may be answered elsewhere.
        at_once: Whether nearly all was begun as it came at first.
    """

    edges: Floats
    clock: Floats
    there: Bools
    open_hours: Floats
    hours: Floats
    jobs: Floats
    again: Floats
    counted: Floats
    busy: Floats
    waited: Floats
    lasted: Floats
    waits: Floats
    late: Floats
    left: Floats
    unclosed: Floats
    remains: Floats
    chases: Floats
    acting: Floats
    roster: Floats
    apart: Apart
    at_once: bool

    def __len__(self) -> int:
        return len(self.hours)

    @property
    def watched(self) -> Bools:
        """Days that tell who acts: somebody did, or somebody could have, as something came or waited.

        From the first on of which it is known, as actors are forgotten in time.
        """
        known = np.maximum.accumulate(self.acting > 0)
        return np.asarray(known & ((self.acting > 0) | (self.jobs > 0) | (self.left > 0)))

    @property
    def active(self) -> float | None:
        """People who acted per hour on duty over the last two weeks, as a share of the first ones'; None unknown.

        Actors are forgotten after some months, so the first days are the first that have any.
        """
        known = np.flatnonzero(self.acting)
        if len(self) <= FIRST or not len(known):
            return None
        first, last = slice(int(known[0]), int(known[0]) + FIRST), slice(-14, None)
        before, now = self.acting[first].sum(), self.acting[last].sum()
        hours = self.hours[first].sum(), self.hours[last].sum()
        return float(now / hours[1] / (before / hours[0])) if min(hours) > 0 else None


def midnight(tz: str, at: float) -> float:
    """Unix second at which the day of that moment began there."""
    return peaks.midnight(tz, datetime.fromtimestamp(at, time_zone(tz)).date())


def midnights(tz: str, start: float, now: float) -> Floats:
    """Midnights there from start on, and now as the end of the last day (Unix seconds); empty where start is later."""
    table = shifts(_EVERY_DAY, tz, start - 2 * 86400, now)
    _, first = np.unique(table.days, return_index=True)  # a clock change may have cut a day in two
    opens = table.opens[first]
    past = opens[(opens >= start) & (opens < now)]
    return np.append(past, now) if len(past) else past


def days(
    desk: Desk,
    team: Team,
    facts: Facts,
    edges: Floats,
    basis: Basis | None,
    work: Work | None,
    planned: Bools,
    others: Sequence[Requests] = (),
) -> Days:
    """The days between the edges.

    Args:
        desk: The requests, as known at its `now`.
        team: The roster.
        facts: What was heard, for who asked again and who acted.
        edges: Midnights of the team, the last edge being now.
        basis: What utilization rests on, None where nothing tells the work.
        work: The hours seen; None where none are.
        planned: For each day whether it lies in a known peak that brought no more than was planned.
        others: Requests that people of this desk hold at others.
    """
    jobs, n = desk.requests.jobs, max(len(edges) - 1, 0)
    if n == 0:
        return _none(edges)
    clock = desk.clock.elapsed(edges)
    opened, begun, closed, seen = _moments(desk)
    first = opened < clock[min(FIRST, n)]
    at_once = _at_once((begun - opened)[first])
    last = closed if at_once else begun
    apart, rest = _apart(opened, last, first)
    came, started, ended = (np.sort(at[rest & ~np.isnan(at)]) for at in (opened, begun, closed))
    hours = desk.roster.hours(edges)
    work = _capped(desk, work, basis, float(edges[min(FIRST, n)]), others)
    counted = np.zeros(n) if work is None else count(work.finished, edges)
    worked = np.zeros(n) if work is None else work.between(clock)
    service = worked[:FIRST].sum() / max(counted[:FIRST].sum(), 1.0)
    left = present(came, started, clock)
    day = np.clip(np.searchsorted(clock, opened, "left") - 1, 0, n - 1)
    known = ~np.isnan(begun) & seen
    there = (hours > 0) & ~planned
    return Days(
        edges=edges,
        clock=clock,
        there=there,
        open_hours=np.diff(clock),
        hours=hours,
        jobs=count(jobs.opened, edges),
        again=np.where(edges[1:] > heard_from(desk.requests), count(jobs.opened[jobs.cause > 0], edges), np.nan),
        counted=counted,
        busy=worked + service * np.diff(left),
        waited=np.diff(lived(came, started, clock)),
        lasted=np.diff(lived(came, ended, clock)),
        waits=np.column_stack(
            (np.bincount(day[known], minlength=n), np.bincount(day[known], (begun - opened)[known], minlength=n))
        ).astype(np.float64),
        late=late(opened[rest], begun[rest], team.target_wait_hours, clock),
        left=left[1:],
        unclosed=present(came, ended, clock[1:]),
        remains=np.zeros(n) if work is None else remaining(begun, closed, service, clock[1:]),
        chases=_chases(facts, desk, edges),
        acting=np.where(hours > 0, _acting(facts, edges, desk.now), 0.0),
        roster=np.where(hours > 0, on_roster(team, edges), 0.0),
        apart=apart,
        at_once=at_once,
    )


def _none(edges: Floats) -> Days:
    no, none = np.zeros(0), np.zeros(0, np.bool_)
    nobody = Apart(no, no, no)
    pairs = np.zeros((0, 2))
    return Days(
        edges, no, none, no, no, no, no, no, no, no, no, pairs, np.zeros((0, 4)), no, no, no, no, no, no, nobody, False
    )


def _moments(desk: Desk) -> tuple[Floats, Floats, Floats, Bools]:
    """When each job was opened, begun and closed on the working clock (NaN while not), and whether it was seen begun.

    One that was closed or given up unseen to be begun waited until then; one closed at an unknown time is taken as
    never asked.
    """
    jobs = desk.requests.jobs
    over = np.fmin(jobs.done, jobs.gave_up)
    known = ~np.isnan(jobs.opened) & (jobs.open | ~np.isnan(over) | ~np.isnan(jobs.started))
    opened, begun, closed = (desk.clock.elapsed(at[known]) for at in (jobs.opened, jobs.started, over))
    over = ~jobs.open[known]
    closed = np.where(over, np.where(np.isnan(closed), begun, closed), np.nan)
    seen = ~np.isnan(begun)
    begun = np.where(np.isnan(begun) & over, closed, begun)
    return opened, np.fmin(begun, closed), closed, seen


def _capped(
    desk: Desk, work: Work | None, basis: Basis | None, early: float, others: Sequence[Requests]
) -> Work | None:
    """Hours worked, with no piece longer than `FORGOTTEN` times what nine in ten finished early ones took.

    An open piece counts like a closed one, so that taking back a ✅ never makes it shorter.
    """
    if basis is not Basis.CLAIMS:
        return work
    spans = desk.requests.spans
    start, end = desk.clock.elapsed(spans.start), desk.clock.elapsed(np.where(spans.open, desk.now, spans.end))
    known = (end - start)[~spans.open & (spans.start < early) & ~np.isnan(end)]
    if not len(known):
        return work
    end = np.fmin(end, start + FORGOTTEN * float(np.quantile(known, 0.9)))
    capped = replace(spans, end=desk.clock.at(end), open=np.zeros(len(end), np.bool_))
    return from_claims(
        replace(desk.requests, spans=capped), desk.clock, desk.roster, desk.now, others, at_once=desk.at_once
    )


def _at_once(wait: Floats) -> bool:
    wait = wait[~np.isnan(wait)]
    return bool(len(wait) >= PASSED_OVER and np.mean(wait <= MINUTES) >= AT_ONCE)


def _apart(opened: Floats, begun: Floats, first: Bools) -> tuple[Apart, Bools]:
    """Those that waited longer than 99 in 100 of the first and were passed over by twenty, and a mask of all others."""
    known = ~np.isnan(begun)
    early = (begun - opened)[known & first]
    longest = float(np.quantile(early, 0.99)) if len(early) else np.inf
    until = np.where(known, begun, np.inf)
    slow = np.flatnonzero(until - opened > longest)
    since = np.full(len(slow), np.inf)
    order = np.argsort(opened, kind="stable")
    begun_in_order = until[order]
    after = np.searchsorted(opened[order], opened[slow], "right")
    for i, (job, first_later) in enumerate(zip(slow.tolist(), after.tolist(), strict=True)):
        later = begun_in_order[first_later : first_later + 50 * PASSED_OVER]
        if len(later) >= PASSED_OVER:
            passed_at = np.partition(later, PASSED_OVER - 1)[PASSED_OVER - 1]
            since[i] = max(float(passed_at), opened[job] + longest)
    passed = since < until[slow]
    rest = np.ones(len(opened), np.bool_)
    rest[slow[passed]] = False
    return Apart(opened[slow[passed]], since[passed], until[slow[passed]]), rest


def _chases(facts: Facts, desk: Desk, edges: Floats) -> Floats:
    """How often askers asked again each day, about requests that count; twins of one fact count once."""
    rows = np.flatnonzero((facts.kind == Kind.CHASE) & (facts.at <= desk.now))
    known, asked = np.sort(desk.requests.request, kind="stable"), facts.request[rows]
    rows = rows[np.searchsorted(known, asked, "right") > np.searchsorted(known, asked, "left")]
    told = np.unique(np.column_stack((facts.request[rows].astype(np.float64), facts.at[rows])), axis=0)
    return count(told[:, 1], edges)


def _acting(facts: Facts, edges: Floats, now: float) -> Floats:
    """How many people of the desk were seen to act each day."""
    acts = (facts.kind == Kind.REPLY) | (facts.kind == Kind.CLAIM) | (facts.kind == Kind.DONE)
    rows = acts & (facts.actor != 0) & facts.timed & (facts.at <= now)
    actor, at = facts.actor[rows], facts.at[rows]
    people = np.unique(actor)
    seen = np.zeros((len(edges), len(people)), np.bool_)
    day = np.minimum(np.searchsorted(edges, at, "right"), len(edges) - 1)  # 0 is before the first day
    seen[day, np.searchsorted(people, actor)] = True
    return np.asarray(seen[1:].sum(axis=1), np.float64)
