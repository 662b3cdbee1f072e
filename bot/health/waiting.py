"""What waits: the open requests of a desk, oldest first, and whose turn it is.

They are those that are told as open everywhere (`bot.health.seen.flow.flow`): each is in one group. Whose turn it is
follows from what was said last while the request has been open: after the desk's reply it is the asker's; what the
asker writes, a claim or a reopening makes it the desk's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

import numpy as np

from bot.health.facts import Bools, Facts, Floats, Ints
from bot.health.picture import Picture
from bot.health.results import Tier
from bot.health.seen.flow import Desk
from bot.health.seen.records import ARRIVED, Requests
from bot.health.seen.tier import tier
from bot.signal import Kind

SHORTEST, USUAL = 4.0, 8.0
"""Working hours: a desk is not called quiet sooner, and a day while fewer than `ENOUGH` silences are known."""

ENOUGH = 20

_ASKS = (Kind.ARRIVAL, Kind.FOLLOWUP, Kind.NOD, Kind.CHASE, Kind.THANKS, Kind.REOPEN)


class Turn(Enum):
    """What an open request waits for."""

    NOBODY = "nobody_yet"
    """Nobody of the desk has claimed it or replied; or whoever did has given it back."""

    IN_HAND = "in_hand"
    """The desk's turn, and it was heard of not long ago."""

    QUIET = "taken_and_quiet"
    """The desk's turn, and nothing was heard of it for longer than usual here (`silence`)."""

    ASKER = "waiting_for_the_asker"
    """The desk wrote last."""

    ELSEWHERE = "may_be_answered_elsewhere"
    """It waits longer than 99 in 100 ever did and was passed over (`bot.health.days.Apart`)."""


@dataclass(frozen=True, slots=True)
class Open:
    """One open request. Who is a pseudonym, to show somebody their own; no message ever says it.

    Attributes:
        queue: Storage's number of the channel.
        request: Key of its first post.
        arrived: Unix seconds.
        turn: What it waits for.
        holder: Pseudonym of whoever of the desk took it last, 0 for nobody or unknown.
        asker: Pseudonym of whoever asked, 0 unknown.
    """

    queue: int
    request: int
    arrived: float
    turn: Turn
    holder: int
    asker: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """All that is open at a desk.

    Attributes:
        at: As of when, Unix seconds.
        open: The requests, oldest first.
        small: One or two answer here: how many of theirs are quiet would be about a person.
        unthreaded: Answers seem to stand in the channel, so that many of these may have been answered.
    """

    at: float
    open: tuple[Open, ...]
    small: bool
    unthreaded: bool

    def of(self, *turns: Turn) -> tuple[Open, ...]:
        """Those of some groups."""
        return tuple(one for one in self.open if one.turn in turns)


def waiting(picture: Picture) -> Waiting:
    """What is open at a team at the moment of its picture, and in which group."""
    desk = picture.desk
    r, jobs = desk.requests, desk.requests.jobs
    rows = np.flatnonzero(r.open & ~np.isnan(r.arrived))
    job = np.searchsorted(jobs.request, rows, "right") - 1  # its last one, the only one that can be open
    apart = _apart(picture)
    quiet_after = silence(desk)
    heard = desk.clock.between(r.last[rows], desk.now)
    stories = _stories(
        picture.stand, desk.requests, rows, np.where(jobs.cause[job] == ARRIVED, -np.inf, jobs.opened[job])
    )
    found = []
    for row, at, hours, story in zip(rows.tolist(), job.tolist(), heard.tolist(), stories, strict=True):
        turn = Turn.ELSEWHERE if apart[at] else story.turn(hours > quiet_after)
        found.append(
            Open(int(r.queue[row]), int(r.request[row]), float(r.arrived[row]), turn, story.holder, story.asker)
        )
    small = tier(picture.team, desk.now) is Tier.REQUESTS
    return Waiting(desk.now, tuple(sorted(found, key=lambda one: one.arrived)), small, desk.unthreaded)


def silence(desk: Desk) -> float:
    """Working hours of silence that nine in ten here stay under, in jobs that were closed; `SHORTEST` at least.

    Between two neighbouring signs of one job: it was claimed, the desk replied, it was closed.
    """
    jobs, spans, said = desk.requests.jobs, desk.requests.spans, desk.requests.replies
    closed = np.flatnonzero(~np.isnan(jobs.done))
    job = np.concatenate((spans.job, said.job, closed))
    at = desk.clock.elapsed(np.concatenate((spans.start, said.at, jobs.done[closed])))
    kept = np.isin(job, closed) & ~np.isnan(at)
    order = np.lexsort((at[kept], job[kept]))
    job, at = job[kept][order], at[kept][order]
    gaps = np.diff(at)[job[1:] == job[:-1]]
    return USUAL if len(gaps) < ENOUGH else max(SHORTEST, float(np.quantile(gaps, 0.9)))


def _apart(picture: Picture) -> Bools:
    """Which jobs may be answered elsewhere now, by the days that the verdict rests on.

    Those wait from the working hour at which they were asked. Of several asked at the same one (all of a night are),
    none of which is begun, all were passed over or none.
    """
    desk, days = picture.desk, picture.days
    jobs, since = desk.requests.jobs, days.apart
    waits = jobs.open & (np.isnan(jobs.started) | days.at_once)
    now: Floats = np.asarray(desk.clock.elapsed(desk.now))
    passed = since.opened[np.isinf(since.until) & (since.since <= now)]
    return np.asarray(waits & np.isin(desk.opened, passed))


@dataclass(slots=True)
class _Story:
    """What was heard of one open request since it was last opened."""

    opened: float
    asker: int = 0
    claims: list[int] = field(default_factory=list)
    replier: int | None = None
    desk_last: bool = False

    @property
    def holder(self) -> int:
        """Who claimed it last and did not give it back, else who replied last."""
        return self.claims[-1] if self.claims else self.replier or 0

    def turn(self, quiet: bool) -> Turn:
        """What it waits for, if it is quiet, and if it is not."""
        if not self.claims and self.replier is None:
            return Turn.NOBODY
        if self.desk_last:
            return Turn.ASKER
        return Turn.QUIET if quiet else Turn.IN_HAND

    def hear(self, kind: int, actor: int, undoes: int) -> None:
        """The next fact."""
        if kind == Kind.CLAIM:
            self.claims.append(actor)
            self.desk_last = False
        elif kind == Kind.REPLY:
            self.replier, self.desk_last = actor, True
        elif kind in _ASKS:
            self.desk_last = False
        elif kind == Kind.WITHDRAW and undoes == Kind.CLAIM and actor in self.claims:
            self.claims.remove(actor)  # given back


def _stories(f: Facts, r: Requests, rows: Ints, opened: Floats) -> Iterable[_Story]:
    """One of each of these requests, in their order."""
    keys = zip(r.queue[rows].tolist(), r.request[rows].tolist(), strict=True)
    found = {key: _Story(at) for key, at in zip(keys, opened.tolist(), strict=True)}
    f = f.take(np.isin(f.request, r.request[rows]))
    columns = (f.queue, f.request, f.kind, f.actor, f.undoes, f.at, f.timed)
    for queue, request, kind, actor, undoes, at, timed in zip(*(c.tolist() for c in columns), strict=True):
        story = found.get((queue, request))
        if story is None:
            continue
        if kind == Kind.ARRIVAL and not story.asker:
            story.asker = actor
        # a claim of which nobody knows when has the message's time, which is before any reopening
        if at >= story.opened and (timed or kind == Kind.CLAIM):
            story.hear(kind, actor, undoes)
    return found.values()
