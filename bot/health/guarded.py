"""Speed beside its guards, out of a picture of the team: the latest weeks against as many before them.

A reopening counts for the week in which its request was *done*, so the latest weeks end where nine in ten of those
that come back have had the time to; on both sides only what came back within that time counts. Everything else is
taken from the same weeks, so that speed and quality tell of the same requests.
"""

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from bot.health.facts import Bools, Floats
from bot.health.guard import ENOUGH, SURE, Counted, guards, throughput
from bot.health.measured import weekly
from bot.health.picture import Picture
from bot.health.quality import back_untimed, comparable, reopen_lag, reopen_lags
from bot.health.results import OF_A_PERSON, Compared, Guarded, Loop, Ratio, Unknown
from bot.health.seen.flow import count
from bot.health.seen.records import ARRIVED
from bot.health.seen.worktime import time_zone
from bot.health.theory.compare import Difference
from bot.health.theory.posterior import beta_greater, wilson

MOST, LEAST = 8, 4
"""Weeks on each side."""

BOTH = Unknown("fewer than 20 requests on one side, or no waits seen")


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """Mondays (Unix seconds) around the weeks of both sides; the last of `before` is the first of `now`."""

    before: Floats
    now: Floats


def sides(picture: Picture) -> Sides | Unknown:
    """The weeks to compare, or why there are too few; weeks in which one or two answered are never among them."""
    lag = reopen_lag(reopen_lags(picture.desk.requests))
    known = int(np.count_nonzero(picture.mondays <= picture.desk.now - lag))
    old = picture.mondays[:known][-2 * MOST - 1 :]
    small = list(picture.pairs[known - len(old) : max(known - 1, 0)])
    if small and small[-1]:
        return OF_A_PERSON
    kept = old[len(small) - small[::-1].index(True) :] if any(small) else old
    weeks = min((len(kept) - 1) // 2, MOST)
    if weeks < LEAST:
        left = max(len(kept) - 1, 0)
        return Unknown(f"not enough data: {left} complete weeks can be compared, {2 * LEAST} are needed")
    kept = kept[-2 * weeks - 1 :]
    return Sides(kept[: weeks + 1], kept[weeks:])


def guarded(picture: Picture) -> Guarded:
    """Throughput, reopenings, escalations and the self-feeding loop; satisfaction is for whoever has the answers."""
    found = sides(picture)
    if isinstance(found, Unknown):
        return Guarded.unknown(found.reason)
    requests, weeks = picture.desk.requests, len(found.now) - 1
    finished = [_number(requests.first_done, edges) for edges in (found.now, found.before)]
    rate = throughput((finished[0], weeks), (finished[1], weeks), _size(picture, found), picture.dispersion)
    edges = (day_of(picture, at) for at in (found.before[0], found.now[0], found.now[-1]))
    return Guarded(
        compared=Compared(weeks, *edges),
        throughput=rate,
        guards=guards(
            {
                "reopen": (_reopened(picture, found.now), _reopened(picture, found.before)),
                "escalation": (_escalated(picture, found.now), _escalated(picture, found.before)),
            }
        ),
        loop=_loop(picture, found),
    )


def _reopened(picture: Picture, edges: Floats) -> Counted:
    """Of the closings of weeks that tell it, those that came back."""
    requests, jobs = picture.desk.requests, picture.desk.requests.jobs
    lags = reopen_lags(requests)
    back = (lags <= reopen_lag(lags)) | back_untimed(requests)
    known = comparable(requests, jobs.done, jobs.request, edges)
    return _share(jobs.done[known], back[known], edges)


def _escalated(picture: Picture, edges: Floats) -> Counted:
    return _share(picture.desk.requests.arrived, picture.desk.requests.escalations > 0, edges)


def _share(at: Floats, hit: Bools, edges: Floats) -> Counted:
    return _number(at[hit], edges), _number(at, edges)


def _number(at: Floats, edges: Floats) -> int:
    return int(count(at, edges[[0, -1]])[0])


def _loop(picture: Picture, of: Sides) -> Loop | Unknown:
    """Whether waits, chase share and jobs for a request rose together.

    All three have to, each with P ≥ .95, which makes the whole as sure (intersection–union; Berger 1982,
    Technometrics 24).
    """
    requests, jobs = picture.desk.requests, picture.desk.requests.jobs
    waits = logs(picture, "wait", of)
    chased = [_share(requests.arrived, requests.chases > 0, edges) for edges in (of.before, of.now)]
    sides = ((edges, comparable(requests, jobs.opened, jobs.request, edges)) for edges in (of.before, of.now))
    again = [_share(jobs.opened[known], (jobs.cause != ARRIVED)[known], edges) for edges, known in sides]
    if any(len(side) < LEAST for side in waits) or any(n - x < ENOUGH for x, n in again):
        return BOTH
    if any(n < ENOUGH for _, n in chased):
        return BOTH
    moved = Difference.of(*waits)
    p = (1 - moved.p_below(), beta_greater(chased[1], chased[0]), beta_greater(again[1], again[0]))
    a_request = [n / (n - x) for x, n in again]
    before, now = (float(np.exp(side.mean())) for side in waits)
    return Loop(
        before,
        now,
        wilson(*chased[0]),
        wilson(*chased[1]),
        a_request[0],
        a_request[1],
        p,
        all(one >= SURE for one in p),
    )


def _size(picture: Picture, of: Sides) -> Ratio | None:
    """Hands-on time of a request, now ÷ before; None where it is not seen."""
    if picture.work is None:
        return None
    return factor(*logs(picture, "hands_on", of))


def factor(before: Floats, now: Floats) -> Ratio | None:
    """Geometric mean now ÷ before, from logarithms, with Welch's 95% interval; None below four weeks on a side."""
    if min(len(before), len(now)) < LEAST:
        return None
    moved = Difference.of(before, now)
    low, high = moved.range(SURE)
    value, low, high = (float(np.exp(x)) for x in (moved.mean, low, high))
    return Ratio(value, low, high, 1 - moved.p_below())


def logs(picture: Picture, measure: str, of: Sides) -> tuple[Floats, Floats]:
    """Logarithms of the weekly means of a time, before and now; weeks that tell nothing of it are left out."""
    before, now = _means(picture, measure, of.before), _means(picture, measure, of.now)
    both = np.concatenate((before, now))
    if not both.any():
        return np.zeros(0), np.zeros(0)
    least = both[both > 0].min() / 2  # a week in which nobody waited has no logarithm
    return np.log(np.maximum(before, least)), np.log(np.maximum(now, least))


def _means(picture: Picture, measure: str, edges: Floats) -> Floats:
    weeks = weekly(picture, measure, edges)
    total, by = np.array(weeks.total, np.float64), np.array(weeks.by, np.float64)
    return np.asarray(total[by > 0] / by[by > 0], np.float64)


def day_of(picture: Picture, at: float) -> date:
    """The team's day at a Unix second."""
    return datetime.fromtimestamp(at, time_zone(picture.team.tz)).date()
