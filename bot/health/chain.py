"""A chain of desks: which stage holds it up, and whether that moved on or eased.

The bottleneck is the stage with the highest probability that its utilization, as a share of its own danger line, is the
largest. Each stage's posterior is taken as lognormal through its median and 80% interval, independent of the others'.
A week's figure rests on four weeks, so it is told only where the probability is .9 or more two weeks running.
What a stage passes on is as regular as its own load lets it be (Whitt 1983, The Queueing Network Analyzer, Bell System
Technical Journal 62): `cd² = 1 + (1−ρ²)(ca²−1) + ρ²(cs²−1)/√c`.
"""

import math
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from bot.health.results import Estimate, Unknown
from bot.health.results import Week as TeamWeek

SURE = 0.9
"""P(it is the bottleneck) from which a stage is named, two weeks running."""

_STEPS = 2001
_WIDTH = 2 * 1.2815515655446004  # standard deviations in an 80% interval
_LEAST = 1e-3  # spread of a logarithm, for intervals that are a point

Week = Mapping[int, tuple[Estimate, float]]
"""Stage → its utilization and danger line in one week."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The bottleneck is another stage than before.

    Attributes:
        before: The stage that was it.
        now: The stage that is.
        last: Monday of the week in which the former one was named last.
        since: Monday of the first of the two weeks running.
        rose: Its own load, as a share of its line, is surely (`SURE`) higher than it was then: the constraint moved.
            Otherwise the former one eased, and this is what is left.
    """

    before: int
    now: int
    last: date
    since: date
    rose: bool


def bottleneck(loads: Sequence[tuple[Estimate, float]]) -> NDArray[np.float64]:
    """P(its utilization ÷ danger line is the largest), for each stage; they sum to 1.

    Args:
        loads: Utilization and danger line of each stage, two stages at least make sense.
    """
    at = np.array([math.log(max(rho.value, 1e-9) / line) for rho, line in loads])
    spread = np.array([_spread(rho) for rho, _ in loads])
    steps = ndtri((np.arange(_STEPS) + 0.5) / _STEPS)
    found = np.empty(len(loads))
    for i in range(len(loads)):
        x = at[i] + spread[i] * steps
        below = ndtr((x[:, None] - np.delete(at, i)) / np.delete(spread, i))
        found[i] = below.prod(axis=1).mean()
    return np.asarray(found / found.sum())


def _spread(rho: Estimate) -> float:
    low, high = max(rho.low, 1e-9), max(rho.high, 1e-9)
    return max(math.log(high / low) / _WIDTH, _LEAST) if high > low else _LEAST


def departure_scv(arrival_scv: float, service_scv: float, rho: float, people: float) -> float:
    """Squared coefficient of variation of the gaps between departures.

    Args:
        arrival_scv: ca² of gaps between arrivals.
        service_scv: cs² of hands-on time.
        rho: Utilization; above 1 it counts as 1.
        people: People c on duty, above 0.
    """
    rho = min(max(rho, 0.0), 1.0)
    return 1 + (1 - rho**2) * (arrival_scv - 1) + rho**2 * (service_scv - 1) / math.sqrt(people)


def leads_to(links: Sequence[tuple[int, int]], start: int, goal: int) -> bool:
    """Whether work that enters at `start` may come to `goal` by these links: then one back would make a circle."""
    seen, look = set[int](), [start]
    while look:
        here = look.pop()
        if here == goal:
            return True
        if here not in seen:
            seen.add(here)
            look += [down for up, down in links if up == here]
    return False


def chains(links: Sequence[tuple[int, int]], own: Set[int]) -> Iterator[tuple[int, ...]]:
    """The ways through some stages, from one that nothing leads to, to one that leads nowhere; links hold no circle.

    Where a stage leads to several, or several lead to it, each way is a chain of its own. Ways that pass none of the
    stages are not looked at, and each is made when it is asked for: there may be many.
    """
    before: dict[int, list[int]] = {}
    after: dict[int, list[int]] = {}
    for up, down in links:
        after.setdefault(up, []).append(down)
        before.setdefault(down, []).append(up)
    told: set[int] = set()
    for stage in sorted(own & (before.keys() | after.keys())):
        for start in _ways(stage, before):
            for end in _ways(stage, after):
                path = (*start[:0:-1], *end)
                if not told & set(path):  # else an earlier one of the stages had it
                    yield path
        told.add(stage)


def _ways(stage: int, further: Mapping[int, Sequence[int]]) -> Iterator[tuple[int, ...]]:
    """All ways from a stage as far as they go."""
    if stage not in further:
        yield (stage,)
    for there in further.get(stage, ()):
        for way in _ways(there, further):
            yield (stage, *way)


def typical_wait(weeks: Sequence[TeamWeek], last: date) -> float | None:
    """Mean wait over the four weeks that end with the one of that Monday, in working hours; None where not known."""
    some = [
        (week.mean_wait, week.arrivals)
        for week in weeks
        if 0 <= (last - week.start).days < 28 and not isinstance(week.mean_wait, Unknown) and week.arrivals
    ]
    jobs = sum(arrivals for _, arrivals in some)
    return sum(wait * arrivals for wait, arrivals in some) / jobs if jobs else None


def named(weeks: Sequence[tuple[date, Week]]) -> list[tuple[date, int | None]]:
    """For each week the stage that is surely the bottleneck in it and in the one before, else None.

    Args:
        weeks: Mondays, ascending, with all stages known in each; a week that is left out breaks the run.
    """
    sure = [(monday, _surest(week)) for monday, week in weeks]
    told: list[tuple[date, int | None]] = []
    for (before, was), (monday, now) in pairwise(sure):
        told.append((monday, now if was == now and (monday - before).days == 7 else None))
    return told


def moved(weeks: Sequence[tuple[date, Week]]) -> Moved | None:
    """Whether the bottleneck of the latest week is another than the one named last before; None where it is not.

    Args:
        weeks: As in `named`.
    """
    told = named(weeks)
    if not told or told[-1][1] is None:
        return None
    now = told[-1][1]
    first = len(told) - 1
    while first > 0 and told[first - 1][1] == now:
        first -= 1
    earlier = [(i, stage) for i, (_, stage) in enumerate(told[:first]) if stage is not None and stage != now]
    if not earlier:
        return None
    i, before = earlier[-1]
    then, latest = weeks[i + 1][1], weeks[-1][1]
    since = weeks[first][0]
    return Moved(before, now, weeks[i + 1][0], since, rose=bool(bottleneck([latest[now], then[now]])[0] >= SURE))


def _surest(week: Week) -> int | None:
    if len(week) < 2:
        return None
    stages = list(week)
    odds = bottleneck([week[stage] for stage in stages])
    best = int(np.argmax(odds))
    return stages[best] if odds[best] >= SURE else None
