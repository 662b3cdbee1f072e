"""A pile: so much work waits to be begun that everybody on duty needs a working week for it, far more than usual.

Weekly levels ask for two weeks running, so that chance says nothing. A flood needs no second week: what lies there is
counted, not estimated, and whoever asks now waits behind it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.health.facts import Bools, Floats
from bot.health.forecast import queued
from bot.health.picture import Picture
from bot.health.results import Level, Reason

TIMES = 3.0
"""The usual pile, that at the ends of the first weeks' days, must be exceeded so many times: some desks always have
one."""

USUAL_DAYS = 42

LEFT = 0.5
"""It stands until only so much of the pile that makes one is left, so that a level does not flicker."""


@dataclass(frozen=True, slots=True, eq=False)
class Piles:
    """Where one stood.

    Attributes:
        ends: Whether at the end of each complete week, (weeks,).
        now: Whether one stands now.
        hours: Of everybody on duty that what waits now takes.
        line: From which it is one.
    """

    ends: Bools
    now: bool
    hours: float
    line: float

    @property
    def reason(self) -> tuple[Reason, ...]:
        """The number behind the level where one stands now."""
        return (Reason("pile", self.hours, self.line, "hours", Level.DANGER),) if self.now else ()


def piles(picture: Picture) -> Piles:
    """Where a pile stood and stands; never where the work is unknown, or no week is complete."""
    if not len(picture.mondays):
        return Piles(np.zeros(0, np.bool_), False, 0.0, 0.0)
    ends = picture.drift.edges[1:]
    hours = queued(picture, ends)
    week = float(np.diff(picture.desk.clock.elapsed(picture.mondays)).mean())
    found = standing(hours, week)
    weeks = found[np.searchsorted(ends, picture.mondays[1:], "right") - 1]
    return Piles(weeks, bool(found[-1]), float(hours[-1]), line_of(hours, week))


def buried(level: Level, piled: bool) -> Level:
    """`danger` under a pile, where a level is known."""
    return Level.DANGER if piled and level is not Level.UNKNOWN else level


def standing(hours: Floats | Sequence[float], week: float) -> Bools:
    """Whether a pile stands at each time.

    Args:
        hours: Of everybody on duty that what waits takes, oldest first; the last is now.
        week: Open hours of a week; without any there is no pile.
    """
    line = line_of(hours, week)
    found, on = np.zeros(len(hours), np.bool_), False
    for i, value in enumerate(hours):
        on = value >= LEFT * line if on else value >= line > 0
        found[i] = on
    return found


def line_of(hours: Floats | Sequence[float], week: float) -> float:
    """From how many hours on it is a pile: a week's, or more where a desk always has one; arguments as above."""
    first = list(hours)[: min(USUAL_DAYS, max(len(hours) - 1, 0))]
    return max(week, TIMES * float(np.median(first))) if first else week
