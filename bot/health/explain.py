"""What explains a level above `healthy`: since when the load builds up, what it consists of, where it leads."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np

from bot.health.causes import SURE, sides, split
from bot.health.factors import PRESENCE, Factors, factors
from bot.health.facts import Floats
from bot.health.forecast import USUAL_LOAD
from bot.health.outlook import outlook, tempered
from bot.health.picture import WEEK, Picture
from bot.health.ramps import Queue, Ramps, ramps
from bot.health.results import UNEXPLAINED, Began, Causes, Estimate, Likely, Outlook, Unknown, or_why
from bot.health.seen.flow import count
from bot.health.seen.utilization import Load
from bot.health.seen.worktime import time_zone
from bot.health.theory.changepoint import began
from bot.health.weeks import ROLLING

FIRST_WEEKS = 6
"""Held against where no beginning can be dated."""

LEAST_BEFORE = 2
"""Weeks before the beginning; with fewer the first weeks of all are held against."""

LIKELY = 0.5
"""A change is told where it is likelier than not."""

SEED = 1_993
"""The same weeks give the same outlook."""

OF_HOURS = Unknown("in a team of one or two, it would be of a person's hours")
NO_RISE = "the load has not clearly risen against the weeks before, or too little was seen to say"
NO_LIKELY = "no single change explains the weeks better than chance, or too little was seen to say"
NO_DATE = "no beginning stands out, or too little was seen to say"
NO_DRIFT = "the weeks show no lasting change, or fewer than six complete ones were seen"


@dataclass(frozen=True, slots=True)
class Explained:
    """Four answers.

    Attributes:
        began: Since when.
        causes: Of what.
        likely: Which factor most likely changed.
        outlook: Where to.
    """

    began: Began | Unknown = UNEXPLAINED
    causes: Causes | Unknown = UNEXPLAINED
    likely: Likely | Unknown = UNEXPLAINED
    outlook: Outlook | Unknown = UNEXPLAINED


def explain(picture: Picture, *, away: bool) -> Explained:
    """Explain the load of a team in `watch` or `danger`.

    A team that had one or two people in any of the weeks is told when requests grew, and nothing of hours.

    Args:
        picture: The team.
        away: Whether fewer people seen at work are among what moved its level.
    """
    mondays, desk = picture.mondays, picture.desk
    if len(mondays) < LEAST_BEFORE + 2:
        few = Unknown("too few complete weeks have been seen")
        return Explained(Unknown(NO_DATE), few, few, few)
    starts = _dates(mondays, picture.team.tz)
    if any(picture.pairs):
        open_hours = np.diff(desk.clock.elapsed(mondays))
        grew = began(count(desk.requests.arrived, mondays), open_hours, starts[:-1], picture.dispersion)
        return Explained(or_why(grew, NO_DATE), OF_HOURS, OF_HOURS, OF_HOURS)
    seen = factors(picture)
    found = ramps(seen, _queue(picture), np.random.default_rng(SEED))
    stale = _stale(seen, found, away=away)
    zone = time_zone(picture.team.tz)
    since = _since(found, desk.now, picture.team.tz)
    first = FIRST_WEEKS if since is None else sum(start < since.week for start in starts[:-1])
    first = min(max(first, LEAST_BEFORE), len(mondays) - 2)
    half = None if found is None or since is None else desk.now + WEEK * found.halfway
    causes = _causes(picture, first, half, seen, stale, None if found is None else found.chances)
    today = datetime.fromtimestamp(desk.now, zone).date()
    ahead = tempered(outlook(found, today)) if found is not None and found.none < LIKELY else None
    return Explained(
        or_why(since, NO_DATE),
        or_why(causes, NO_RISE),
        or_why(_likely(found, seen, stale), NO_LIKELY),
        or_why(ahead, NO_DRIFT),
    )


def _since(found: Ramps | None, now: float, tz: str) -> Began | None:
    """The Monday next to the moment at which the climb began, with its 80% range."""
    if found is None or found.none >= LIKELY:
        return None
    zone = time_zone(tz)
    moments = [now + WEEK * (start + 0.5) for start in found.starts((0.1, 0.5, 0.9))]
    days = [datetime.fromtimestamp(moment, zone).date() for moment in moments]
    low, week, high = (day - timedelta(days=day.weekday()) for day in days)
    return Began(week, low, high, 1 - found.none)


def _likely(found: Ramps | None, seen: Factors, stale: bool) -> Likely | None:
    if found is None:
        return None
    name, p = max(found.chances.items(), key=lambda item: item[1])
    return Likely(name, p, _present(seen) if stale else None) if p >= LIKELY else None


def _stale(seen: Factors, found: Ramps | None, *, away: bool) -> bool:
    """Whether so few are seen at work that the roster cannot be true: drift says so, or it is the likeliest change."""
    told = away or (found is not None and found.chances["hours"] >= LIKELY)
    return told and _present(seen).value < 1 - PRESENCE


def _present(seen: Factors) -> Estimate:
    """Of the last two weeks, with its 80% range."""
    value = float(seen.present[-2:].mean())
    half = SURE * _scatter(seen) * value / math.sqrt(2)
    return Estimate(value, max(value - half, 0.0), min(value + half, 1.0))


def _scatter(seen: Factors) -> float:
    """Standard deviation of the logarithm of one week's people at work."""
    steps = np.diff(np.log(seen.present))
    return max(PRESENCE, float(np.sqrt(np.mean(steps**2) / 2)) if len(steps) else 0.0)


