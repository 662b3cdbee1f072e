"""How well a known peak is foreseen, on simulated desks.

usage: python -m benchmarks.planned [DESKS]

Desks of dice live eight to fourteen ordinary weeks and then a peak: requests by chance, some of them at night, weeks
that differ more than by chance alone, lognormal work, first come first served by whoever is free. The peak is planned
as it comes, so that what is measured is the foresight and not the plan. Groups of desks are told apart: five people at
62% with +40% for two weeks, as `bot.health.ahead.OFF_BY` was chosen on with other dice; and teams of three to twelve
at 45–80% with +15% to +100% for one to three weeks, by how full the peak makes them.

Printed for each group: how often the mean wait during the peak, and the hours short of each week, lie in the 80% range
that was told before (`bot.health.ahead.foresee`). Then, for the forecast (`bot.health.forecast`) of each week of the
peak, of the one before and the one after it, from its Monday: the share of weeks in the 80% range, below it and above
it, and the mean and root mean square error of the logarithm; beside it the same for a forecast that knows of no plan.
"""

import heapq
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np

from bot.health.ahead import foresee
from bot.health.facts import Facts
from bot.health.forecast import SHORTEST, forecast, weekly
from bot.health.peaks import Peak
from bot.health.picture import look
from bot.health.results import Estimate
from bot.health.seen.worktime import work_clock
from bot.signal import Kind, Signal
from bot.team import Person, Team

FIRST = date(2024, 1, 1)
START = datetime(2024, 1, 1, tzinfo=UTC).timestamp()
WEEK = 7 * 86400.0
HOURS, OPEN, IN_A_WEEK = "Mon-Fri 09:00-17:00", 8.0, 40.0
"""Opening hours, and how many of them a day and a week have."""

SEED, DESKS = 20_260_101, 100
NIGHT = 0.1
"""Share of requests that come while the desk is closed."""

UNLIKE = 0.08
"""Standard deviation of what weeks differ by beyond chance (logarithm)."""

Range = tuple[float, float]


@dataclass(frozen=True)
class Group:
    """Desks of a kind: each figure is drawn evenly between two ends.

    Attributes:
        name: In the table.
        people: Answering.
        load: Utilization in ordinary weeks.
        demand: Share that comes on top in the peak.
        weeks: Of the peak.
        work: Mean hours of a request.
    """

    name: str
    people: Range
    load: Range
    demand: Range
    weeks: Range
    work: Range = (0.5, 2.0)


GROUPS = (
    Group("five at 62%, +40%, two weeks", (5, 5), (0.62, 0.62), (0.4, 0.4), (2, 2), (1, 1)),
    Group("three to twelve at 45–80%, +15–100%", (3, 12), (0.45, 0.8), (0.15, 1.0), (1, 3)),
)


@dataclass(frozen=True)
class Desk:
    """What was simulated.

    Attributes:
        facts: Of all weeks.
        team: On the roster from the beginning.
        peak: As planned, and as it came.
        before: Weeks before it.
        load: Utilization that the peak was to have.
        work: Hours of work that came in each week.
        wait: Mean working hours until work on what came in the whole peak began.
    """

    facts: Facts
    team: Team
    peak: Peak
    before: int
    load: float
    work: np.ndarray
    wait: float

    @property
    def weeks(self) -> int:
        """Of the peak."""
        return (self.peak.until - self.peak.since).days // 7 + 1


@dataclass(frozen=True)
class Told:
    """One range beside what came.

    Attributes:
        load: Utilization that the peak was to have.
        week: Of the peak, from 0; the one before it is −1.
        after: It is the one after.
        said: The range.
        came: The fact.
    """

    load: float
    week: int
    said: Estimate
    came: float
    after: bool = False


