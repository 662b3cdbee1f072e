"""When the load of now began: Bayesian change points of weekly counts, with exposure.

Weeks are cut into segments; in each, counts are Poisson with a rate of its own, Gamma before it is seen. The forward
pass is the online one of Adams & MacKay (2007, arXiv:0710.3742). The backward pass (Fearnhead 2006, Statistics and
Computing 16) weighs all cuts exactly, without draws, so that the same weeks give the same date.

What people call the beginning is not the last cut, as a load that climbs is cut several times: it is the first week
of the climb, the cut behind which no segment of the run is lower than the one before it.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
from scipy.special import gammaln

from bot.health.facts import Floats
from bot.health.results import Began

HAZARD = 0.02
"""Chance that a week ends a segment: about one change a year."""

SHAPE = 2.0
"""Of the Gamma prior of a rate: 80% of it lies between a quarter and twice its mean."""

LEAST_WEEKS, LEAST_JOBS = 6, 40.0
"""Below either no beginning is dated."""

LIKELY = 0.5
"""A beginning is named where it is more likely than not that there is one within the weeks."""

RANGE = 0.8


def evidence(counts: Floats, exposure: Floats, shape: float, rate: float) -> Floats:
    """Log marginal likelihood of each segment [s, e) as one Poisson rate; −∞ where e ≤ s. One side more than weeks.

    Args:
        counts: Per week, 0 or more, not necessarily whole.
        exposure: What they are counts per, 0 or more; a week of 0 says nothing.
        shape: Of the Gamma prior.
        rate: Its rate, in exposure.
    """
    seen = exposure > 0
    y, t = np.where(seen, counts, 0.0), np.where(seen, exposure, 0.0)
    each = np.where(seen, y * np.log(np.where(seen, t, 1.0)) - gammaln(y + 1), 0.0)
    total, time, parts = (np.concatenate((np.zeros(1), np.cumsum(x))) for x in (y, t, each))
    a, b = shape + total[None, :] - total[:, None], rate + time[None, :] - time[:, None]
    ahead = np.triu(np.ones(a.shape, np.bool_), 1)
    a, b = np.where(ahead, a, shape), np.where(ahead, b, rate)
    found = gammaln(a) - gammaln(shape) + shape * np.log(rate) - a * np.log(b) + parts[None, :] - parts[:, None]
    return np.asarray(np.where(ahead, found, -np.inf))


def beginnings(counts: Floats, exposure: Floats, shape: float, rate: float, hazard: float = HAZARD) -> Floats:
    """P(the climb to the load of now began with week i). Entry 0: nothing in these weeks climbed to it.

    Arguments as in `evidence`; `hazard` is between 0 and 1.
    """
    n = len(counts)
    segment = evidence(counts, exposure, shape, rate)
    forward = _forward(segment, hazard)
    total, time = (np.concatenate((np.zeros(1), np.cumsum(x))) for x in (counts * (exposure > 0), exposure))
    mean = (shape + total[None, :] - total[:, None]) / np.maximum(rate + time[None, :] - time[:, None], 1e-300)
    climbing = np.zeros((n + 1, n + 1))  # P([s, e) is one of the segments of the last climb)
    climbing[:n, n] = _ending_at(segment, forward, hazard, n)
    lowest = np.zeros(n + 1)  # by the end of the segment that the climb began from
    for s in range(n - 1, 0, -1):
        before = _ending_at(segment, forward, hazard, s)
        lower = mean[:s, s][:, None] < mean[s, s + 1 :][None, :]
        moved = before[:, None] * climbing[s, s + 1 :][None, :]
        climbing[:s, s] += np.where(lower, moved, 0.0).sum(axis=1)
        lowest[s + 1 :] += np.where(lower, 0.0, moved).sum(axis=0)
    lowest += climbing[0]
    return np.append(lowest[n], lowest[1:n])


def began(counts: Floats, exposure: Floats, starts: Sequence[date], dispersion: float = 1.0) -> Began | None:
    """The week in which the load of now began, with its 80% range; None where too little tells, or nothing began.

    Args:
        counts: Jobs (or hours asked for ÷ hours a job takes) of each week, oldest first.
        exposure: Hours on duty (or open hours) of each week; a week of 0 says nothing.
        starts: The weeks' Mondays.
        dispersion: Variance ÷ mean of the counts. Above 1, counts and exposure are worth so many times less.
    """
    there = exposure > 0
    if np.count_nonzero(there) < LEAST_WEEKS or counts[there].sum() < LEAST_JOBS:
        return None
    y, t = counts / max(dispersion, 1.0), exposure / max(dispersion, 1.0)
    chance = beginnings(y, t, SHAPE, SHAPE * float(t[there].sum() / y[there].sum()))
    sure = float(1 - chance[0])
    if sure < LIKELY:
        return None
    chance[0] = 0.0
    below = np.cumsum(chance) / chance.sum()
    low, high = np.searchsorted(below, ((1 - RANGE) / 2 - 1e-12, (1 + RANGE) / 2 - 1e-12))
    first = int(np.argmax(chance))
    return Began(starts[first], starts[min(int(low), first)], starts[max(int(high), first)], sure)


def _forward(segment: Floats, hazard: float) -> Floats:
    """Log P(the weeks before t, and a segment begins at t), for every t."""
    n = len(segment) - 1
    found = np.zeros(n + 1)
    stay = np.log1p(-hazard)
    for t in range(1, n + 1):
        s = np.arange(t)
        found[t] = np.logaddexp.reduce(found[:t] + (t - s - 1) * stay + segment[:t, t]) + np.log(hazard)
    return found


def _ending_at(segment: Floats, forward: Floats, hazard: float, t: int) -> Floats:
    """P(the segment that ends at t begins at s), for every s before t."""
    s = np.arange(t)
    log = forward[:t] + (t - s - 1) * np.log1p(-hazard) + segment[:t, t]
    likely = np.exp(log - log.max(initial=-np.inf)) if t else log
    return np.asarray(likely / likely.sum()) if t else likely
