"""What may have happened to a team: ramps, drawn and weighed by the weeks seen.

A change is a ramp: from some week on one factor of the load climbs, for up to a quarter, and stays. Thousands of ramps
are drawn from what is usual and each is weighed by how well it explains the weeks (importance sampling: Robert &
Casella 2004, Monte Carlo Statistical Methods, ch. 3): the factor that it is a ramp of must show it, the others not,
and the wait must have grown as the queue's formula (Whitt 1993) says of such a load. Out of the weights come which
factor it was, since when, how far the wait has grown and will grow.

Weeks lean on each other, as a queue is carried over and a busy spell is longer than a week. So they count as half as
many: what a correlation of a third between neighbours leaves of them, (1 − 1/3) ÷ (1 + 1/3); a likelihood raised to a
power below 1 stays a fair one when its model is too simple (Grünwald & van Ommen 2017, Bayesian Analysis 12).
"""

from dataclasses import dataclass

import numpy as np

from bot.health.factors import NAMES, Factors, Series
from bot.health.facts import Floats
from bot.health.theory.queueing import wait_ggc

DRAWS = 20_000

IN_VAIN = 0.25
"""P(nothing changed) when a team is warned, before the weeks are looked at: a warning is in vain about every second
year or less (docs/backtest.md), and three times in two years a load does change."""

USUAL_RISE = 0.3
"""Standard deviation of the log rise of a load: four in five stay below half as much again."""

LONGEST = 13.0
"""Weeks; a ramp is a step (somebody leaves) or lasts up to a quarter (a product finds its users)."""

SUDDEN = 0.25
"""Weeks; a step takes so long."""

COUNTS = 0.5
"""Of a week's log likelihood."""

USUAL_ERROR = 0.1
"""Standard deviation of the usual utilization's logarithm: what estimates of it were off by on simulated teams."""

LEAST_WEEKS = 6

_FULL, _GRID = 0.995, 400
"""The wait is looked up on so many steps to just below full utilization, above which there is no steady state."""

_LARGEST = 3.0
"""Log growth of the wait up to which weeks tell ramps apart: twenty times; a queue takes months to grow further."""


@dataclass(frozen=True, slots=True)
class Queue:
    """What the wait depends on besides the change of the load.

    Attributes:
        people: On duty, above 0.
        ca2: Squared coefficient of variation of arrivals.
        cs2: That of service times.
        usual: Utilization of the first weeks.
        service: Hours a request takes; 0 unknown.
        wait: Mean wait in the first weeks, hours; 0 unknown.
    """

    people: float
    ca2: float
    cs2: float
    usual: float
    service: float = 0.0
    wait: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Ramps:
    """Ramps with their weights; weeks are counted from now, below 0 in the past.

    Attributes:
        start: When the climb began, (draws,).
        length: Weeks it takes, (draws,).
        rise: Natural logarithm of the load's rise, (draws,).
        usual: Utilization before it, (draws,).
        weight: By factor and draw, (4, draws); with `none` they sum to 1.
        none: P(nothing changed).
        wait: Wait over a grid of utilizations, in service times, (2, grid).
        idle: What of the usual wait does not come from the load, in service times, (draws,).
    """

    start: Floats
    length: Floats
    rise: Floats
    usual: Floats
    weight: Floats
    none: float
    wait: Floats
    idle: Floats

    @property
    def chances(self) -> dict[str, float]:
        """P(it was this factor), by name."""
        return dict(zip(NAMES, self.weight.sum(axis=1).tolist(), strict=True))

    def starts(self, at: tuple[float, ...]) -> list[float]:
        """Quantiles of the weeks in which the climb began, given that there was one."""
        return quantiles(self.start, self.weight.sum(axis=0), at)

    @property
    def halfway(self) -> float:
        """The week by which half of what has been climbed so far was climbed, given that there was a climb; median."""
        half = (self.start + np.minimum(self.start + self.length, 0.0)) / 2
        return quantiles(half, self.weight.sum(axis=0), (0.5,))[0]

    def climbed(self, weeks: Floats) -> Floats:
        """Log rise of the load by each of these weeks, (draws, weeks)."""
        return _climbed(self.start, self.length, self.rise, weeks)

    def waits(self, weeks: Floats) -> Floats:
        """Log of the wait then ÷ the usual wait, (draws, weeks)."""
        return _waits(self.wait, self.usual, self.idle, self.climbed(weeks))


