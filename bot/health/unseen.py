"""Unseen load: the share of people's hours that goes to work nobody here can see, told by waits.

Where requests wait longer than the work seen explains, people were not all there all the time: meetings, direct
messages, other duties. The weeks are replayed with the requests that really came, so that what piled up overnight,
bursts and absences make nobody suspicious, and each copy gives another share of the hours to pieces of other work. The
copies whose waits come near those seen tell the share (approximate Bayesian computation; Wilkinson 2013, Stat.
Appl. Genet. Mol. Biol. 12: the tolerance is what the replay is trusted to be off). Half of all belief beforehand is
that there is none.

A request also waits until somebody looks, however free they are. That is habit, not load. It is read off requests that
came while nobody else waited and at least half of the people were free, as seen, for then it takes an unlikely number
of people in meetings for the wait to be theirs. It counts in the replay of both, so that only waits in a queue speak.
"""

import math
from dataclasses import dataclass

import numpy as np

from bot.health.facts import Bools, Floats, Ints
from bot.health.ramps import quantiles
from bot.health.results import Estimate, Unknown
from bot.health.theory.replay import absences, lognormal, waits

LEAST_WEEKS = 6
LEAST_JOBS = 100
"""A mean wait of fewer is off by a third by chance alone, at a usual load."""

LEAST_FREE = 20
"""Requests that met free people, to tell habit by."""

LEAST_SEEN, MOST_SEEN = 0.3, 0.95
"""Below, hardly anything queues and waits tell of habits; above, every wait is explained."""

MOST_UNSEEN = 0.6
"""Waits that would need more than this tell of something else, such as claims made when the work is done."""

SURE = 0.8
LASTING = 2 / 3
"""Of the weeks, so many must have waited longer than they mostly would have without other work: one bad week tells of
itself."""

OFF = 0.1
"""The replay's own error, as a standard deviation: that of the best formulas (Whitt 1993), as desks differ from it."""

PIECES = (0.25, 1.0)
"""Hours that a piece of other work takes on average: the talks and meetings of a calendar."""

COPIES, NONE = 600, 200
"""Copies with other work, and without any."""

AT_ONCE = 200
MOST_WORK = 3_000_000
"""Rows × copies in a replay; busier desks get fewer copies."""

MOST_HOURS, MOST_JOBS = 12_000.0, 10_000
"""Desks with more person-hours or requests in these weeks (some thirty people) take too long to replay one by one."""

FEWEST_LIKE = 5.0
"""Fewer copies like what was seen, and no range can be told of them."""

SEED = 20_213
"""The same weeks give the same answer."""

TOO_LARGE = "the desk is too large for its weeks to be replayed request by request"
EXPLAINED = "waits are no longer than the work seen explains"
BEYOND = "waits are longer than other work would make them: claims may come when the work is done, or work rests"


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """Weeks of a desk on the working clock, hours from their beginning.

    Attributes:
        at: When each job came, ascending, (jobs,).
        wait: Hours until somebody took it, (jobs,); NaN where not known.
        free: Came in opening hours while nobody else waited and half of the people or more were free, (jobs,).
        week: Complete week in which it came, (jobs,); below 0 it came before them and only fills the desk.
        length: Opening hours of each day, (days,).
        capacity: Person-hours on duty each day, (days,).
        service: Mean hands-on hours of a job, as seen.
        service_scv: Squared coefficient of variation.
        service_error: Relative standard deviation of the work there was; 0 where all of it was seen.
    """

    at: Floats
    wait: Floats
    free: Bools
    week: Ints
    length: Floats
    capacity: Floats
    service: float
    service_scv: float
    service_error: float

    @property
    def counted(self) -> Bools:
        """Jobs whose wait is compared."""
        return ~np.isnan(self.wait) & (self.week >= 0)

    @property
    def seen(self) -> float:
        """Utilization by the work seen."""
        hours = float(self.capacity.sum())
        return len(self.at) * self.service / hours if hours > 0 else math.nan

    @property
    def people(self) -> float:
        """People there on average while the desk is open."""
        hours = float(self.length.sum())
        return float(self.capacity.sum()) / hours if hours > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Fitted:
    """What the waits tell of other work.

    Attributes:
        share: Of capacity, with its 80% range.
        p: P(there is other work); NaN where it was not asked.
    """

    share: Estimate | Unknown
    p: float = math.nan


