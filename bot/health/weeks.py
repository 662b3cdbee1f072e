"""The weekly history: totals once, then four-week sums, a probability for each week, and the levels they give."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

import numpy as np
from scipy.special import betainc, ndtr

from bot.health.danger import danger_line
from bot.health.facts import Floats
from bot.health.level import LEAVE_DANGER, LEAVE_WATCH, NEAR, Odds, levels
from bot.health.results import Level, Unknown, Week
from bot.health.seen.flow import Desk, count, with_mean_wait
from bot.health.seen.utilization import ENOUGH_JOBS, Belief, Load
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
    """The complete weeks between the given Mondays (Unix seconds), judged by utilization.

    Args:
        desk: The requests.
        mondays: Edges of the weeks.
        tz: IANA time zone of the team.
        work: The hours seen, None on basis `stated`.
        believe: Utilization of a load, None where too little was seen.
        lines: What decides the danger line.
        hidden: For each week whether nothing may be said of its utilization, as it was that of one or two people.
        planned: For each week whether it lies in a known peak: it moves no level, and later ones are judged without
            it.
    """
    sums = desk.sums(mondays, work)
    judged_on = windows(len(sums), planned)
    shown = [not any(hidden[at] for at in past if hidden) for past in judged_on]
    weeks: list[Week] = []
    odds: list[Odds | None] = []
    rests = [rest_without_busiest(sums[past]) for past in judged_on]
    loads = rolling(sums, judged_on)
    for week, load, may, rest in zip(_plain(desk, mondays, tz, sums), loads, shown, rests, strict=True):
        belief = believe(load) if load is not None and may else None
        if load is None or belief is None:
            weeks.append(week)
            odds.append(None)
            continue
        line = lines.danger(load.people, belief.service)
        odd = [belief.above(line - below) for below in (0.0, NEAR, LEAVE_DANGER, LEAVE_WATCH)]
        lasting = [belief.above((line - below - belief.unseen) / rest + belief.unseen) for below in (0.0, NEAR)]
        chance = Odds(*odd, *lasting)
        odds.append(chance)
        judged = replace(week, utilization=belief.told(), danger_line=line)
        weeks.append(replace(judged, p_over=chance.over, p_near=chance.near))
    return _levelled(weeks, odds, planned)


def history_of_requests(
    desk: Desk, mondays: Floats, tz: str, target: float | None, planned: Sequence[bool] = ()
) -> tuple[Week, ...]:
    """The same for a team of one or two, whose utilization would be a person's: judged by requests only.

    The two lines are waits: `watch` at the target, `danger` at twice it, left at three quarters of the target and
    at one and a half. Without a target it is one and a half times the mean wait of the first four weeks. A growing
    queue counts as well: P(more come than are closed) stands for `danger` once more than a week's arrivals are
    open, and for `watch` from half a week's.
    """
    sums = desk.sums(mondays, None)
    wait, waiting = desk.waits
    opened = desk.requests.jobs.opened
    known = ~np.isnan(wait) & ~(waiting & (wait > desk.longest))
    squares = count(opened[known], mondays, wait[known] ** 2)
    closed = count(desk.requests.jobs.done, mondays)
    backlog = desk.open_at(mondays[1:])
    if target is None and sums[:ROLLING, 6].sum() >= ENOUGH_JOBS:
        target = 1.5 * float(sums[:ROLLING, 5].sum() / sums[:ROLLING, 6].sum())
    weeks = list(_plain(desk, mondays, tz, sums))
    odds: list[Odds | None] = []
    for i, past in enumerate(windows(len(weeks), planned)):
        n = float(sums[past, 6].sum())
        jobs, length = float(sums[past, 0].sum()), len(past)
        if length < LEAST or jobs < ENOUGH_JOBS or n < ENOUGH_JOBS or not target:
            odds.append(None)
            continue
        mean = float(sums[past, 5].sum()) / n
        error = np.sqrt(max(float(squares[past].sum()) / n - mean**2, 1e-12) / n)
        # P(λ > μ) = P(Beta > ½) for λ ~ Gamma(n + ½), μ ~ Gamma(m + ½) over the same time
        growing = 1 - float(betainc(jobs + 0.5, float(closed[past].sum()) + 0.5, 0.5))
        piled = float(backlog[i]) / (jobs / length)
        chance = Odds(
            *(
                max(float(ndtr((mean - times * target) / error)), growing if piled > pile else 0.0)
                for times, pile in ((2.0, 1.0), (1.0, 0.5), (1.5, 0.75), (0.75, 0.25))
            )
        )
        odds.append(chance)
        weeks[i] = replace(weeks[i], p_over=chance.over, p_near=chance.near)
    return _levelled(weeks, odds, planned)


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


def rest_without_busiest(sums: Floats) -> float:
    """Jobs per hour on duty with the busiest week left out, as a share of those of all weeks; 1 below three weeks."""
    jobs, hours = sums[:, 0], sums[:, 3]
    others = hours.sum() - hours
    if len(sums) < 3 or jobs.sum() <= 0 or (others <= 0).any():
        return 1.0
    share = float(((jobs.sum() - jobs) / others).min() * hours.sum() / jobs.sum())
    return min(max(share, 0.01), 1.0)


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
            p_near=UNSEEN,
            level=Level.UNKNOWN,
        )


def _levelled(weeks: list[Week], odds: list[Odds | None], planned: Sequence[bool]) -> tuple[Week, ...]:
    """Weeks with their levels; in a known peak the level before it stands."""
    found = iter(levels([chance for i, chance in enumerate(odds) if not (planned and planned[i])]))
    standing = Level.UNKNOWN
    levelled = []
    for i, week in enumerate(weeks):
        standing = standing if planned and planned[i] else next(found)
        levelled.append(replace(week, level=standing))
    return tuple(levelled)
