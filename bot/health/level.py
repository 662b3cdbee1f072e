"""The level, from the weekly history alone: two weeks to enter, two to leave, and what stands in between stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.health.results import Level

LIKELY, SURE, DOUBTFUL = 0.8, 0.99, 0.5
"""`watch` by a week's height alone needs to be sure, for the estimate may be off by .1; drift speaks earlier."""
NEAR, LEAVE_DANGER, LEAVE_WATCH = 0.1, 0.05, 0.15
"""Distances below the danger line: of the watch line, and of the lines at which danger and watch are left."""


@dataclass(frozen=True, slots=True)
class Odds:
    """One week's probabilities that utilization is above a line.

    Attributes:
        over: The danger line ρ*.
        near: ρ* − 0.1.
        leave_danger: ρ* − 0.05.
        leave_watch: ρ* − 0.15.
        lasting: ρ*, with the busiest of the weeks judged left out, so that one week of surge is no danger by itself.
        lasting_near: ρ* − 0.1, likewise.
    """

    over: float
    near: float
    leave_danger: float
    leave_watch: float
    lasting: float = 1.0
    lasting_near: float = 1.0


def levels(weeks: Sequence[Odds | None]) -> list[Level]:
    """The level at the end of each week, oldest first; None is a week of which nothing is known.

    In this order: `danger` after two weeks running with P(ρ > ρ*) ≥ .8, and > .5 in the latest without its busiest
    week; `watch` after two with P(ρ > ρ* − .1) ≥ .99, also without their busiest weeks; `healthy` with
    P(ρ > ρ* − .1) ≤ .5 in the latest; else the level before stands. Danger and watch, once entered,
    stand until two weeks running P(ρ > ρ* − .05), or for watch P(ρ > ρ* − .15), is ≤ .5. Estimates that hover at a
    line therefore change nothing. A week of which nothing is known is `unknown`; the last known level stands behind
    it and speaks again afterwards.
    """
    found: list[Level] = []
    standing, before = Level.UNKNOWN, None
    for now in weeks:
        if now is None:
            found.append(Level.UNKNOWN)
        else:
            standing = _next(standing, before, now)
            found.append(standing)
        before = now
    return found


def _next(standing: Level, before: Odds | None, now: Odds) -> Level:
    """The level after a week, given the one that stood and the week before it (None: not known)."""
    if before is not None and min(before.over, now.over) >= LIKELY and now.lasting > DOUBTFUL:
        return Level.DANGER
    watch = before is not None and min(before.near, now.near, before.lasting_near, now.lasting_near) >= SURE
    if standing is Level.DANGER:
        if before is None or max(before.leave_danger, now.leave_danger) > DOUBTFUL:
            return Level.DANGER
        return Level.HEALTHY if now.near <= DOUBTFUL and not watch else Level.WATCH
    if watch:
        return Level.WATCH
    if standing is Level.WATCH:
        left = before is not None and max(before.leave_watch, now.leave_watch) <= DOUBTFUL
        return Level.HEALTHY if left else Level.WATCH
    return Level.HEALTHY if now.near <= DOUBTFUL else standing
