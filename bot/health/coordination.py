"""Coordination: messages that organise work instead of doing it, and whether they grow faster than the work.

Counted are status questions (chases), hand-offs, among them those back to a desk that had it, and clarification rounds:
what an asker has to add in the thread before work is taken. Whether they grow faster than the volume is the slope of
log(coordination) on log(requests) by the week: least squares with its 95% interval, Theil & Sen beside it (Sen 1968,
JASA 63). It is told only of eight weeks or more whose sizes span a factor of two.
"""

import numpy as np
from scipy.special import stdtrit

from bot.health.facts import Facts, Floats
from bot.health.posterior import wilson
from bot.health.results import Growth, Rate
from bot.signal import Kind

FEWEST_MESSAGES = 20
"""Messages below which no share is told."""

FEWEST_WEEKS, SPAN = 8, 2.0

_MESSAGES = [int(kind) for kind in (Kind.ARRIVAL, Kind.REPLY, Kind.CHASE, Kind.FOLLOWUP, Kind.THANKS, Kind.HANDOFF)]
_COORDINATION = [int(Kind.CHASE), int(Kind.HANDOFF)]


def loglog(x: Floats, y: Floats) -> Growth:
    """The slope of log y on log x.

    Args:
        x: Sizes, above 0, three at least and not all alike.
        y: As many counts, above 0.
    """
    u, v = np.log(x), np.log(y)
    n, spread = u.size, float(((u - u.mean()) ** 2).sum())
    slope = float(((u - u.mean()) * (v - v.mean())).sum()) / spread
    rest = v - v.mean() - slope * (u - u.mean())
    reach = float(stdtrit(n - 2, 0.975)) * float(np.sqrt((rest**2).sum() / (n - 2) / spread))
    i, j = np.triu_indices(n, 1)
    apart = u[i] != u[j]
    robust = float(np.median((v[j] - v[i])[apart] / (u[j] - u[i])[apart]))
    return Growth(slope, slope - reach, slope + reach, robust, n)


def growth(volume: Floats, coordination: Floats) -> Growth | str:
    """How coordination grows with the volume, or one clause saying why the weeks cannot tell.

    Args:
        volume: Requests of each week.
        coordination: Its messages that coordinate.
    """
    some = (volume > 0) & (coordination > 0)
    x, y = volume[some].astype(np.float64), coordination[some].astype(np.float64)
    if x.size < FEWEST_WEEKS:
        return f"fewer than {FEWEST_WEEKS} weeks have both requests and coordination"
    if x.max() < SPAN * x.min():
        return "the weeks are too alike in size to tell what grows with it"
    return loglog(x, y)


def share(facts: Facts, start: float, until: float) -> Rate | None:
    """Share of a window's messages that coordinate, with its Wilson interval; None of too few.

    Args:
        facts: Facts, also older ones.
        start: Unix second of the window's start.
        until: … and end.
    """
    within = (facts.at >= start) & (facts.at <= until)
    messages = int(np.count_nonzero(within & np.isin(facts.kind, _MESSAGES)))
    coordinating = int(np.count_nonzero(within & marked(facts)))
    return wilson(coordinating, messages) if messages >= FEWEST_MESSAGES else None


def weekly(facts: Facts, edges: Floats) -> tuple[Floats, Floats]:
    """Requests and coordinating messages between neighbouring edges (Unix seconds, ascending)."""
    arrivals = np.histogram(facts.at[facts.kind == int(Kind.ARRIVAL)], edges)[0]
    coordinating = np.histogram(facts.at[marked(facts)], edges)[0]
    return arrivals.astype(np.float64), coordinating.astype(np.float64)


def marked(facts: Facts) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which facts coordinate."""
    simple = np.isin(facts.kind, _COORDINATION)
    if not facts.at.size:
        return simple
    _, one = np.unique(np.column_stack([facts.queue, facts.request]), axis=0, return_inverse=True)
    one = one.ravel()
    taken = np.full(int(one.max()) + 1, -np.inf)
    claims = (facts.kind == int(Kind.CLAIM)) & facts.timed
    np.maximum.at(taken, one[claims], -facts.at[claims])  # the earliest, as its negative
    clarifies = (facts.kind == int(Kind.FOLLOWUP)) & np.isfinite(taken[one]) & (facts.at < -taken[one])
    return np.asarray(simple | clarifies)
