"""Coordination: what organises work instead of doing it, and whether it grows faster than the work.

Counted among all messages and hand-offs are status questions (chases), hand-offs, those among them that go back to
somebody or to a desk that had the request before (bounces), and clarification rounds: the desk asks back before work
is taken, and the asker answers. The parts leave each other out, so they add up.
Whether they grow faster than the volume is the slope of log(coordination) on log(requests) by the week: least squares
with its 95% interval, Theil & Sen beside it (Sen 1968, JASA 63). It is told only of eight weeks or more whose sizes
span a factor of two.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from bot.health.facts import Bools, Facts, Floats, Ints
from bot.health.results import OF_A_PERSON, Coordination, Growth, Tier, Unknown
from bot.health.seen.corrections import SAME_REQUEST_SECONDS
from bot.health.seen.handover import moments
from bot.health.seen.tier import tier
from bot.health.seen.worktime import week_starts
from bot.health.theory.posterior import wilson
from bot.signal import Kind
from bot.team import Team

FEWEST_MESSAGES = 20
"""Messages and hand-offs below which no share is told."""

FEWEST_WEEKS, SPAN = 8, 2.0
MOST_BARE = 0.25
"""Share of weeks without any coordination, whose logarithm there is none, above which the rest would mislead."""

WORK, CHASE, HANDOFF, BOUNCE, CLARIFICATION = range(5)
NOTHING: Ints = np.zeros(0, np.int64)

_SAID = [int(kind) for kind in (Kind.ARRIVAL, Kind.REPLY, Kind.CHASE, Kind.FOLLOWUP, Kind.THANKS, Kind.NOD)]
_COMES = [int(kind) for kind in (Kind.ARRIVAL, Kind.PROMOTE)]
_MAKES = [*_COMES, int(Kind.CLAIM)]
_CLOSES = [int(kind) for kind in (Kind.DONE, Kind.REOPEN)]


@dataclass(frozen=True, slots=True, eq=False)
class Exchanges:
    """Messages and hand-offs of a team's requests.

    Attributes:
        at: Unix seconds of each.
        part: What each is: `WORK`, or what it coordinates.
        arrived: Unix seconds at which requests came.
        claimed: Unix seconds of claims, without which nobody sees when work starts.
    """

    at: Floats
    part: Ints
    arrived: Floats
    claimed: Floats


def exchanges(facts: Facts, back: Ints = NOTHING) -> Exchanges:
    """What was said and handed on, told apart.

    Args:
        facts: Of a team's queues, those that stand (`bot.health.seen.corrections.tidy`).
        back: Unix microseconds of hand-overs between desks that went back (`bot.health.seen.handover.bounces`).
    """
    f = _of_requests(facts)
    index = _group(f.queue, f.request)
    part = np.zeros(len(f), np.int64)
    if len(f):
        part[_clarifying(f, index)] = CLARIFICATION
        part[(f.kind == int(Kind.CHASE)) | _unanswered(f, index)] = CHASE
        moved, returned = _takeovers(f, index)
        part[moved | ((f.kind == int(Kind.HANDOFF)) & f.timed)] = HANDOFF
        part[returned | _came_back(f, back)] = BOUNCE
    counts = np.isin(f.kind, _SAID) | (part > WORK)
    came = np.isin(f.kind, _COMES)
    arrived = f.at[came & (_first(came, index) == np.arange(len(f)))] if len(f) else f.at
    return Exchanges(f.at[counts], part[counts], arrived, f.at[(f.kind == int(Kind.CLAIM)) & f.timed])


def measured(
    facts: Facts, team: Team, start: float, now: float, back: Ints = NOTHING
) -> tuple[Coordination | Unknown, Growth | Unknown]:
    """How much of what is said coordinates work, and whether it grows faster than it; or why that is not known.

    Args:
        facts: As in `exchanges`.
        team: Theirs: of a pair both would be a person's.
        start: Unix second of the window's start, for the share.
        now: Unix seconds.
        back: As in `exchanges`.
    """
    first = float(facts.at.min()) if len(facts) else now
    if tier(team, min(first, start), now) is Tier.REQUESTS:
        return OF_A_PERSON, OF_A_PERSON
    said = exchanges(facts, back)
    return share(said, start, now), growth(*weekly(said, week_starts(team.tz, first, now)))


def share(found: Exchanges, start: float, until: float) -> Coordination | Unknown:
    """Coordination's share of a window's messages and hand-offs, with Wilson intervals.

    Args:
        found: Exchanges, also older ones.
        start: Unix second of the window's start.
        until: … and end.
    """
    within = (found.at >= start) & (found.at <= until)
    n = int(np.count_nonzero(within))
    if n < FEWEST_MESSAGES:
        return Unknown(f"fewer than {FEWEST_MESSAGES} messages in the window")
    counts = np.bincount(found.part[within], minlength=5).tolist()
    parts = [wilson(count, n) for count in counts]
    begun = np.any((found.claimed >= start) & (found.claimed <= until))
    return Coordination(
        wilson(n - counts[WORK], n),
        parts[CHASE],
        parts[HANDOFF],
        parts[BOUNCE],
        parts[CLARIFICATION] if begun else Unknown("nobody claims requests, so nobody sees when work starts"),
    )


def weekly(found: Exchanges, edges: Floats) -> tuple[Floats, Floats]:
    """Requests and coordinating exchanges between neighbouring edges (Unix seconds, ascending)."""
    arrivals = np.histogram(found.arrived, edges)[0]
    coordinating = np.histogram(found.at[found.part > WORK], edges)[0]
    return arrivals.astype(np.float64), coordinating.astype(np.float64)


def growth(volume: Floats, coordination: Floats) -> Growth | Unknown:
    """How coordination grows with the volume, or why the weeks cannot tell.

    Args:
        volume: Requests of each week.
        coordination: What coordinated in it.
    """
    busy = volume > 0
    some = busy & (coordination > 0)
    x, y = volume[some].astype(np.float64), coordination[some].astype(np.float64)
    if x.size < FEWEST_WEEKS:
        return Unknown(f"fewer than {FEWEST_WEEKS} weeks have both requests and coordination")
    if np.count_nonzero(some) < (1 - MOST_BARE) * np.count_nonzero(busy):
        return Unknown("more than a quarter of the weeks have requests and no coordination")
    if x.max() < SPAN * x.min():
        return Unknown("the weeks are too alike in size to tell what grows with it")
    return loglog(x, y)


def loglog(x: Floats, y: Floats) -> Growth:
    """The slope of log y on log x.

    Args:
        x: Sizes, above 0, three at least and not all alike.
        y: As many counts, above 0.
    """
    u, v = np.log(x), np.log(y)
    n, spread = u.size, float(((u - u.mean()) ** 2).sum())
    slope = float(((u - u.mean()) * (v - v.mean())).sum()) / spread
    rest = v - v.mean() - slope * (u - u.mean())
    reach = float(stdtrit(n - 2, 0.975)) * float(np.sqrt((rest**2).sum() / (n - 2) / spread))
    i, j = np.triu_indices(n, 1)
    apart = u[i] != u[j]
    robust = float(np.median((v[j] - v[i])[apart] / (u[j] - u[i])[apart]))
    return Growth(slope, slope - reach, slope + reach, robust, n)


def _of_requests(f: Facts) -> Facts:
    """Without threads that are no requests: talk among the desk is work of its own."""
    if not len(f):
        return f
    index = _group(f.queue, f.request)
    made = np.bincount(index, np.isin(f.kind, _MAKES)) > 0
    return f if made.all() else f.take(made[index])


def _group(*columns: np.ndarray[tuple[int], np.dtype[np.generic]]) -> Ints:
    """Number of each row's group, of rows in which equal ones stand together."""
    new = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        new[1:] |= column[1:] != column[:-1]
    return np.cumsum(new)