def ramps(seen: Factors, queue: Queue, rng: np.random.Generator) -> Ramps | None:
    """Draw and weigh; None below six weeks.

    Args:
        seen: The weeks.
        queue: What the wait depends on.
        rng: Draws.
    """
    if seen.weeks < LEAST_WEEKS or not queue.people > 0:
        return None
    middle: Floats = np.arange(seen.weeks, dtype=np.float64) - (seen.weeks - 0.5)
    usual = min(max(queue.usual, 0.3), 0.97) * np.exp(USUAL_ERROR * rng.standard_normal(DRAWS))
    usual = np.minimum(usual, 0.97)
    rise = np.abs(USUAL_RISE * rng.standard_normal(DRAWS))
    start = rng.uniform(-(seen.weeks - 1.0), 0.0, DRAWS)
    length = rng.uniform(0.0, LONGEST, DRAWS)
    wait = _grid(queue)
    idle = _idle(wait, usual, queue)
    climbed = _climbed(start, length, rise, middle)
    waited = _gain(seen.wait, np.minimum(_waits(wait, usual, idle, climbed), _LARGEST))
    log = COUNTS * (waited + np.array([_gain(series, climbed) for series in seen.of]))
    log += np.log((1 - IN_VAIN) / len(NAMES) / DRAWS)
    top = max(float(log.max()), np.log(IN_VAIN))
    weight, none = np.exp(log - top), float(np.exp(np.log(IN_VAIN) - top))
    total = float(weight.sum()) + none
    return Ramps(start, length, rise, usual, weight / total, none / total, wait, idle)


def quantiles(values: Floats, weight: Floats, at: tuple[float, ...]) -> list[float]:
    """Of weighted values; the weights, some of them above 0, need not sum to 1."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weight[order])
    rows = np.minimum(np.searchsorted(below, np.array(at) * below[-1]), len(values) - 1)
    return [float(values[order[row]]) for row in rows]


def _gain(series: Series, path: Floats) -> Floats:
    """Log likelihood of each path (draws, weeks) against no change at all; the usual level is free, and fitted."""
    known = series.known
    if np.count_nonzero(known) < LEAST_WEEKS - 1:
        return np.zeros(len(path))
    precision, value = 1 / series.variance[known], series.value[known]
    # squares about the weighted mean, for the weeks less the path and for the weeks alone
    moved = path[:, known]
    share = precision / precision.sum()
    centred = value - value @ share
    path_centred = moved - (moved @ share)[:, None]
    return np.asarray(path_centred @ (precision * centred) - 0.5 * (path_centred**2 @ precision))


def _climbed(start: Floats, length: Floats, rise: Floats, weeks: Floats) -> Floats:
    part = (weeks[None, :] - start[:, None]) / np.maximum(length, SUDDEN)[:, None]
    return np.asarray(rise[:, None] * np.clip(part, 0.0, 1.0))


def _grid(queue: Queue) -> Floats:
    """Utilization and its steady-state wait."""
    grid = np.linspace(0.0, _FULL, _GRID)
    return np.vstack((grid, np.maximum(wait_ggc(grid, queue.people, 1.0, queue.ca2, queue.cs2), 1e-9)))


def _idle(wait: Floats, usual: Floats, queue: Queue) -> Floats:
    """What is waited beyond the formula's wait: the pile of the night, a slow start. It does not grow with the load."""
    if not (queue.service > 0 and queue.wait > 0):
        return np.zeros(len(usual))
    return np.asarray(np.maximum(queue.wait / queue.service - np.interp(usual, wait[0], wait[1]), 0.0))


def _waits(wait: Floats, usual: Floats, idle: Floats, climbed: Floats) -> Floats:
    then = idle[:, None] + np.interp(usual[:, None] * np.exp(climbed), wait[0], wait[1])
    return np.asarray(np.log(then / (idle + np.interp(usual, wait[0], wait[1]))[:, None]))
