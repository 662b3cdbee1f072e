"""Known peaks: days on which more was expected are no drift, as long as no more comes than was planned.

Such days are left out of what drift and the level look at, as if they had not been: they are held against the
requests that come in an hour of working time in the four weeks before the peak. The count may exceed the plan by
what weeks differ by chance (variance = mean × dispersion); a peak that brings more than that is judged like any
other days.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from bot.health.facts import Bools, Floats
from bot.health.seen.flow import Desk, count
from bot.health.seen.worktime import WorkClock, time_zone

USUAL_DAYS = 28
"""Days before a peak that tell what is usual."""

ENOUGH = 20
"""Fewer requests in them tell nothing."""

BY_CHANCE = 1.645
"""So many standard deviations above the plan are still within it."""


@dataclass(frozen=True, slots=True)
class Peak:
    """Days on which more is expected.

    Attributes:
        since: First day, team time.
        until: Last day.
        demand: Share of requests that come on top; .4 is 40% more.
        made: The day since which it is known.
    """

    since: date
    until: date
    demand: float
    made: date = date.min

    def edges(self, tz: str) -> tuple[float, float]:
        """Unix seconds at which it begins and ends there."""
        return midnight(tz, self.since), midnight(tz, self.until + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Came:
    """What a peak brought so far.

    Attributes:
        jobs: Requests (and reopenings) that came.
        usual: As many as the four weeks before would have brought in the same working time.
        extra: Share that came on top of that.
    """

    jobs: float
    usual: float

    @property
    def extra(self) -> float:
        """Share of requests that came on top of the usual ones."""
        return self.jobs / self.usual - 1


def midnight(tz: str, day: date) -> float:
    """Unix second at which a day begins there."""
    return datetime.combine(day, time(), time_zone(tz)).timestamp()


def came(desk: Desk, peaks: Sequence[Peak], peak: Peak, tz: str) -> Came | None:
    """What a peak brought so far against what was usual; None before it began or where too little came before.

    Args:
        desk: The requests.
        peaks: All that are known: days of others are not usual ones.
        peak: One of them.
        tz: IANA time zone of the team.
    """
    begin, end = peak.edges(tz)
    end = min(end, desk.now)
    if end <= begin:
        return None
    others = [one.edges(tz) for one in peaks if one != peak]
    first = datetime.fromtimestamp(begin, time_zone(tz)).date() - timedelta(days=USUAL_DAYS)
    before = np.array([midnight(tz, first + timedelta(days=n)) for n in range(USUAL_DAYS + 1)])
    usual = ~np.array([any(a <= at < b for a, b in others) for at in before[:-1].tolist()], np.bool_)
    opened = desk.requests.jobs.opened
    known = float(count(opened, before)[usual].sum())
    hours = float(np.diff(desk.clock.elapsed(before))[usual].sum())
    inside = float(desk.clock.between(begin, end))
    if known < ENOUGH or hours <= 0 or inside <= 0:
        return None
    jobs = float(np.count_nonzero((opened >= begin) & (opened < end)))
    return Came(jobs, known / hours * inside)


def known_at(peaks: Sequence[Peak], tz: str, at: float) -> list[Peak]:
    """Those that had been noted on the day of Unix second `at`, team time."""
    today = datetime.fromtimestamp(at, time_zone(tz)).date()
    return [peak for peak in peaks if peak.made <= today]


def demand(clock: WorkClock, peaks: Sequence[Peak], tz: str, begin: float, end: float) -> float:
    """What is asked between two Unix seconds as a multiple of the usual: planned shares by the open hours they take.

    1 where no peak touches these hours, and where there are none.
    """
    hours = float(clock.between(begin, end))
    if hours <= 0:
        return 1.0
    more = 0.0
    for peak in peaks:
        since, until = peak.edges(tz)
        if since < end and until > begin:
            more += peak.demand * float(clock.between(max(since, begin), min(until, end))) / hours
    return 1 + more


def planned(desk: Desk, peaks: Sequence[Peak], tz: str, edges: Floats, dispersion: float) -> Bools:
    """Which windows between neighbouring edges (Unix seconds) lie in a peak that brought no more than was planned.

    Args:
        desk: The requests, as known at its `now`: peaks that were noted later are not known.
        peaks: What was noted.
        tz: IANA time zone of the team.
        edges: Ascending.
        dispersion: Index of dispersion of weekly jobs.
    """
    found = np.zeros(max(len(edges) - 1, 0), np.bool_)
    if not len(found) or not peaks:
        return found
    known = known_at(peaks, tz, desk.now)
    for peak in known:
        begin, end = peak.edges(tz)
        brought = came(desk, known, peak, tz) if begin < edges[-1] and end > edges[0] else None
        if brought is not None and _within(brought, peak.demand, dispersion):
            found |= (edges[1:] > begin) & (edges[:-1] < end)
    return found


def _within(brought: Came, demand: float, dispersion: float) -> bool:
    most = brought.usual * (1 + demand)
    return brought.jobs <= most + BY_CHANCE * math.sqrt(dispersion * most)
