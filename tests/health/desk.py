"""A help desk made of dice: first come first served, with a load that is known, told as facts."""

import heapq
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache

import numpy as np

from bot.health.facts import Facts
from bot.health.seen.worktime import WorkClock, work_clock
from bot.signal import Kind, Signal
from bot.team import Person, Team

START = datetime(2024, 1, 1, tzinfo=UTC).timestamp()
"""A Monday."""
DAY, WEEK = 86400.0, 7 * 86400.0
HOURS = "Mon-Fri 09:00-17:00"


@dataclass(frozen=True)
class Desk:
    """What was simulated, and the truth about it."""

    facts: Facts
    team: Team
    now: float
    utilization: float
    mean_wait: float


def team_of(people: int, **said: object) -> Team:
    """A team with ordinary hours in UTC, on the roster since the beginning."""
    roster = tuple(Person(f"u{i}", since=date(2024, 1, 1)) for i in range(people))
    return Team("Desk", hours=HOURS, people=roster, **said)  # type: ignore[arg-type]


def clock(weeks: int) -> WorkClock:
    """The working clock of such a team, from the first Monday on."""
    return work_clock(HOURS, "UTC", START, START + (weeks + 8) * WEEK)


def fact(request: int, kind: Kind, at: float, actor: int = 0) -> Signal:
    """One fact as an import gives it: the key is no time, the time is known to the microsecond."""
    return Signal(1, request, request, kind, actor.to_bytes(8, "big") if actor else b"", round(at * 1e6))


@lru_cache(maxsize=64)
def simulate(
    seed: int,
    *,
    people: int = 5,
    rho: float = 0.75,
    service: float = 1.0,
    weeks: int = 8,
    claims: bool = True,
    missed: float = 0.0,
    rate_growth: float = 0.0,
) -> Desk:
    """Poisson arrivals and exponential service in working time, `people` servers, first come first served.

    Args:
        seed: Of the dice.
        people: Servers, always there.
        rho: Offered load ÷ people at the beginning.
        service: Mean service time in hours.
        weeks: How long, of 40 working hours each.
        claims: Whether claims and ✅ are given; replies always are, at the start, middle and end of work.
        missed: Share of claims, and of ✅, that nobody gave.
        rate_growth: Relative growth of arrivals from beginning to end.
    """
    rng = np.random.default_rng(seed)
    total = 40.0 * weeks
    n = int(people * rho / service * total * (1 + rate_growth / 2))
    share = np.sort(rng.random(n))
    if rate_growth:  # arrival times of a rate that grows along a straight line
        g = rate_growth
        share = (np.sqrt(1 + share * g * (2 + g)) - 1) / g
    arrivals, work = share * total, rng.exponential(service, n)
    free = [(0.0, i + 1) for i in range(people)]
    told: list[tuple[int, Kind, float, int]] = []
    waits, busy = [], 0.0
    for i in range(n):
        ready, who = heapq.heappop(free)
        begin = max(ready, float(arrivals[i]))
        end = begin + float(work[i])
        heapq.heappush(free, (end, who))
        waits.append(begin - arrivals[i])
        busy += work[i]
        told.append((i + 1, Kind.ARRIVAL, float(arrivals[i]), 0))
        told += [(i + 1, Kind.REPLY, begin + part * float(work[i]), who) for part in (0.02, 0.5, 0.98)]
        if claims and rng.random() >= missed:
            told.append((i + 1, Kind.CLAIM, begin, who))
        if claims and rng.random() >= missed:
            told.append((i + 1, Kind.DONE, end, who))
    unix = clock(weeks).at(np.maximum([hours for _, _, hours, _ in told], 1e-6))
    signals = [fact(key, kind, at, who) for (key, kind, _, who), at in zip(told, unix.tolist(), strict=True)]
    return Desk(
        Facts.of(signals), team_of(people), START + weeks * WEEK, busy / (people * total), float(np.mean(waits))
    )