def main() -> None:
    """Print the tables."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else DESKS
    for group in GROUPS:
        rng = np.random.default_rng(SEED)
        desks = [simulate(group, rng) for _ in range(number)]
        waits, short = foreseen(desks)
        print(f"\n{group.name}: {len(desks)} desks")
        print(f"  told when planned                 {_head()}")
        for name, some in _by_load("wait in the peak", waits):
            _line(name, some)
        _line("hours short", short, logarithms=False)
        for title, known in (("week ahead, plan known", True), ("week ahead, no plan known", False)):
            told = [one for desk in desks for one in ahead(desk, known)]
            print(f"  {title:34s}{_head()}")
            for week in sorted({one.week for one in told if not one.after}):
                which = f"week {week + 1}" if week >= 0 else "the week before"
                for name, some in _by_load(which, [one for one in told if one.week == week and not one.after]):
                    _line(name, some)
            for name, some in _by_load("the week after", [one for one in told if one.after]):
                _line(name, some)


def foreseen(desks: list[Desk]) -> tuple[list[Told], list[Told]]:
    """The wait in each peak, and the hours short in each of its weeks, as told on the Monday before it begins."""
    waits, short = [], []
    for desk in desks:
        now = START + desk.before * WEEK
        known = look(desk.facts, desk.team, now, basis=None, held=None, history_weeks=26)
        found = foresee(known, desk.peak, np.random.default_rng(1))
        if found is None:
            continue
        waits.append(Told(desk.load, 0, found.wait, desk.wait))
        for i, week in enumerate(found.weeks):
            short.append(Told(desk.load, i, week.hours, float(desk.work[desk.before + i]) - week.there))
    return waits, short


def ahead(desk: Desk, known: bool) -> Iterator[Told]:
    """The forecast from each Monday of the peak, from the one before and the one after it, beside what came."""
    peaks = (desk.peak,) if known else ()
    last = desk.before + desk.weeks + 1
    hindsight = look(desk.facts, desk.team, START + last * WEEK, basis=None, held=None, history_weeks=26)
    came = weekly(hindsight).wait
    for i in range(-1, desk.weeks + 1):
        now = START + (desk.before + i) * WEEK
        seen = look(desk.facts, desk.team, now, basis=None, held=None, history_weeks=26, peaks=peaks)
        said = forecast(seen)
        if said:
            fact = float(came[i - desk.weeks - 1])
            yield Told(desk.load, i, said, fact, after=i == desk.weeks)


def _by_load(name: str, some: list[Told]) -> Iterator[tuple[str, list[Told]]]:
    for low, high, words in ((0, 0.85, "below 85%"), (0.85, 1, "85–100%"), (1, math.inf, "above 100%")):
        found = [one for one in some if low <= one.load < high]
        if found:
            yield f"{name}, {words}", found


def _head() -> str:
    return f"{'n':>6s}{'in 80%':>9s}{'below':>8s}{'above':>8s}{'off by':>8s}{'rms':>7s}"


def _line(name: str, some: list[Told], *, logarithms: bool = True) -> None:
    low, high = (np.array([getattr(one.said, end) for one in some]) for end in ("low", "high"))
    came = np.array([one.came for one in some])
    inside, below, above = (float(np.mean(x)) for x in ((low <= came) & (came <= high), came < low, came > high))
    off = ""
    if logarithms:
        said = np.array([one.said.value for one in some])
        error = np.log(np.maximum(came, SHORTEST)) - np.log(np.maximum(said, SHORTEST))
        off = f"{error.mean():+8.2f}{math.sqrt(float((error**2).mean())):7.2f}"
    print(f"    {name:32s}{len(some):>6d}{inside:9.1%}{below:8.1%}{above:8.1%}{off}")


def simulate(group: Group, rng: np.random.Generator) -> Desk:
    """A desk of the group, its ordinary weeks, its peak and two weeks more."""
    people, weeks = (int(rng.integers(int(low), int(high) + 1)) for low, high in (group.people, group.weeks))
    load, demand, work = (float(rng.uniform(*ends)) for ends in (group.load, group.demand, group.work))
    before = int(rng.integers(8, 15))
    total = before + weeks + 2
    usual = people * load * IN_A_WEEK / work
    times = np.ones(total)
    times[before : before + weeks] += demand
    count = rng.poisson(usual * times * rng.lognormal(-(UNLIKE**2) / 2, UNLIKE, total))
    week = np.repeat(np.arange(total), count)
    at = np.sort((week + rng.random(len(week))) * IN_A_WEEK)
    # who writes at night is there when the desk opens
    at = np.sort(np.where(rng.random(len(at)) < NIGHT, np.floor(at / OPEN) * OPEN + 1e-6, at))
    spread = math.log1p(float(rng.uniform(0.5, 2.0)))
    hours = work * rng.lognormal(-spread / 2, math.sqrt(spread), len(at))
    begun = _served(at, hours, people)
    since = FIRST + timedelta(weeks=before)
    peak = Peak(since, since + timedelta(days=7 * weeks - 1), demand)
    inside = (at >= before * IN_A_WEEK) & (at < (before + weeks) * IN_A_WEEK)
    return Desk(
        _facts(at, begun[0], hours, begun[1], total),
        Team("Desk", hours=HOURS, people=tuple(Person(f"u{i}", since=FIRST) for i in range(people))),
        peak,
        before,
        load * (1 + demand),
        np.bincount((at / IN_A_WEEK).astype(np.int64), hours, total),
        float((begun[0] - at)[inside].mean()),
    )


def _served(at: np.ndarray, hours: np.ndarray, people: int) -> tuple[np.ndarray, np.ndarray]:
    """When work on each begins, and by whom."""
    free = [(0.0, who) for who in range(people)]
    begun, by = np.empty(len(at)), np.empty(len(at), np.int64)
    for i, (came, takes) in enumerate(zip(at.tolist(), hours.tolist(), strict=True)):
        ready, who = heapq.heappop(free)
        begun[i], by[i] = max(ready, came), who
        heapq.heappush(free, (float(begun[i]) + takes, who))
    return begun, by


def _facts(at: np.ndarray, begun: np.ndarray, hours: np.ndarray, by: np.ndarray, weeks: int) -> Facts:
    """Arrival, claim with its reply, and done of each."""
    clock = work_clock(HOURS, "UTC", START, START + (2 * weeks + 4) * WEEK)
    signals = []
    for kind, when in ((Kind.ARRIVAL, at), (Kind.CLAIM, begun), (Kind.REPLY, begun), (Kind.DONE, begun + hours)):
        for i, moment in enumerate(clock.at(np.maximum(when, 1e-6)).tolist()):
            if not math.isnan(moment):
                actor = b"" if kind is Kind.ARRIVAL else int(by[i] + 1).to_bytes(8, "big")
                signals.append(Signal(1, i + 1, i + 1, kind, actor, round(moment * 1e6)))
    return Facts.of(signals)


if __name__ == "__main__":
    main()
