"""The weekly history: totals once, then four-week sums, and utilization against its line for each week."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

import numpy as np

from bot.health.danger import danger_line
from bot.health.facts import Floats
from bot.health.results import Level, Unknown, Week
from bot.health.seen.flow import Desk, count, with_mean_wait
from bot.health.seen.utilization import Belief, Load
from bot.health.seen.work import Work
from bot.health.seen.worktime import time_zone

ROLLING, LEAST = 4, 2
"""A week is judged on so many weeks ending with it, and on no fewer than `LEAST`."""

UNSEEN = Unknown("too little was seen in the weeks up to it")


@dataclass(frozen=True, slots=True)
class Lines:
    """What decides how much utilization a team bears.

    Attributes:
        variability: (ca² + cs²)/2.
        target: Wait the team wants to keep, hours; None: one service time.
    """

    variability: float
    target: float | None

    def danger(self, people: float, service: float) -> float:
        """ρ*: where the mean wait is one service time, or the team's target where that is less."""
        k = 1.0 if self.target is None else min(1.0, self.target / service)
        # it hardly moves within a tenth of a person, and history asks for it week after week
        return _line(max(round(people, 1), 0.1), round(self.variability, 2), round(k, 2))


@lru_cache(maxsize=4096)
def _line(people: float, variability: float, k: float) -> float:
    return danger_line(people, variability, k)


def history(
    desk: Desk,
    mondays: Floats,
    tz: str,
    work: Work | None,
    believe: Callable[[Load], Belief | None],
    lines: Lines,
    hidden: Sequence[bool] = (),
    planned: Sequence[bool] = (),
) -> tuple[Week, ...]:
    """The complete weeks between the given Mondays (Unix seconds) with their utilization, without levels.

    Args:
        desk: The requests.
        mondays: Edges of the weeks.
        tz: IANA time zone of the team.
        work: The hours seen, None on basis `stated`.
        believe: Utilization of a load, None where too little was seen.
        lines: What decides the danger line.
        hidden: For each week whether nothing may be said of its utilization, as it was that of one or two people.
        planned: For each week whether it lies in a known peak: later ones are judged without it.
    """
    sums = desk.sums(mondays, work)
    judged_on = windows(len(sums), planned)
    weeks: list[Week] = []
    for week, load, past in zip(_plain(desk, mondays, tz, sums), rolling(sums, judged_on), judged_on, strict=True):
        belief = believe(load) if load is not None and not any(hidden[at] for at in past if hidden) else None
        if load is None or belief is None:
            weeks.append(week)
            continue
        line = lines.danger(load.people, belief.service)
        weeks.append(replace(week, utilization=belief.told(), danger_line=line, p_over=belief.above(line)))
    return tuple(weeks)


def history_of_requests(desk: Desk, mondays: Floats, tz: str) -> tuple[Week, ...]:
    """The same for a team of one or two, whose utilization would be a person's: only what came and how it waited."""
    return tuple(_plain(desk, mondays, tz, desk.sums(mondays, None)))


def windows(weeks: int, planned: Sequence[bool] = ()) -> list[list[int]]:
    """The weeks on which each week is judged: the last four ending with it, those of known peaks left out.

    A week of a peak itself is shown as it was, among the weeks before it.
    """
    found = []
    for i in range(weeks):
        if not planned or planned[i]:
            found.append(list(range(max(0, i - ROLLING + 1), i + 1)))
        else:
            found.append([at for at in range(i + 1) if not planned[at]][-ROLLING:])
    return found


def rolling(sums: Floats, judged_on: Sequence[Sequence[int]] | None = None) -> list[Load | None]:
    """The load of the weeks on which each week is judged (the last four); None where they are not two."""
    loads: list[Load | None] = []
    for past in windows(len(sums)) if judged_on is None else judged_on:
        if len(past) < LEAST:
            loads.append(None)
            continue
        total = sums[list(past)].sum(axis=0, keepdims=True)
        loads.append(Load(*map(float, with_mean_wait(total)[0])))
    return loads


def _plain(desk: Desk, mondays: Floats, tz: str, sums: Floats) -> Iterable[Week]:
    """Weeks with their counts only."""
    zone = time_zone(tz)
    arrivals = count(desk.requests.arrived, mondays)
    done = count(desk.requests.first_done, mondays)
    waits = with_mean_wait(sums)[:, 5]
    for i, monday in enumerate(mondays[:-1]):
        yield Week(
            start=datetime.fromtimestamp(monday, zone).date(),
            arrivals=int(arrivals[i]),
            done=int(done[i]),
            capacity_hours=float(sums[i, 3]),
            mean_wait=UNSEEN if np.isnan(waits[i]) else float(waits[i]),
            utilization=UNSEEN,
            danger_line=UNSEEN,
            p_over=UNSEEN,
            level=Level.UNKNOWN,
        )