def _causes(
    picture: Picture, first: int, half: float | None, seen: Factors, stale: bool, chances: Mapping[str, float] | None
) -> Causes | None:
    """The weeks up to Monday number `first` against the last four, or those since `half` the climb where fewer."""
    mondays, desk = picture.mondays, picture.desk
    latest = max(first, len(mondays) - 1 - ROLLING)
    if half is not None:
        latest = min(max(latest, int(np.searchsorted(mondays, half - WEEK / 2))), len(mondays) - 2)
    before = mondays[[0, first]]
    now = np.array([mondays[latest], mondays[-1] if half is None else desk.now])
    weeks = (first, len(mondays) - 1 - latest)
    shares, variance = (1.0, 1.0), 0.0
    if stale:
        shares = _share(seen, before), _share(seen, now)
        variance = _scatter(seen) ** 2 * (1 / weeks[0] + 1 / weeks[1])
    both, queues = sides(desk, picture.work, before, now, shares)
    found = split(
        *both,
        queues,
        dispersion=picture.dispersion,
        service_scv=picture.service_scv,
        weeks=weeks,
        hours_variance=variance,
        chances=chances,
    )
    return found if found is None or not stale else replace(found, present=_present(seen))


def _share(seen: Factors, span: Floats) -> float:
    """People at work per hour on the roster between two moments, from the weeks whose middle lies there."""
    middle = (seen.edges[:-1] + seen.edges[1:]) / 2
    inside = (middle >= span[0]) & (middle < span[1])
    return float(seen.present[inside].mean()) if inside.any() else 1.0


def _queue(picture: Picture) -> Queue:
    """As the team was in its first weeks."""
    first: Load = picture.desk.loads(picture.mondays[[0, min(FIRST_WEEKS, len(picture.mondays) - 1)]], picture.work)[0]
    belief = picture.believe(first)
    usual = USUAL_LOAD if belief is None else belief.all_work().value
    service = 0.0 if belief is None else belief.service
    wait = first.mean_wait if math.isfinite(first.mean_wait) else 0.0
    return Queue(first.people, picture.arrival_scv, picture.service_scv, usual, service, wait)


def _dates(mondays: Floats, tz: str) -> list[date]:
    """The weeks' Mondays, the one after the last included."""
    zone = time_zone(tz)
    found = [datetime.fromtimestamp(monday, zone).date() for monday in mondays.tolist()]
    return [*found[:-1], found[-2] + timedelta(days=7)]