def fit(seen: Watched, rng: np.random.Generator) -> Fitted:
    """The share of capacity that other work takes, where the waits say so.

    Args:
        seen: The weeks.
        rng: Draws.
    """
    reason = _too_thin(seen)
    return Fitted(Unknown(reason)) if reason else _told(seen, rng)


def _told(seen: Watched, rng: np.random.Generator) -> Fitted:
    weekly = _by_week(seen, seen.wait[seen.counted][:, None])
    wait = float(_but_the_longest(weekly)[0])
    most = min(MOST_UNSEEN, 1.05 - seen.seen)
    copies = _copies(seen, most)
    usual = _replayed(seen, np.zeros(copies * NONE // COPIES), rng)
    without = _but_the_longest(usual)
    if wait <= float(np.median(without)):
        return Fitted(Unknown(EXPLAINED))
    some = most * (rng.permutation(copies) + rng.random(copies)) / copies
    likely = _kernel(wait, _but_the_longest(_replayed(seen, some, rng)))
    if likely.sum() < FEWEST_LIKE:
        return Fitted(Unknown(BEYOND))
    p = float(likely.mean() / (likely.mean() + _kernel(wait, without).mean()))
    low, middle, high = quantiles(some, likely, (0.1, 0.5, 0.9))
    longer = float(np.mean(weekly[:, 0] > np.median(usual, axis=1)))
    doubts = (
        (p < SURE, EXPLAINED),
        (longer < LASTING, "only some weeks waited longer than the work seen explains"),
        (high > 0.95 * MOST_UNSEEN, BEYOND),
    )
    reason = next((why for doubted, why in doubts if doubted), "")
    return Fitted(Unknown(reason) if reason else Estimate(middle, low, high), p)


def _too_thin(seen: Watched) -> str:
    """Why nothing can be told of these weeks; empty where it can."""
    counted = seen.counted
    weeks = len(np.unique(seen.week[counted]))
    hindrances = (
        (not seen.people >= 3, "it takes three people on duty: with fewer a wait is one person's day"),
        (weeks < LEAST_WEEKS, f"it takes {LEAST_WEEKS} complete weeks"),
        (np.count_nonzero(counted) < LEAST_JOBS, f"it takes {LEAST_JOBS} requests whose wait is known"),
        (
            len(seen.at) > MOST_JOBS or float(seen.capacity.sum()) > MOST_HOURS,
            TOO_LARGE,
        ),
        (not seen.service > 0, "no work was seen"),
        (not seen.seen >= LEAST_SEEN, f"the work seen fills less than {LEAST_SEEN:.0%}, where waits are mostly habit"),
        (seen.seen > MOST_SEEN, "the work seen alone explains any wait"),
        (
            np.count_nonzero(counted & seen.free) < LEAST_FREE,
            "too few requests came while people were free to tell habit from load",
        ),
    )
    return next((why for hinders, why in hindrances if hinders), "")


def _copies(seen: Watched, most: float) -> int:
    rows = len(seen.at) + float(seen.capacity.sum()) * most / PIECES[0]
    return int(np.clip(MOST_WORK / rows, COPIES / 6, COPIES))


def _kernel(mean: float, replayed: Floats) -> Floats:
    """How well each copy's mean wait fits the one seen; 1 is exactly."""
    return np.asarray(np.exp(-(((np.log(np.maximum(replayed, 1e-9)) - math.log(mean)) / OFF) ** 2) / 2))


def _by_week(seen: Watched, wait: Floats) -> Floats:
    """Mean waits of the counted jobs, (counted, copies), by week, (weeks, copies)."""
    week = seen.week[seen.counted]
    return np.array([wait[week == row].mean(axis=0) for row in np.unique(week)])


def _but_the_longest(weekly: Floats) -> Floats:
    """Mean over the weeks without the one that waited longest: a single bad week must not speak, (copies,)."""
    return np.asarray(np.sort(weekly, axis=0)[:-1].mean(axis=0))


def _replayed(seen: Watched, share: Floats, rng: np.random.Generator) -> Floats:
    """Mean waits by week in a copy for each share of other work, habit included, (weeks, copies)."""
    parts = [share[i : i + AT_ONCE] for i in range(0, len(share), AT_ONCE)]
    return np.concatenate([_by_week(seen, _noticed(seen, part, rng)) for part in parts], axis=1)


def _noticed(seen: Watched, share: Floats, rng: np.random.Generator) -> Floats:
    """Replayed waits of the counted jobs with habit, (counted, copies)."""
    copies = len(share)
    found = np.maximum(replay(seen, share, rng)[seen.counted], 0.0)
    habit = np.broadcast_to(_habit(seen, copies, rng), found.shape)
    # whoever finishes takes the next at once, or looks for it as late as anybody: both are found
    later = rng.random(copies) < 0.5
    ratio = np.divide(found, habit, out=np.zeros_like(found), where=habit > 0)
    return found + habit * np.where(later, 1.0, np.exp(-ratio))  # the longer of both, if habit is exponential


def _habit(seen: Watched, copies: int, rng: np.random.Generator) -> Floats:
    """Mean wait with people free, as far as it is known from so many requests, (copies,)."""
    idle = seen.wait[seen.counted & seen.free]
    error = float(idle.std()) / math.sqrt(len(idle))
    return np.maximum(rng.normal(float(idle.mean()), error, copies), 0.0)


def replay(seen: Watched, share: Floats, rng: np.random.Generator) -> Floats:
    """Waits of all jobs with these shares of capacity given to other work, hours, (jobs, copies).

    A piece of other work comes like a request and takes whoever is free first.

    Args:
        seen: The weeks.
        share: Other work in each copy, 0 or more, (copies,).
        rng: Draws.
    """
    copies, hours = len(share), float(seen.capacity.sum())
    there = seen.length > 0
    people = max(1, math.ceil(float((seen.capacity[there] / seen.length[there]).max(initial=0.0)) - 1e-6))
    begins, away, _ = absences(seen.length, seen.capacity, people)
    piece = np.exp(rng.uniform(math.log(PIECES[0]), math.log(PIECES[1]), copies))
    number = share * hours / piece
    slots = math.ceil(float(number.max(initial=0.0)))
    edges = np.concatenate(([0.0], np.cumsum(seen.capacity)))
    opening = np.concatenate(([0.0], np.cumsum(seen.length)))
    comes = np.interp(np.sort(rng.random(slots)) * hours, edges, opening)
    # a slot that a copy leaves empty is a piece of no length, which changes nothing
    taken = rng.random((slots, copies)) < number / max(slots, 1)
    takes = np.where(taken, lognormal(1.0, 1.0, (slots, copies), rng) * piece, 0.0)
    work = lognormal(seen.service, seen.service_scv, (len(seen.at), copies), rng)
    # the hours worked are known: copies differ in whose they were, and by what was not seen of them
    work *= seen.service * len(seen.at) / work.sum(axis=0) * np.exp(rng.normal(0.0, seen.service_error, copies))
    at = np.concatenate((begins, comes, seen.at))
    order = np.argsort(at, kind="stable")
    rows = np.vstack((np.repeat(away[:, None], copies, axis=1), takes, work))
    begun = waits(at[order], rows[order], people)
    found = np.empty_like(begun)
    found[order] = begun
    return np.asarray(found[len(begins) + slots :])
