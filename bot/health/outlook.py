"""What happens to the wait if the load goes on as it does: by which day it doubles, and how surely.

Utilization of the weeks since the change is continued along a straight line (weighted least squares, weeks with fewer
jobs count less); of the steady states on its way the wait follows by Whitt's formula (`bot.health.queueing`). Where
there is none any more, above full utilization, the queue grows by what comes in beyond the hours there are. Level and
slope are drawn together from their posterior, and the slope has a prior around 0, since those who look because of an
alarm look when chance has made the slope steep (regression to the mean).
"""

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from bot.health.facts import Floats
from bot.health.queueing import wait_ggc
from bot.health.results import Estimate, Outlook

AHEAD = 8
"""Weeks looked ahead."""

LEAST_WEEKS = 4
"""Weeks since the change; fewer show no pace."""

USUAL_SLOPE = 0.03
"""Standard deviation of the slope's prior: faster than three points a week, a load climbs for no more than weeks."""

DRIFTS = 0.8
"""P(the slope is above 0) from which anything is said."""

FULL = 0.97
"""From here on a steady state, if there is one, is months away: the queue grows week by week."""

DRAWS, GRID = 2_000, 400


@dataclass(frozen=True, slots=True)
class Queue:
    """What the wait depends on besides utilization.

    Attributes:
        people: On duty, above 0.
        service: Hours a request takes, above 0.
        ca2: Squared coefficient of variation of arrivals.
        cs2: That of service times.
        open_hours: Of the desk a week.
        wait: Mean wait now, hours.
    """

    people: float
    service: float
    ca2: float
    cs2: float
    open_hours: float
    wait: float


def outlook(
    rho: Floats, jobs: Floats, queue: Queue, last: date, rng: np.random.Generator, *, variance: float = 1.0
) -> Outlook | None:
    """Continue the weeks; None where they are too few, or show no drift upwards.

    Args:
        rho: Utilization of each week since the change, oldest first; NaN where it is not known.
        jobs: Jobs of each of them.
        queue: What the wait depends on.
        last: Day on which the last of the weeks ended.
        rng: Draws.
        variance: Of one week's utilization ÷ its square × its jobs: dispersion of counts plus cs² of service times.
    """
    known = np.isfinite(rho) & (jobs > 0)
    if np.count_nonzero(known) < LEAST_WEEKS or not queue.people > 0 or not queue.service > 0:
        return None
    at: Floats = np.arange(len(rho), dtype=np.float64) - (len(rho) - 1.0)
    mean, cover = fit(at[known], rho[known], jobs[known], variance)
    slope, error = float(mean[1]), math.sqrt(float(cover[1, 1]))
    if not slope > 0 or 0.5 * math.erfc(-slope / error / math.sqrt(2)) < DRIFTS:
        return None
    drawn = rng.multivariate_normal(mean, cover, DRAWS, method="cholesky")
    path = np.maximum(drawn[:, :1] + drawn[:, 1:] * np.arange(AHEAD + 1), 0.0)
    doubled = _doubled(path, queue).mean(axis=0)
    until = last + timedelta(weeks=AHEAD)
    half = 1.2816 * error
    return Outlook(_halfway(doubled, last), float(doubled[-1]), until, Estimate(slope, slope - half, slope + half))


def fit(at: Floats, rho: Floats, jobs: Floats, variance: float = 1.0) -> tuple[Floats, Floats]:
    """Mean and covariance of (level at 0, slope a week): weighted least squares with the slope's prior.

    The weeks' own scatter about the line counts where it is larger than that of their numbers.
    """
    typical = max(float((rho * jobs).sum() / jobs.sum()), 1e-6)
    precision = jobs / (variance * typical**2)
    x = np.column_stack((np.ones(len(at)), at))

    def solved(scale: float) -> tuple[Floats, Floats]:
        cover = np.linalg.inv(x.T @ (x * precision[:, None]) / scale + np.diag([1e-9, 1 / USUAL_SLOPE**2]))
        return np.asarray(cover @ (x.T @ (precision * rho)) / scale), np.asarray(cover)

    first, _ = solved(1.0)
    excess = float((precision * (rho - x @ first) ** 2).sum()) / max(len(at) - 2, 1)
    return solved(max(excess, 1.0))


def _doubled(path: Floats, queue: Queue) -> Floats:
    """For each draw and week ahead (column 0 is now), 1 where the wait has doubled by then."""
    grid = np.linspace(0, 0.999, GRID)
    steady = wait_ggc(grid, queue.people, queue.service, queue.ca2, queue.cs2)
    wait = np.interp(path, grid, steady)
    ratio = (wait >= 2 * wait[:, :1]) & (path[:, :1] < FULL)
    grown = np.cumsum(np.maximum(path[:, 1:] - 1, 0.0) * queue.open_hours, axis=1)
    grown = np.column_stack((np.zeros(len(path)), grown))
    piled = (grown >= max(queue.wait, queue.service)) & (grown > 0)
    found = ratio | piled
    found[:, 0] = False
    return np.maximum.accumulate(found, axis=1).astype(np.float64)


def _halfway(doubled: Floats, last: date) -> date | None:
    """The day by which half of the draws have doubled."""
    if doubled[-1] < 0.5:
        return None
    week = int(np.argmax(doubled >= 0.5))
    below, above = float(doubled[week - 1]), float(doubled[week])
    return last + timedelta(days=round(7 * (week - 1 + (0.5 - below) / (above - below))))
