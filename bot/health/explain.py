"""What explains a level above `healthy`: since when the load builds up, what it consists of, where it leads."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import numpy as np

from bot.health.capacity import was_small
from bot.health.causes import sides, split
from bot.health.changepoint import began
from bot.health.facts import Floats
from bot.health.flow import count
from bot.health.outlook import Queue, outlook
from bot.health.picture import Picture
from bot.health.results import Began, Causes, Outlook
from bot.health.utilization import Belief, Load
from bot.health.weeks import ROLLING
from bot.health.worktime import time_zone

FIRST_WEEKS = 6
"""Held against where no beginning can be dated."""

LEAST_BEFORE = 2
"""Weeks before the beginning; with fewer the first weeks of all are held against."""

SEED = 1_993
"""The same weeks give the same outlook."""

PERSONS = "in a team of one or two, it would be of a person's hours"
STALE = "fewer people are seen at work than the roster says, so hours on duty cannot be compared"
NO_RISE = "the load has not clearly risen against the weeks before, or too little was seen to say"
NO_DATE = "no beginning stands out, or too little was seen to say"
NO_DRIFT = "the load shows no pace: it has not clearly gone on rising for four weeks since it began"


@dataclass(frozen=True, slots=True)
class Explained:
    """Three answers; for each that is None `missing` says why.

    Attributes:
        began: Since when.
        causes: Of what.
        outlook: Where to.
        missing: Report key → why it is None.
    """

    began: Began | None = None
    causes: Causes | None = None
    outlook: Outlook | None = None
    missing: dict[str, str] = field(default_factory=dict)


def explain(picture: Picture, load: Load, belief: Belief | None) -> Explained:
    """Explain the load of a team in `watch` or `danger`.

    A team that had one or two people in any of the weeks is told when requests grew, and nothing of hours.

    Args:
        picture: The team.
        load: Sums over the window.
        belief: Its utilization, None where it is not known.
    """
    mondays, desk = picture.mondays, picture.desk
    if len(mondays) < LEAST_BEFORE + 2:
        return _explained(None, None, None, NO_DATE, "too few complete weeks have been seen")
    starts = _dates(mondays, picture.team.tz)
    sums = desk.sums(mondays, picture.work)
    if was_small(picture.team, float(mondays[0]), desk.now):
        grew = began(count(desk.requests.arrived, mondays), sums[:, 4], starts[:-1], picture.dispersion)
        return _explained(grew, None, None, NO_DATE, PERSONS)
    if "active" in picture.drift.causes:
        return _explained(None, None, None, STALE, STALE)
    asked = _asked(sums)
    varies = picture.dispersion + (0.0 if picture.work is None else picture.service_scv)
    since = began(asked, sums[:, 3], starts[:-1], varies)
    first = FIRST_WEEKS if since is None else starts.index(since.week)
    causes = _causes(picture, min(max(first, LEAST_BEFORE), len(mondays) - 2), since is not None)
    ahead = None
    if since is not None and belief is not None:
        queue = _queue(picture, load, belief)
        rho = _utilization(asked, sums, load, belief)
        rng = np.random.default_rng(SEED)
        ahead = outlook(rho[first:], sums[first:, 0], queue, starts[-1], rng, variance=varies)
    return _explained(since, causes, ahead, NO_DATE, NO_RISE)


def _explained(
    since: Began | None, causes: Causes | None, ahead: Outlook | None, no_date: str, no_causes: str
) -> Explained:
    why = {
        "drift.began": (since, no_date),
        "drift.causes": (causes, no_causes),
        "drift.outlook": (ahead, no_causes if no_causes in (PERSONS, STALE) else NO_DRIFT),
    }
    return Explained(since, causes, ahead, {key: reason for key, (value, reason) in why.items() if value is None})


def _causes(picture: Picture, first: int, dated: bool) -> Causes | None:
    """The weeks up to Monday number `first` against the last four, or those since then where they are fewer."""
    mondays, desk = picture.mondays, picture.desk
    latest = max(first, len(mondays) - 1 - ROLLING)
    before = mondays[[0, first]]
    now = np.array([mondays[latest], desk.now if dated else mondays[-1]])
    both, queues = sides(desk, picture.work, before, now)
    weeks = (first, len(mondays) - 1 - latest)
    return split(*both, queues, dispersion=picture.dispersion, service_scv=picture.service_scv, weeks=weeks)


def _asked(sums: Floats) -> Floats:
    """Hours asked for in each week, in jobs of ordinary length."""
    jobs, counted, busy = sums[:, 0], sums[:, 1], sums[:, 2]
    if counted.sum() <= 0 or busy.sum() <= 0:
        return jobs
    usual = busy.sum() / counted.sum()
    return np.asarray(jobs * np.divide(busy, counted, out=np.full(len(jobs), usual), where=counted > 0) / usual)


def _utilization(asked: Floats, sums: Floats, load: Load, belief: Belief) -> Floats:
    """Of each week, as high as is believed of the window; NaN without anybody on duty."""
    hours = sums[:, 3]
    rate = np.divide(asked, hours, out=np.full(len(hours), np.nan), where=hours > 0)
    latest = slice(-ROLLING, None)
    typical = float(asked[latest].sum() / hours[latest].sum()) if hours[latest].sum() > 0 else np.nan
    seen = belief.all_work().value - belief.unseen
    return np.asarray(belief.unseen + seen * rate / typical if typical > 0 else np.full(len(hours), np.nan))


def _queue(picture: Picture, load: Load, belief: Belief) -> Queue:
    mondays = picture.mondays
    open_hours = float(np.diff(picture.desk.clock.elapsed(mondays)).mean())
    wait = picture.desk.loads(mondays[-2:], None)[0].mean_wait
    known = wait if np.isfinite(wait) else 0.0
    return Queue(load.people, belief.service, picture.arrival_scv, picture.service_scv, open_hours, known)


def _dates(mondays: Floats, tz: str) -> list[date]:
    """The weeks' Mondays, the one after the last included."""
    zone = time_zone(tz)
    found = [datetime.fromtimestamp(monday, zone).date() for monday in mondays.tolist()]
    return [*found[:-1], found[-2] + timedelta(days=7)]
