"""Unseen load of a team: what its picture shows for `bot.health.unseen`, and when nothing may be said of it.

Only claims tell when work began: a first reply may come after it. A roster on which not everybody is seen to take
requests looks just like people in meetings, so it is asked about first (`bot.health.verdict`), and nothing is said
here.
"""

import math

import numpy as np

from bot.health.days import midnights
from bot.health.facts import Bools, Floats
from bot.health.picture import Picture
from bot.health.results import OF_A_PERSON, Basis, Estimate, Unknown, Unseen
from bot.health.seen.utilization import Belief, doubt
from bot.health.unseen import LEAST_WEEKS, MOST_JOBS, SEED, TOO_LARGE, Watched, fit

WEEKS = 8
"""Weeks that are looked back on: as many as a mean wait needs to settle, and no more than a team stays the same for."""

ACTIVE = 0.9
"""People who take requests in a week ÷ people there: below it, the roster may name some who are not."""

HELD = 0.9
"""Claims without an end count as long as this share of all others at most."""


def unseen(picture: Picture, belief: Belief, *, shared: bool = False) -> Unseen | Unknown:
    """The share of capacity that goes to work nobody here can see, or why it is not known.

    What the lead stated stands, half to one and a half times of it as its range; else waits are asked.

    Args:
        picture: The team.
        belief: Its utilization over the window.
        shared: Whether its people answer at another desk as well, whose work is then no riddle.
    """
    stated, mondays = picture.team.unseen_share, picture.mondays[-WEEKS - 2 :]
    if stated > 0:
        seen = belief.seen().value if belief.work is None else belief.work
        return Unseen(Estimate(stated, stated / 2, min(stated * 1.5, 1.0)), "stated", seen)
    reason = _kept_from(picture, mondays, shared)
    if reason:
        return Unknown(reason)
    # where there is one to spare, the first week only fills the desk
    edges = mondays[1:] if len(mondays) - 1 > LEAST_WEEKS else mondays
    weeks = watched(picture, mondays, edges)
    found = fit(weeks, np.random.default_rng(SEED))
    if isinstance(found.share, Unknown):
        return found.share
    return Unseen(found.share, "fitted", weeks.seen, len(edges) - 1)


def _kept_from(picture: Picture, mondays: Floats, shared: bool) -> str:
    """Why waits are not asked; empty where they are."""
    if picture.basis is not Basis.CLAIMS:
        return "only claims tell when work on a request began"
    if shared:
        return "its people answer at another desk as well"
    if len(mondays) - 1 < LEAST_WEEKS:
        return f"it takes {LEAST_WEEKS} complete weeks"
    if any(picture.pairs[-len(mondays) :]):
        return OF_A_PERSON.reason
    if picture.desk.loads(mondays[[0, -1]], None)[0].jobs > MOST_JOBS:
        return TOO_LARGE
    return _roster(picture, mondays) or _parked(picture, mondays)


def watched(picture: Picture, mondays: Floats, edges: Floats) -> Watched:
    """The weeks between these Mondays as `fit` takes them.

    Args:
        picture: The team, on basis `claims`.
        mondays: All weeks that are replayed, Unix seconds.
        edges: Those of them that are compared.
    """
    desk, jobs = picture.desk, picture.desk.requests.jobs
    clock, begins = desk.clock, float(desk.clock.elapsed(mondays[0]))
    inside = (jobs.opened >= mondays[0]) & (jobs.opened < mondays[-1])
    at = clock.elapsed(jobs.opened)
    wait = np.where(jobs.claimed & ~np.isnan(jobs.started), _begun(picture) - at, np.nan)
    free = _free(picture, at, at + wait)
    rows = np.flatnonzero(inside)[np.argsort(jobs.opened[inside], kind="stable")]
    nights = midnights(picture.team.tz, float(mondays[0]), float(mondays[-1]))
    load = desk.loads(mondays[[0, -1]], picture.work)[0]
    missed = max(1 / load.counted - 1 / load.jobs, 0.0) if min(load.counted, load.jobs) > 0 else 0.0
    return Watched(
        at[rows] - begins,
        np.maximum(wait[rows], 0.0),
        free[rows],
        np.searchsorted(edges, jobs.opened[rows], "right") - 1,
        np.diff(clock.elapsed(nights)),
        desk.roster.hours(nights),
        load.service,
        picture.service_scv,
        math.hypot(math.sqrt(picture.service_scv * missed), doubt(picture.wrong)),
    )


def _begun(picture: Picture) -> Floats:
    """When each job was taken or first answered, whichever was earlier, on the working clock."""
    jobs, said = picture.desk.requests.jobs, picture.desk.requests.replies
    first = jobs.started.copy()
    np.fmin.at(first, said.job, said.at)
    return picture.desk.clock.elapsed(first)


def _free(picture: Picture, at: Floats, begun: Floats) -> Bools:
    """Whether each job came in opening hours while nobody else waited and at least half of the people were free."""
    desk, spans = picture.desk, picture.desk.requests.spans
    known = ~np.isnan(begun) & ~np.isnan(at)
    waiting = np.searchsorted(np.sort(at[known]), at) - np.searchsorted(np.sort(begun[known]), at, "right")
    start, end = desk.clock.elapsed(spans.start), desk.clock.elapsed(spans.end)
    finished = ~np.isnan(end)
    longest = float(np.quantile((end - start)[finished], HELD)) if finished.any() else 0.0
    end = np.where(finished, end, start + longest)
    held = np.searchsorted(np.sort(start), at) - np.searchsorted(np.sort(end), at, "right")
    opened = desk.requests.jobs.opened
    some = held <= desk.roster.present(opened) / 2
    return np.asarray(some & (waiting <= 0) & desk.clock.is_open(opened))


def _roster(picture: Picture, edges: Floats) -> str:
    """Why the roster cannot be trusted; empty where it can."""
    share = picture.days.active
    spans, roster, clock = picture.desk.requests.spans, picture.desk.roster, picture.desk.clock
    week = np.searchsorted(edges, spans.start, "right") - 1
    inside = (week >= 0) & (week < len(edges) - 1) & (spans.actor != 0)
    acting = len(set(zip(week[inside].tolist(), spans.actor[inside].tolist(), strict=True)))
    hours, open_ = roster.hours(edges), np.diff(clock.elapsed(edges))
    there = float(np.divide(hours, open_, out=np.zeros_like(hours), where=open_ > 0).sum())
    stale = (share is not None and share < ACTIVE) or acting < ACTIVE * there
    return "not everybody on the roster is seen to take requests: is it up to date?" if stale else ""


def _parked(picture: Picture, edges: Floats) -> str:
    belief = picture.believe(picture.desk.loads(edges[[0, -1]], picture.work)[0])
    if belief is None:
        return "utilization is not known"
    return "claims are held while nothing is done" if belief.parked else ""
