"""The outcomes of a team's week (flow, quality, resilience, capacity): the latest week beside the eight before it.

A change is the latest week less the mean of the weeks before it, and its 80% range is Student's for one more week
like those: t·s·√(1 + 1/n), with s² the variance among the weeks before, and never less than what chance alone gives
to so few requests. So a range that leaves zero out tells of a week unlike the ones before, not of an ordinary one.
Waits are compared by their logarithms, since they differ by factors: the range is then the latest wait less the ends of
the waits to be expected. Learning has no outcome here: no queue shows it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from bot.health.facts import Floats
from bot.health.measured import hidden, weekly
from bot.health.picture import Picture
from bot.health.quality import back_untimed, told_back
from bot.health.seen.flow import count
from bot.health.seen.records import REOPENED
from bot.health.theory.compare import Weekly

BEFORE = 8
"""Weeks that the latest is held against."""

LEAST = 4
"""Fewer say nothing of what is usual."""

MOST = 2
"""So many changes are named as better, and as worth a look."""

LEAST_CAPACITY = 0.02
"""Hours on duty are counted, not estimated; a week that differs by less than some such share is like any other."""


@dataclass(frozen=True, slots=True)
class Change:
    """The latest week against those before it, in the measure's unit.

    Attributes:
        before: Mean of the weeks before (geometric for waits).
        change: The latest less that.
        low: Lower end of the change's 80% range.
        high: Upper end.
        weeks: So many weeks before were known.
    """

    before: float
    change: float
    low: float
    high: float
    weeks: int

    @property
    def clear(self) -> bool:
        """Whether the range leaves zero out."""
        return self.low > 0 or self.high < 0

    @property
    def weight(self) -> float:
        """How clear it is: the change ÷ half its range."""
        half = (self.high - self.low) / 2
        return abs(self.change) / half if half > 0 else math.inf


@dataclass(frozen=True, slots=True)
class Outcome:
    """One measure of one outcome.

    Attributes:
        outcome: `flow`, `quality`, `resilience` or `capacity`.
        measure: `wait` (mean, hours), `arrivals` (requests), `reopen` (share of closings), `utilization` (share) or
            `capacity` (person-hours).
        value: In the latest complete week; None where there was nothing to measure.
        n: Requests it rests on.
        count: For shares, of how many `n`.
        change: None while fewer than four weeks before are known.
        good: −1 where less is better, 1 where more is, 0 where more is worth a look and less is not news.
    """

    outcome: str
    measure: str
    value: float | None
    n: float
    count: float
    change: Change | None
    good: int

    @property
    def better(self) -> bool:
        """It clearly changed for the better."""
        c = self.change
        return c is not None and c.clear and c.change * self.good > 0

    @property
    def worse(self) -> bool:
        """It clearly changed so that it is worth a look."""
        c = self.change
        return c is not None and c.clear and c.change * (self.good or -1) < 0


ANCHORED = 4
"""Weeks that the headline utilization looks back on."""


def outcomes(picture: Picture, edges: Floats, anchor: float | None = None) -> tuple[Outcome, ...]:
    """The outcomes of the latest complete week; those that would tell of one or two people are left out.

    So are they in a team that has shrunk to two since: no view tells its load from that day on.

    Args:
        picture: The team.
        edges: Mondays (Unix seconds, ascending) around complete weeks; the last two enclose the latest week.
        anchor: Utilization over the four latest weeks, as the level is judged by; the single weeks are scaled to it,
            so that one message does not carry two truths. None: as they are.
    """
    edges = edges[-BEFORE - 2 :]
    if len(edges) < 2:
        return ()
    found: list[Outcome | None] = [_wait(picture, edges), _arrivals(picture, edges)]
    until_now = np.array([edges[-2], max(float(edges[-1]), picture.desk.now + 1)])
    if not hidden(picture, "reopen", until_now):
        found.append(_reopen(picture, _of_several(picture, edges)))
        found.append(_utilization(picture, _of_several(picture, edges), anchor))
        found.append(_capacity(picture, _of_several(picture, edges)))
    return tuple(outcome for outcome in found if outcome is not None)


def better(found: Sequence[Outcome]) -> list[Outcome]:
    """What clearly got better, clearest first, two at most."""
    return _clearest([o for o in found if o.better])


def worth_a_look(found: Sequence[Outcome]) -> list[Outcome]:
    """What clearly changed the other way, clearest first, two at most."""
    return _clearest([o for o in found if o.worse])


def _clearest(found: list[Outcome]) -> list[Outcome]:
    return sorted(found, key=lambda o: -(o.change.weight if o.change else 0.0))[:MOST]


def _of_several(picture: Picture, edges: Floats) -> Floats:
    """The latest of these weeks in which the team had three people or more."""
    for first in range(len(edges) - 2, -1, -1):
        if hidden(picture, "reopen", edges[first : first + 2]):
            return edges[first + 1 :]
    return edges


def _wait(picture: Picture, edges: Floats) -> Outcome:
    weeks = weekly(picture, "wait", edges)
    means, n = _quotients(weeks), np.array(weeks.by)
    change = None
    if means[-1] > 0:
        least = float(np.min(means[means > 0])) / 2  # a week in which nobody waited has no logarithm
        logs = np.log(np.fmax(means, least))
        logs[np.isnan(means)] = np.nan
        change = _in_hours(_change(logs, 1 / max(float(n[-1]), 1.0)), float(means[-1]))
    return Outcome("flow", "wait", _last(means), float(n[-1]), 0.0, change, -1)


def _in_hours(logs: Change | None, now: float) -> Change | None:
    """Logarithms as hours: the latest wait less what was to be expected, which is above 0 at both ends."""
    if logs is None:
        return None
    usual, moved = math.exp(logs.before), logs.change
    low, high = (now - usual * math.exp(moved - end) for end in (logs.low, logs.high))
    return Change(usual, now - usual, low, high, logs.weeks)


def _arrivals(picture: Picture, edges: Floats) -> Outcome:
    came = count(picture.desk.requests.arrived, edges)
    change = _change(came, max(float(came[:-1].mean()), 1.0) if len(came) > 1 else 1.0)
    return Outcome("flow", "arrivals", float(came[-1]), float(came[-1]), 0.0, change, 0)


def _reopen(picture: Picture, edges: Floats) -> Outcome:
    """Reopenings of a week ÷ closings of it: unlike the fate of its closings, this is known when the week is over.

    Not where something closed in it came back at a time nobody recorded, nor of weeks that were read back.
    """
    requests, jobs = picture.desk.requests, picture.desk.requests.jobs
    back, closed = count(jobs.opened[jobs.cause == REOPENED], edges), count(jobs.done, edges)
    known = told_back(requests, edges) & (count(jobs.done[back_untimed(requests)], edges) == 0)
    shares = np.divide(back, closed, out=np.full(len(back), np.nan), where=(closed > 0) & known)
    usual = (float(back.sum()) + 0.5) / (float(closed.sum()) + 1)
    noise = usual * max(1 - usual, 0.0) / max(float(closed[-1]), 1.0)
    return Outcome("quality", "reopen", _last(shares), float(closed[-1]), float(back[-1]), _change(shares, noise), -1)


def _utilization(picture: Picture, edges: Floats, anchor: float | None) -> Outcome | None:
    if hidden(picture, "utilization", edges):
        return None
    weeks = weekly(picture, "utilization", edges)
    shares, n = _quotients(weeks), float(weeks.jobs[-1])
    latest = shares[-ANCHORED:][~np.isnan(shares[-ANCHORED:])]
    if anchor is not None and len(latest) and float(latest.mean()) > 0:
        shares = shares * (anchor / float(latest.mean()))
    known = shares[~np.isnan(shares)]
    noise = float(known.mean()) ** 2 / max(n, 1.0) if len(known) else 0.0
    return Outcome("resilience", "utilization", _last(shares), n, 0.0, _change(shares, noise), -1)


def _capacity(picture: Picture, edges: Floats) -> Outcome:
    hours = picture.desk.roster.hours(edges)
    change = _change(hours, (LEAST_CAPACITY * float(hours.mean())) ** 2)
    return Outcome("capacity", "capacity", float(hours[-1]), 0.0, 0.0, change, 1)


def _quotients(weeks: Weekly) -> Floats:
    total, by = np.array(weeks.total), np.array(weeks.by)
    return np.asarray(np.divide(total, by, out=np.full(len(total), np.nan), where=by > 0))


def _last(values: Floats) -> float | None:
    return None if np.isnan(values[-1]) else float(values[-1])


def _change(values: Floats, noise: float) -> Change | None:
    """The last value against those before it, `noise` being the least variance of one."""
    before, now = values[:-1][~np.isnan(values[:-1])], float(values[-1])
    n = len(before)
    if n < LEAST or math.isnan(now):
        return None
    usual = float(before.mean())
    error = math.sqrt(max(float(before.var(ddof=1)), noise) * (1 + 1 / n))
    half = float(stdtrit(n - 1, 0.9)) * error
    return Change(usual, now - usual, now - usual - half, now - usual + half, n)