def _first(mask: Bools, index: Ints) -> Ints:
    """For each row the first row of its group where the mask holds; beyond the last row where none does."""
    first = np.full(int(index[-1]) + 1, len(index))
    rows = np.flatnonzero(mask)[::-1]
    first[index[rows]] = rows
    return np.asarray(first[index])


def _unanswered(f: Facts, index: Ints) -> Bools:
    """What an asker adds, after the first minutes, to a thread that nobody answered: asking again."""
    came = _first(np.isin(f.kind, _COMES), index)
    late = (came < len(f)) & (f.at - f.at[np.minimum(came, len(f) - 1)] > SAME_REQUEST_SECONDS)
    before = np.arange(len(f)) < _first(f.kind == int(Kind.REPLY), index)
    return np.asarray((f.kind == int(Kind.FOLLOWUP)) & late & before)


def _clarifying(f: Facts, index: Ints) -> Bools:
    """What the desk asked back, and what the asker answered, before anybody took the request.

    Of requests that nobody claims it is not known when work starts, so nothing of them is a clarification.
    """
    claimed = _first((f.kind == int(Kind.CLAIM)) & f.timed, index)
    early = (claimed < len(f)) & (np.arange(len(f)) < claimed)
    asked, answered = f.kind == int(Kind.REPLY), np.isin(f.kind, (int(Kind.FOLLOWUP), int(Kind.NOD)))
    told = np.flatnonzero(early & (asked | answered))
    found = np.zeros(len(f), np.bool_)
    turn = np.flatnonzero((index[told][1:] == index[told][:-1]) & asked[told][:-1] & answered[told][1:])
    found[told[turn]] = found[told[turn + 1]] = True
    return found


def _takeovers(f: Facts, index: Ints) -> tuple[Bools, Bools]:
    """Claims by somebody else than the one before, and those of them by somebody who had held the job already."""
    stretch = np.cumsum(np.isin(f.kind, _CLOSES))
    rows = np.flatnonzero((f.kind == int(Kind.CLAIM)) & f.timed & (f.actor != 0))
    moved, returned = np.zeros(len(f), np.bool_), np.zeros(len(f), np.bool_)
    same = (index[rows][1:] == index[rows][:-1]) & (stretch[rows][1:] == stretch[rows][:-1])
    took = rows[1:][same & (f.actor[rows][1:] != f.actor[rows][:-1])]
    moved[took] = True
    held = rows[np.lexsort((rows, f.actor[rows], stretch[rows], index[rows]))]
    again = held[1:][np.diff(_group(index[held], stretch[held], f.actor[held])) == 0]
    returned[again] = moved[again]
    return moved, returned


def _came_back(f: Facts, back: Ints) -> Bools:
    """The message by which another desk gave a request back, and the hand-off by which this one did."""
    if not len(back):
        return np.zeros(len(f), np.bool_)
    given = (f.kind == int(Kind.HANDOFF)) & f.timed & np.isin(moments(f.at), back)
    return np.asarray(given | (np.isin(f.kind, _SAID) & np.isin(f.message, back)))
